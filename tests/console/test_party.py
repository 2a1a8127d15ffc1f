"""The treasurer's year of party finance, from slip to filed report, by the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from donors import services as donors
from donors.values import OrganisationName, PostalAddress
from fundraise import clock
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Channel, Gift
from fundraise.providers import by_hand
from fundraise.reconciliation import accounts
from fundraise.reconciliation.models import Item
from fundraise.reporting.party import anonymous
from fundraise.reporting.party.models import CashCollection, Hold, PartyReport, TypedSum, YearFacts
from tests.console.conftest import LogIn
from tests.people import CECILIA, DAVID
from tests.reconciliation.house import IBAN, OPENED, OPENING
from tests.reconciliation.test_inbox import book
from tests.reconciliation.written import Book, one

PLACE = PostalAddress(("Gatan 1",), "114 55", "Stockholm")


@pytest.fixture
def year(campaign: Campaign) -> str:
    """A firm's large gift, an unknown giver's, and the address of the year's page."""
    firm = donors.register_donor(
        name=OrganisationName("Firman AB"), language="sv", source="test", by=CECILIA, postal=PLACE
    )
    donors.record_identity(
        donor_id=firm.pk, kind="organisation_number", number="556703-7485", source="test", by=DAVID
    )
    for number, kronor in enumerate((40_000, 5_000)):
        gift = by_hand.record_manual_gift(
            by_hand.ManualGift(
                campaign, kronor * 100, Channel.CASH, datetime(2026, 11, 2, 9, tzinfo=UTC),
                proof=f"p{number}", by=DAVID,
            )
        )  # fmt: skip
        Gift.objects.filter(pk=gift.pk).update(donor=firm if number == 0 else None)
    return f"/staff/party/{campaign.entity.ref}/2026/"


def post(client: Client, url: str, what: str, **said: str) -> Any:
    return client.post(url, {"what": what, **{f"{what}-{k}": v for k, v in said.items()}})


def test_a_year_is_entered_looked_at_and_filed(
    campaign: Campaign, year: str, david: Client, log_in: LogIn
) -> None:
    assert "40 000" in plain(david.get(year))
    assert "Firman AB" in plain(david.get(year))
    assert "Ingen har ännu sagt om föreningen alltid redovisar" in plain(david.get(year))
    enter = f"{year}enter/"
    wrong = post(david, enter, "sum", line="lottery", amount_ore="100", source="x", voucher="1")
    assert (wrong.status_code, TypedSum.objects.count()) == (422, 0)
    post(david, enter, "sum", line="sales", amount_ore="1 500", source="Kassabok", voucher="9")
    post(david, enter, "facts", members="40")
    assert "Ingen har ännu sagt" not in plain(david.get(year))
    facts = YearFacts.objects.get()
    assert (TypedSum.objects.get().amount_ore, facts.members, facts.always_files) == (
        1_500_00, 40, False,
    )  # fmt: skip
    slip = {
        "campaign": str(campaign.pk), "held_on": "2026-10-03", "held_at": "12:00",
        "place": "Torget", "amount_ore": "300", "slip": "A1", "first": "Eva Ek", "second": "eva ek",
    }  # fmt: skip
    assert post(david, enter, "collection", **slip).status_code == 422
    assert post(david, enter, "collection", **{**slip, "second": "Bo Alm"}).status_code == 302
    row = CashCollection.objects.get()
    assert "Eva Ek, Bo Alm" in plain(david.get(f"/staff/party/collections/{row.ref}/"))
    assert ReadLine.objects.filter(purpose="party.slip").count() == 1
    shown = plain(david.get(year))
    for words in ("Torget", "1 500 kr", "300 kr", "Befriad från redovisning", "2 040 kr"):
        assert words in shown

    file = f"{year}file/"
    assert david.post(file).status_code == 422
    assert not PartyReport.objects.exists()
    anonymous.reckon(campaign.entity_id, 2026)
    ahead = datetime(2027, 2, 1, 9, tzinfo=UTC) - clock.real_now()
    clock.use(lambda: ahead)
    answer = david.post(file)
    report = PartyReport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/staff/party/reports/{report.ref}/")
    assert report.total_ore == 44_760_00
    assert bytes(report.sha256).hex() in plain(david.get(answer["Location"])).replace(" ", "")
    assert "5567037485" not in plain(david.get(answer["Location"]))
    assert david.post(file).status_code == 422  # an amendment wants a reason
    assert PartyReport.objects.count() == 1

    one, two = (david.get(f"{answer['Location']}report.pdf").content for _ in range(2))
    assert one == two
    assert one.startswith(b"%PDF")
    assert numbers_in(david, answer["Location"]) == "5567037485"
    auditor = log_in("rut", "auditor")
    assert numbers_in(auditor, answer["Location"]) == "556703••••"
    assert ReadLine.objects.filter(purpose="party.xlsx").count() == 2
    assert auditor.post(file).status_code == 403
    assert auditor.get(year).status_code == 200


