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
from fundraise.reporting.party import anonymous
from fundraise.reporting.party.models import CashCollection, Hold, PartyReport, TypedSum, YearFacts
from tests.console.conftest import LogIn
from tests.people import CECILIA, DAVID

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
    enter = f"{year}enter/"
    wrong = post(david, enter, "sum", line="lottery", amount_ore="100", source="x", voucher="1")
    assert (wrong.status_code, TypedSum.objects.count()) == (422, 0)
    post(david, enter, "sum", line="sales", amount_ore="1 500", source="Kassabok", voucher="9")
    post(david, enter, "facts", members="40")
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


def test_what_if_keeps_nothing_and_other_years_are_not_there(year: str, david: Client) -> None:
    assert "25 000 kr" in plain(david.get(f"{year}?base_ore=500000&permille=50"))
    assert david.get(year.replace("2026", "2016")).status_code == 404
    assert david.get(year.replace("2026", "2099")).status_code == 404


def plain(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\xa0", " ")
