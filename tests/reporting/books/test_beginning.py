from __future__ import annotations

from datetime import date

import pytest

from fundraise.ledger import proofs as ledger_proofs
from fundraise.ledger.models import Journal, LegalEntity, Period
from fundraise.ledger.queries import balance_ore
from fundraise.ledger.services import set_period
from fundraise.reporting.books import beginning, exporting
from fundraise.reporting.books.beginning import Held, OpeningError
from tests.people import DAVID, make_party

pytestmark = pytest.mark.django_db

DAY = date(2026, 8, 31)


def code_of(entity: LegalEntity, day: date, held: list[Held]) -> str:
    with pytest.raises(OpeningError) as refused:
        beginning.enter_opening(entity, day, held, by=DAVID)
    return refused.value.code


def test_opening_balances_are_one_journal_that_no_file_holds_and_can_be_taken_back() -> None:
    party = make_party()
    held = [Held(1930, 1_000_00), Held(1580, 50_00), Held(2890, -200_00), Held(1910, 0)]
    journal = beginning.enter_opening(party, DAY, held, by=DAVID)
    assert (journal.series.code, journal.number, journal.accounting_date) == ("O", 1, DAY)
    roles = ("bank", "stripe", "repay", "opening")
    assert [balance_ore(party.pk, role) for role in roles] == [
        1_000_00, 50_00, -200_00, -850_00,
    ]  # fmt: skip
    assert code_of(party, DAY, held) == "twice"
    with pytest.raises(exporting.ExportError, match="nothing"):
        exporting.prepare(party, DAY, DAY)
    undone = beginning.undo_opening(party, by=DAVID, why="Fel saldo")
    assert undone.reversal_of == journal
    assert [balance_ore(party.pk, role) for role in roles] == [0, 0, 0, 0]
    again = beginning.enter_opening(party, DAY, [Held(1930, 900_00)], by=DAVID)
    assert beginning.opening_of(party) == again
    assert [check.name for check in ledger_proofs.checks() if check.status != "ok"] == []


def test_opening_balances_that_can_not_be_right_are_refused() -> None:
    party = make_party()
    set_period(party, month=date(2026, 7, 1), state=Period.State.CLOSED, by=DAVID)
    assert code_of(party, DAY, [Held(1930, 0)]) == "empty"
    assert code_of(party, DAY, [Held(3993, 100)]) == "account"
    assert code_of(party, DAY, [Held(2010, 100)]) == "account"
    assert code_of(party, date(2126, 1, 1), [Held(1930, 100)]) == "future"
    assert code_of(party, date(2026, 7, 31), [Held(1930, 100)]) == "closed"
    for why, code in ((" ", "comment"), ("ring 070-123 45 67", "personal"), ("fel", "none")):
        with pytest.raises(OpeningError) as refused:
            beginning.undo_opening(party, by=DAVID, why=why)
        assert refused.value.code == code
    assert not Journal.objects.exists()