def numbers_in(client: Client, report: str) -> str:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{report}report.xlsx").content))
    rows = book.get_sheet_by_index(1).to_python()
    assert [row[9] for row in rows[1:]] == [40_000.0, 2_960.0]
    return str(rows[1][3])


def test_what_is_held_is_counted_down_and_settled(
    campaign: Campaign, year: str, david: Client
) -> None:
    anonymous.reckon(campaign.entity_id, 2026)
    row = Hold.objects.get()
    shown = plain(david.get("/staff/party/held/"))
    assert "2 040 kr" in shown
    assert "31 mar 2027" in shown
    settle = f"/staff/party/held/{row.ref}/"
    assert david.post(f"{settle}authority/", {"voucher": "", "on": "2026-11-20"}).status_code == 422
    done = david.post(f"{settle}authority/", {"voucher": "KB 7", "on": "2026-11-20"})
    assert (done.status_code, Hold.objects.get().state) == (302, "authority")
    assert david.post(f"{settle}release/", {"reason": "känd"}).status_code == 422
    assert Hold.objects.get().state == "authority"
    rules = f"/staff/party/{campaign.entity.ref}/rules/"
    assert david.get(rules).status_code == 200
    assert david.post(rules, {}).status_code == 403


def test_slips_and_what_was_held_are_tied_to_lines_of_the_bank(
    campaign: Campaign, year: str, david: Client
) -> None:
    slip = {
        "campaign": str(campaign.pk), "held_on": "2026-10-03", "held_at": "12:00",
        "place": "Torget", "amount_ore": "300", "first": "Eva Ek", "second": "Bo Alm",
    }  # fmt: skip
    for name in ("A1", "A2"):
        post(david, f"{year}enter/", "collection", slip=name, **slip)
    first, second = CashCollection.objects.order_by("pk")
    accounts.open_account(
        accounts.NewAccount(campaign.entity, "Kontot", [("iban", IBAN)], OPENED, OPENING), by=DAVID
    )
    page = f"/staff/party/collections/{first.ref}/"
    assert "Ingen bankrad väntar" in plain(david.get(page))
    book(Book().day(one(600_00, message="insatt"), one(-2_040_00, message="KK")))
    paid_in, paid_out = Item.objects.order_by("-amount_ore")
    assert "600 kr, 2 nov 2026, Kontot" in plain(david.get(page))
    assert "A2, 300 kr" in plain(david.get(f"/staff/bank/items/{paid_in.ref}/"))
    wrong = david.post(page, {"line": str(paid_in.ref)})
    assert (wrong.status_code, "Radens belopp är ett annat" in plain(wrong)) == (422, True)
    both = {"line": str(paid_in.ref), "others": [str(second.ref)]}
    assert david.post(page, both).status_code == 302
    assert "2 nov 2026" in plain(david.get(f"{year}enter/"))
    assert "A2" in plain(david.get(f"/staff/bank/items/{paid_in.ref}/"))

    anonymous.reckon(campaign.entity_id, 2026)
    settle = f"/staff/party/held/{Hold.objects.get().ref}/"
    assert david.post(f"{settle}authority/", {"voucher": "KB 7", "on": "2026-11-02"})
    assert "Betalat till Kammarkollegiet, inte synligt hos banken" in plain(
        david.get("/staff/party/held/")
    )
    assert david.post(f"{settle}back/", {"reason": "Fel gåva"}).status_code == 302
    assert david.post(f"{settle}line/", {"line": str(paid_in.ref)}).status_code == 422
    assert david.post(f"{settle}line/", {"line": str(paid_out.ref)}).status_code == 302
    hold = Hold.objects.get()
    assert (hold.state, hold.line and hold.line.item) == ("authority", paid_out)
    assert "inte synligt hos banken" not in plain(david.get("/staff/party/held/"))
    assert "2 040 kr" in plain(david.get(f"/staff/bank/items/{paid_out.ref}/"))


def test_what_if_keeps_nothing_and_other_years_are_not_there(year: str, david: Client) -> None:
    assert "25 000 kr" in plain(david.get(f"{year}?base_ore=500000&permille=50"))
    told = [david.get(f"{year}{asked}").context["what_if"] for asked in ("?permille=0", "?", "")]
    assert told == [True, False, False], "a limit of nothing is a question too"
    assert david.get(year.replace("2026", "2016")).status_code == 404
    assert david.get(year.replace("2026", "2099")).status_code == 404


def plain(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\xa0", " ")
