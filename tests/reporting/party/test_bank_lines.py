"""The bank's line ends a slip's cash and a held sum: sum for sum, undone like any other line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fundraise.gifts.models import Gift
from fundraise.ledger import proving
from fundraise.ledger.checks import WAITING
from fundraise.ledger.queries import balance_ore
from fundraise.reconciliation import deciding
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.models import Item, Match
from fundraise.reporting.party import anonymous, bank_lines, collecting, figures, paying_over
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import CashCollection, Hold
from tests.people import DAVID
from tests.reconciliation.house import Bank, make_bank
from tests.reconciliation.test_inbox import book
from tests.reconciliation.written import Book, one
from tests.reporting.party.conftest import GiveIt

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 9)


@pytest.fixture
def bank() -> Bank:
    return make_bank()


@pytest.fixture
def campaign(bank: Bank) -> Any:
    return bank.campaign


def lines(bank: Bank, *ore: int) -> list[Item]:
    book(
        Book().day(*(one(sum_, message=f"rad {n}", day=DAY) for n, sum_ in enumerate(ore)), day=DAY)
    )
    return [Item.objects.get(amount_ore=sum_) for sum_ in ore]


def wrong() -> list[str]:
    """What differs, receipts of hand-made gifts aside."""
    found = [check.name for check in proving.prove().differing]
    return [name for name in found if not name.startswith("receipts")]


def balances(bank: Bank) -> dict[str, int]:
    roles = ("cash", "repay", "giro_clearing", "suspense")
    return {role: balance_ore(bank.entity.pk, role) for role in roles}


def enter(bank: Bank, slip: str, ore: int) -> CashCollection:
    at = datetime(2026, 11, 7, 12, tzinfo=UTC)
    typed = collecting.Slip(bank.campaign, at, "Torget", ore, slip, ("Eva Ek", "Bo Alm"))
    return collecting.enter_collection(typed, by=DAVID)


def test_two_slips_are_paid_in_as_one_line_and_are_cash_again_when_it_is_undone(
    bank: Bank,
) -> None:
    slips = [enter(bank, "A1", 300_00), enter(bank, "A2", 200_00)]
    refs = [row.ref for row in slips]
    item, less = lines(bank, 500_00, 400_00)
    assert list(bank_lines.open_lines(bank.entity.pk, paid_in=True)) == [less, item]
    for chosen, line, code in (
        (refs, less, "line_sum"), (refs[:1], item, "line_sum"), ([], item, "not_open"),
        ([*refs, bank.entity.ref], item, "not_open"),
    ):  # fmt: skip
        with pytest.raises(PartyError, match=code):
            collecting.pay_in(chosen, line, by=DAVID)
    assert ("not_deposited", 2) in figures.of(bank.entity, 2026).open

    collecting.pay_in(refs, item, by=DAVID)
    with pytest.raises(PartyError, match="not_open"):
        collecting.pay_in(refs, item, by=DAVID)
    match = Match.objects.get(kind="cash_deposit")
    assert [row.deposited_on for row in match.collections.all()] == [DAY, DAY]
    assert "not_deposited" not in dict(figures.of(bank.entity, 2026).open)
    assert balances(bank) == {"cash": 0, "repay": 0, "giro_clearing": 0, "suspense": -400_00}
    assert wrong() == []

    deciding.undo(match.pk, by=DAVID, why="Fel rad")
    assert collecting.not_paid_in().count() == 2
    assert balances(bank)["cash"] == 500_00
    collecting.pay_in(refs, item, by=DAVID)
    assert (collecting.not_paid_in().count(), balances(bank)["cash"]) == (0, 0)
    assert Gift.objects.count() == 2, "the line makes no gift of its own"
    assert wrong() == []


def test_money_to_kammarkollegiet_is_tied_to_the_line_that_shows_it(
    bank: Bank, give: GiveIt
) -> None:
    for kronor in (5_000, 4_000):
        give(kronor)
    assert anonymous.reckon(bank.entity.pk, 2026) == (2, 0)
    first, second = Hold.objects.order_by("pk")
    assert (first.amount_ore, second.amount_ore) == (2_040_00, 1_040_00)
    both, alone = lines(bank, -3_080_00, -1_040_00)
    with pytest.raises(DecideError, match="kind"):
        deciding.decide(both.pk, Choice("authority"), by=DAVID)

    paying_over.pay_over([first.ref], voucher="KB 7", on=DAY, by=DAVID)
    told = [check for check in proving.prove().checks if "Kammarkollegiet" in check.name]
    assert [(one.status, one.note) for one in told] == [(WAITING, "1 wait for their line")]
    with pytest.raises(PartyError, match="line_sum"):
        paying_over.shown_by_line([first.ref], both, by=DAVID)
    paying_over.shown_by_line([first.ref, second.ref], both, by=DAVID)
    second.refresh_from_db()
    assert (second.state, second.voucher) == ("authority", str(both.ref))
    whole = {"cash": 9_000_00, "repay": 0, "giro_clearing": 0, "suspense": 1_040_00}
    assert balances(bank) == whole
    assert wrong() == []
    with pytest.raises(PartyError, match="has_line"):
        paying_over.take_back(first.ref, reason="Fel", by=DAVID)
    with pytest.raises(PartyError, match="not_waiting"):
        paying_over.shown_by_line([second.ref], alone, by=DAVID)

    deciding.undo(both.matches.get(state="stands").pk, by=DAVID, why="Fel rad")
    assert set(paying_over.without_line()) == {first, second}
    paying_over.take_back(first.ref, reason="Betalades aldrig", by=DAVID)
    assert balances(bank)["repay"] == -2_040_00
    paying_over.shown_by_line([second.ref], alone, by=DAVID)
    paying_over.shown_by_line([first.ref], _rest(both), by=DAVID)
    assert [row.state for row in Hold.objects.all()] == ["authority", "authority"]
    assert (paying_over.without_line().count(), balances(bank)["repay"]) == (0, 0)
    assert wrong() == []


def _rest(item: Item) -> Item:
    """The part of a line that is the first sum."""
    return deciding.split(item.pk, [-2_040_00, -1_040_00], by=DAVID)[0]
