"""A charity's year: control statements, cost share and funds; nothing of it for a party."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Channel, Gift
from fundraise.ledger import services as ledger
from fundraise.ledger.models import LegalEntity
from fundraise.ledger.services import EntryDraft, JournalDraft
from fundraise.providers import by_hand
from fundraise.reporting.charity import proofs, rules, services, sums
from fundraise.reporting.charity.errors import CharityError
from fundraise.reporting.charity.models import (
    ControlList,
    ControlRow,
    InReturn,
    SpecificationNumber,
)
from tests.console.conftest import LogIn
from tests.people import CECILIA, DAVID, make_campaign, make_fund, make_party

YOUNG = "20120101-2380"
AT = datetime(2026, 10, 2, 9, tzinfo=UTC)


def person(name: str, number: str = "") -> Donor:
    made = donors.register_donor(
        name=PersonName(name, "Ek"), language="sv", source="test", by=CECILIA
    )
    if number:
        donors.record_identity(
            donor_id=made.pk, kind="personal_number", number=number, source="test", by=DAVID,
            reason="control_statement",
        )  # fmt: skip
    return made


@pytest.fixture
def charity(campaign: Campaign) -> Campaign:
    LegalEntity.objects.filter(pk=campaign.entity_id).update(kind="charity")
    campaign.refresh_from_db()
    return campaign


def give(campaign: Campaign, donor: Donor, *kronor: int) -> None:
    for one in kronor:
        gift = by_hand.record_manual_gift(
            by_hand.ManualGift(
                campaign, one * 100, Channel.CASH, AT, by=DAVID,
                proof=f"c{Gift.objects.count()}",
            )
        )  # fmt: skip
        Gift.objects.filter(pk=gift.pk).update(donor=donor)


def test_small_gifts_and_small_years_do_not_count() -> None:
    said = {"gift_ore": 200_00, "year_ore": 2_000_00, "cost_percent": 25, "least_age": 18}
    limits = rules.limits_on([("2019-07-01", said)], 2026)
    monthly = rules.tax([100_00] * 12, limits)
    assert (monthly.qualifying_ore, monthly.other_ore) == (0, 1_200_00)
    assert rules.tax([1_999_99], limits).whole_kronor == 0
    found = rules.tax([1_000_50, 999_99, 199_99], limits)
    assert (found.whole_kronor, found.other_ore) == (2_000, 199_99)
    share = rules.CostShare(25_01, 100_00, 25)
    assert (share.permille, share.is_within) == (251, False)
    assert rules.CostShare(0, 0, 25).is_within
    born = [rules.is_too_young(f"{year}01019999", 2026, limits) for year in (2008, 2009)]
    assert (born, rules.is_too_young("", 2026, limits)) == ([False, True], False)
    with pytest.raises(ValueError, match="2018"):
        rules.limits_on([("2019-07-01", {})], 2018)


def test_statements_are_filed_with_numbers_that_stay(charity: Campaign, log_in: LogIn) -> None:
    anna, again = (person("Anna", "811228-9874") for _ in range(2))
    give(charity, anna, 1_500, 100)
    give(charity, again, 700)
    give(charity, person("Bo"), 5_000)
    bo = person("Eva", "701063-2391")
    give(charity, bo, 1_999)
    entity = charity.entity
    with pytest.raises(CharityError, match="year_not_over"):
        services.file_statements(entity, 2026, by=DAVID)
    ahead = datetime(2027, 1, 15, 9, tzinfo=UTC) - clock.real_now()
    clock.use(lambda: ahead)
    david = log_in("david", "treasurer")
    year = f"/staff/charity/{entity.ref}/2026/"
    assert "Insamlingsorganisation" in plain(david.get("/staff/"))
    shown = plain(david.get(year))
    assert "2 200 kr" in shown
    assert "1 · 5 000 kr" in shown
    assert david.post(f"{year}file/").status_code == 302
    filed = ControlList.objects.get()
    assert services.kept_rows(filed) == [(1, anna.pk, 2_200)]
    assert david.post(f"{year}file/").status_code == 302
    assert ControlList.objects.count() == 1

    give(charity, bo, 200)
    assert [check.status for check in proofs.checks()] == ["ok", "waiting"]
    services.file_statements(entity, 2026, by=DAVID)
    second = ControlList.objects.get(version=2)
    assert services.kept_rows(second) == [(1, anna.pk, 2_200), (2, bo.pk, 2_199)]
    assert SpecificationNumber.objects.count() == 2
    assert [check.status for check in proofs.checks()] == ["ok"] * 3
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE charity_controlrow SET kronor = 1")

    got = david.get(f"/staff/charity/statements/{second.ref}/ku65.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(got.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:4] == [1.0, "198112289874", "Anna Ek", 2200.0]
    assert rows[3][3] == 4399.0
    assert ReadLine.objects.filter(purpose__startswith="control_statement").count() == 7
    auditor = log_in("rut", "auditor")
    assert auditor.get(year).status_code == 200
    assert auditor.get(f"/staff/charity/statements/{second.ref}/ku65.xlsx").status_code == 403
    assert auditor.post(year, {"what": "cost"}).status_code == 403


def test_a_number_is_told_and_young_givers_and_what_was_got_in_return_are_left_out(
    charity: Campaign, david: Client
) -> None:
    anna, young, bo = person("Anna"), person("Ung", YOUNG), person("Bo", "701063-2391")
    give(charity, anna, 2_100)
    give(charity, young, 3_000)
    give(charity, bo, 2_000, 300)
    year = f"/staff/charity/{charity.entity.ref}/2026/"
    shown = plain(david.get(f"{year}without/"))
    page = f"/staff/charity/numbers/{anna.ref}/"
    assert ("Anna Ek" in shown, page in shown, "Ung Ek" in shown) == (True, True, False)
    for wrong in ("", "811228-9873", YOUNG):
        assert david.post(page, {"number": wrong}).status_code == 422
    assert not anna.identities.exists()
    assert david.post(page, {"number": "811228-9874"}).status_code == 302
    assert anna.identities.get().reason == "control_statement"
    assert "Anna Ek" not in plain(david.get(f"{year}without/"))
    assert david.get(f"/staff/charity/numbers/{person('Cia').ref}/").status_code == 404

    dinner = Gift.objects.get(donor=bo, amount_ore=300_00)
    noted = {
        "what": "return", "return-gift": f"/staff/gifts/{dinner.ref}/", "return-what": "Middag",
    }  # fmt: skip
    for value, status in (("301", 422), ("150", 302), ("150", 422)):
        assert david.post(year, {**noted, "return-value_ore": value}).status_code == status
    assert sums.statements(charity.entity_id, 2026) == [
        (anna.pk, 2_100_00), (young.pk, 3_000_00), (bo.pk, 2_000_00),
    ]  # fmt: skip
    ahead = datetime(2027, 1, 15, 9, tzinfo=UTC) - clock.real_now()
    clock.use(lambda: ahead)
    filed = services.file_statements(charity.entity, 2026, by=DAVID)
    assert services.kept_rows(filed) == [(1, anna.pk, 2_100), (2, bo.pk, 2_000)]
    assert [row.donor_id for row in filed.left_out.all()] == [young.pk]
    assert "1 utelämnad: för ung" in plain(david.get(year))
    assert [check.status for check in proofs.checks()] == ["ok", "ok"]

    row = InReturn.objects.get()
    done = david.post(f"/staff/charity/in-return/{row.ref}/withdraw/")
    assert (done.status_code, sums.statements(charity.entity_id, 2026)[2]) == (
        302,
        (bo.pk, 2_300_00),
    )
    assert david.post(page, {"take_away": "on"}).status_code == 302
    assert not anna.identities.exists()


def test_costs_and_what_funds_were_used_for_are_shown_against_what_came_in(
    charity: Campaign, david: Client
) -> None:
    give(charity, person("Bo"), 1_000)
    entity, year = charity.entity, f"/staff/charity/{charity.entity.ref}/2026/"
    fee = JournalDraft(entity.pk, "G", AT.date(), "Avgift", "t:1", DAVID,
                       [EntryDraft("fees", "bank", 100_00)])  # fmt: skip
    ledger.post_journals([fee])
    cost = {"kind": "fundraising", "amount_ore": "200", "source": "Huvudbok", "voucher": "9"}
    assert post(david, year, "cost", **cost).status_code == 302
    share = sums.cost_share(entity, 2026)
    assert (share.cost_ore, share.income_ore, share.is_within) == (300_00, 1_000_00, False)
    shown = plain(david.get(year))
    assert "30,0 %" in shown
    assert "över 25 procent" in shown
    assert sums.funds(entity.pk, 2026) == []
    fund = make_fund(entity, "Brunnar", "Wells")
    bound = make_campaign(entity, "brunnar", fund=fund)
    give(bound, person("Eva"), 700)
    wells = {"fund": str(fund.pk), "spent_on": "2026-10-20", "amount_ore": "400", "voucher": "7"}
    assert post(david, year, "spend", **wells).status_code == 302
    row = sums.funds(entity.pk, 2026)[0]
    assert (row.given_ore, row.spent_ore, row.left_ore) == (700_00, 400_00, 300_00)
    theirs = make_fund(make_party("annat"))
    assert post(david, year, "spend", **{**wells, "fund": str(theirs.pk)}).status_code == 422
    assert [one.spent_ore for one in sums.funds(entity.pk, 2026)] == [400_00]


def test_a_party_has_no_page_of_charities(campaign: Campaign, david: Client) -> None:
    assert "/staff/charity/" not in plain(david.get("/staff/"))
    assert david.get(f"/staff/charity/{campaign.entity.ref}/2026/").status_code == 404
    with pytest.raises(CharityError, match="not_a_charity"):
        services.file_statements(campaign.entity, 2025, by=DAVID)
    assert not ControlRow.objects.exists()


def post(client: Client, url: str, what: str, **said: str) -> Any:
    return client.post(url, {"what": what, **{f"{what}-{k}": v for k, v in said.items()}})


def plain(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\xa0", " ")
