"""Receipts and yearly statements on the staff pages, and a whole year's made by a worker."""

from __future__ import annotations

import pytest
from django.test import Client

from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.providers.models import Account
from fundraise.reporting import receipts
from fundraise.reporting.models import Receipt, YearStatement
from tests.console.conftest import PERSONAL, LogIn, cash_gift
from tests.console.house import House, furnish

YEARLY = "/staff/yearly/"


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


def test_a_cash_gift_has_a_receipt_to_print_and_the_look_is_written_down(
    campaign: Campaign, david: Client
) -> None:
    gift = cash_gift(campaign, 400_00, "slip 9")
    receipts.request_receipt(gift.pk)
    page = david.get(f"/staff/gifts/{gift.ref}/").content.decode()
    assert f"Nummer {Receipt.objects.get()}" in page
    swedish = david.post(f"/staff/gifts/{gift.ref}/receipt.pdf", {"language": "sv"})
    english = david.post(f"/staff/gifts/{gift.ref}/receipt.pdf", {"language": "en"})
    assert [answer.content[:5] for answer in (swedish, english)] == [b"%PDF-", b"%PDF-"]
    assert "receipt-" in english["Content-Disposition"]
    looks = ReadLine.objects.filter(purpose="staff.receipt", subject_ref=str(gift.ref))
    assert looks.count() == 2
    assert david.get(f"/staff/gifts/{gift.ref}/receipt.pdf").status_code == 302


def test_a_drawn_gift_gets_a_receipt_when_somebody_asks(
    house: House, david: Client, log_in: LogIn
) -> None:
    Receipt.objects.filter(gift=house.card).delete()
    Gift.objects.filter(pk=house.card.pk).update(origin="pledge")
    path = f"/staff/gifts/{house.card.ref}/"
    assert "Utfärda ett kvitto" in david.get(path).content.decode()
    cecilia = log_in("cecilia", "comms")
    assert cecilia.post(f"{path}receipt/").status_code == 403
    assert not Receipt.objects.filter(gift=house.card).exists()
    for _ in range(2):
        assert david.post(f"{path}receipt/").status_code == 302
    made = Receipt.objects.get(gift=house.card)
    assert ChangeLine.objects.get(action="receipt.issued").after == {"receipt": str(made)}


def test_a_whole_year_is_made_by_a_worker_and_the_list_adds_up(house: House, david: Client) -> None:
    form = {"entity": house.campaign.entity_id, "year": clock.today().year}
    for _ in range(2):
        assert david.post(YEARLY, form).status_code == 302
    begun = Work.objects.get(kind="year_statements")
    work.run(begun.pk)
    begun.refresh_from_db()
    assert (begun.state, begun.done) == ("done", begun.total)
    row = YearStatement.objects.get(giver_key__isnull=False, donor=None)
    page = david.get(YEARLY).content.decode()
    assert str(row) in page
    assert "1 årsbesked" in page
    assert [word for word in PERSONAL if word in page] == []
    answer = david.post(f"{YEARLY}{row.ref}/statement.pdf", {"language": "sv"})
    assert answer["Content-Disposition"].endswith(f'arsbesked-{row}.pdf"')
    assert ReadLine.objects.filter(purpose="staff.statement").count() == 1


def test_a_year_that_has_not_begun_is_refused(house: House, david: Client) -> None:
    form = {"entity": house.campaign.entity_id, "year": clock.today().year + 1}
    page = david.post(YEARLY, form)
    assert page.status_code == 422
    assert "Det året har inte börjat." in page.content.decode()
    assert Work.objects.count() == 0


def test_a_donors_statement_stands_on_the_donors_page(house: House, log_in: LogIn) -> None:
    care = log_in("disa", "donor_care")
    path = f"/staff/donors/{house.donor.ref}/"
    form = {"entity": house.campaign.entity_id, "year": clock.today().year}
    assert "Ingen gåva kom" in care.post(f"{path}statement/", form, follow=True).content.decode()
    Gift.objects.filter(pk=house.card.pk).update(donor=house.donor)
    answer = care.post(f"{path}statement/", form, follow=True).content.decode()
    row = YearStatement.objects.get(donor=house.donor)
    assert f"Årsbeskedet har nummer {row}." in answer
    assert f"{YEARLY}{row.ref}/statement.pdf" in answer
