"""A report is frozen when it is filed, amended by versions, and held against the books for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from donors import services as donors
from donors.values import OrganisationName, PersonName, PostalAddress
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts.models import Gift
from fundraise.ledger import services as ledger
from fundraise.ledger.queries import balance_ore
from fundraise.ledger.services import EntryDraft, JournalDraft
from fundraise.reporting.party import collecting, entering, figures, filing, proofs
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import CashCollection, PartyReport, ReportLine, TypedSum
from tests.people import CECILIA, DAVID
from tests.reporting.party.conftest import NEW_YEAR, GiveIt

pytestmark = pytest.mark.django_db
HOME = PostalAddress(("Gatan 1",), "114 55", "Stockholm")
NOON = datetime(2026, 10, 3, 10, 0, tzinfo=UTC)


def income(campaign: Campaign, role: str, ore: int) -> None:
    ledger.post_journals(
        [
            JournalDraft(
                campaign.entity_id,
                "B",
                date(2026, 6, 1),
                "Inbetalning",
                f"test:{role}",
                DAVID,
                [EntryDraft("bank", role, ore)],
            )
        ]
    )


def line_sums(campaign: Campaign) -> dict[str, int]:
    rows = figures.of(campaign.entity, 2026).rows
    return {row.code: row.amount_ore for row in rows if not row.is_sub and row.amount_ore}


def slip(campaign: Campaign, **more: Any) -> collecting.Slip:
    said: dict[str, Any] = {"place": "Medborgarplatsen", "amount_ore": 1_234_00, "slip": "7",
                            "counters": ("Eva Ek", "Bo Alm"), "held_at": NOON}  # fmt: skip
    return collecting.Slip(campaign=campaign, **{**said, **more})


def test_lines_come_from_books_and_typed_sums_and_a_parted_account_counts_once(
    campaign: Campaign, give: GiveIt
) -> None:
    give(100)
    income(campaign, "public_support", 9_000_00)
    income(campaign, "membership", 500_00)
    typed: dict[str, Any] = {
        "entity": campaign.entity, "year": 2026, "source": "Kommunens beslut", "voucher": "12",
    }  # fmt: skip
    inside = entering.SumTyped(
        line="municipal_support", amount_ore=4_000_00, in_books=True, **typed
    )
    entering.enter_sum(inside, by=DAVID)
    lottery = entering.SumTyped(line="lottery", amount_ore=2_000_00, tickets=100,
                                ticket_price_ore=20_00, **typed)  # fmt: skip
    row = entering.enter_sum(lottery, by=DAVID)
    assert line_sums(campaign) == {
        "party_support": 5_000_00, "municipal_support": 4_000_00, "membership": 500_00,
        "lottery": 2_000_00, "small": 100_00,
    }  # fmt: skip
    with pytest.raises(PartyError, match="personal"):
        entering.enter_sum(
            entering.SumTyped(**{**typed, "source": "a@b.se"}, line="sales", amount_ore=1), by=DAVID
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        entering.enter_sum(entering.SumTyped(line="lottery", amount_ore=1, **typed), by=DAVID)
    assert entering.withdraw_sum(row, by=DAVID)
    assert not entering.withdraw_sum(row, by=DAVID)
    assert "lottery" not in line_sums(campaign)
    entering.enter_sum(
        entering.SumTyped(line="youth_support", amount_ore=6_000_00, in_books=True, **typed),
        by=DAVID,
    )
    assert ("parted_public_support", 1_000_00) in figures.of(campaign.entity, 2026).open


def test_a_collection_is_booked_once_told_by_place_and_time_and_tied_to_its_deposit(
    campaign: Campaign,
) -> None:
    for wrong, code in (
        ({"counters": ("Eva Ek", "")}, "counters_missing"),
        ({"counters": ("Eva Ek", "eva  ek ")}, "counters_alike"),
        ({"held_at": datetime(2099, 1, 1, tzinfo=UTC)}, "day_ahead"),
    ):
        with pytest.raises(PartyError, match=code):
            collecting.enter_collection(slip(campaign, **wrong), by=DAVID)
    row = collecting.enter_collection(slip(campaign), by=DAVID)
    with pytest.raises(PartyError, match="slip_used"):
        collecting.enter_collection(slip(campaign), by=DAVID)
    assert collecting.counters_of(row) == ("Eva Ek", "Bo Alm")
    assert b"Eva" not in bytes(row.counters_sealed)
    assert balance_ore(campaign.entity_id, "cash") == 1_234_00
    assert Thermometer.objects.get(campaign=campaign).received_ore == 1_234_00
    rows = [one for one in figures.of(campaign.entity, 2026).rows if one.code == "collection"]
    assert [(one.amount_ore, one.detail) for one in rows] == [
        (1_234_00, {"place": "Medborgarplatsen", "at": "2026-10-03 12:00"})
    ]
    assert line_sums(campaign) == {"collections": 1_234_00}
    collecting.note_deposit(row.ref, deposit_ref="line:7", on=date(2026, 10, 5), by=DAVID)
    with pytest.raises(PartyError, match="not_open"):
        collecting.note_deposit(row.ref, deposit_ref="line:8", on=date(2026, 10, 5), by=DAVID)
    assert CashCollection.objects.get().deposit_ref == "line:7"


def test_gifts_in_kind_and_kinds_of_givers(campaign: Campaign, give: GiveIt) -> None:
    firm = donors.register_donor(
        name=OrganisationName("Firman"), language="sv", source="test", by=CECILIA, postal=HOME
    )
    anna = donors.register_donor(
        name=PersonName("Anna", "Ek"), language="sv", source="test", by=CECILIA, postal=HOME
    )
    given = entering.InKind(campaign.entity, date(2026, 5, 1), "goods", 20_000_00, "Bord", firm)
    entering.enter_in_kind(given, by=DAVID)
    Gift.objects.filter(pk=give(10_000).pk).update(donor=firm)
    found = figures.of(campaign.entity, 2026)
    assert line_sums(campaign) == {"kind_other": 30_000_00}
    assert (found.gifts_ore, found.bands.in_kind_ore) == (10_000_00, 20_000_00)
    assert [row.ore for row in found.bands.named] == [30_000_00]
    assert Thermometer.objects.get(campaign=campaign).received_ore == 10_000_00
    with pytest.raises(PartyError, match="wrong_donor"):
        entering.mark_within(anna, within=True, by=DAVID)
    assert entering.mark_within(firm, within=True, by=DAVID)
    assert not entering.mark_within(firm, within=True, by=DAVID)
    assert line_sums(campaign) == {"kind_within": 30_000_00}
    entering.set_year(campaign.entity, 2026, always_files=False, members=0, by=DAVID)
    assert figures.of(campaign.entity, 2026).freed.is_freed


def test_a_filed_report_is_frozen_amended_and_proved(
    campaign: Campaign, give: GiveIt, go_to: Any, settings: Any
) -> None:
    give(40_000, name="Firman AB", email="f@example.org", address="Gatan 1", postcode="114 55",
         city="Stockholm", organisation=True)  # fmt: skip
    give(200)
    collecting.enter_collection(slip(campaign), by=DAVID)
    with pytest.raises(PartyError, match="year_not_over"):
        filing.file_report(campaign.entity, 2026, by=DAVID)
    go_to(NEW_YEAR)
    give(999, at=NEW_YEAR)
    with settings_without(settings, 2026), pytest.raises(PartyError, match="base_missing"):
        filing.file_report(campaign.entity, 2026, by=DAVID)
    assert not PartyReport.objects.exists()
    report = filing.file_report(campaign.entity, 2026, by=DAVID)
    assert (report.version, report.total_ore, report.gifts_ore, report.ledger_ore) == (
        1, 41_434_00, 41_434_00, 41_434_00,
    )  # fmt: skip
    named = report.donors.get(band="named")
    assert (named.kind, named.amount_ore, named.giver) == ("other", 40_000_00, "nr:1")
    assert filing.named(named) == {
        "name": "Firman AB", "number": "", "address": "Gatan 1, 114 55 Stockholm",
    }  # fmt: skip
    assert statuses() == ["ok", "ok", "ok"]

    with pytest.raises(PartyError, match="reason_missing"):
        filing.file_report(campaign.entity, 2026, by=DAVID)
    with pytest.raises(PartyError, match="nothing_changed"):
        filing.file_report(campaign.entity, 2026, by=DAVID, reason="Igen")
    for statement in (
        "UPDATE party_partyreport SET total_ore = 0", "DELETE FROM party_reportline",
        "UPDATE party_reportdonor SET amount_ore = 1",
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)

    sold = entering.SumTyped(campaign.entity, 2026, "sales", 500_00, "Kassabok", "44")
    entering.enter_sum(sold, by=DAVID)
    assert statuses() == ["ok", "ok", "waiting"]
    second = filing.file_report(campaign.entity, 2026, by=DAVID, reason="Försäljning saknades")
    assert (second.version, second.total_ore) == (2, 41_934_00)
    assert [(c.code, c.before_ore, c.after_ore) for c in filing.changes(second)] == [
        ("sales", 0, 500_00)
    ]
    assert statuses() == ["ok"] * 5


def settings_without(settings: Any, year: int) -> Any:
    from django.test import override_settings

    known = {y: ore for y, ore in settings.PRICE_BASE_AMOUNTS_ORE.items() if y != year}
    return override_settings(PRICE_BASE_AMOUNTS_ORE=known)


def statuses() -> list[str]:
    return [check.status for check in proofs.checks()]


def test_names_used(campaign: Campaign) -> None:
    """What the models keep is what was asked of them, also after a withdrawal."""
    typed = entering.SumTyped(campaign.entity, 2026, "sales", 1_00, "Kassabok", "44")
    row = entering.enter_sum(typed, by=DAVID)
    entering.withdraw_sum(row, by=CECILIA)
    kept = TypedSum.objects.get()
    assert (kept.amount_ore, kept.entered_by, kept.withdrawn_by) == (1_00, DAVID, CECILIA)
    assert not ReportLine.objects.exists()
