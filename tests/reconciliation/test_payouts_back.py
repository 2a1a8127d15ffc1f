"""A payout that the bank sends back ties to the one that came, when the provider says it failed."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise import clock
from fundraise.ledger.queries import balance_ore
from fundraise.providers.models import Account, Payout
from fundraise.reconciliation import deciding, exceptions, failed_payouts
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.models import Item, Kind, Match, QueueItem
from tests.reconciliation.house import Bank, make_bank
from tests.reconciliation.test_inbox import book
from tests.reconciliation.written import DAY, Book, Entry, Pay

pytestmark = pytest.mark.django_db
BACK = date(2026, 11, 3)


def paid_out(bank: Bank, ore: int = 900_00) -> Payout:
    account = Account.objects.create(
        entity=bank.entity, provider="stripe", slug="demo", name="Stripe"
    )
    return Payout.objects.create(
        account=account, provider_ref="po_1", amount_ore=ore, state="paid", arrives_on=DAY,
        trace_id="TRACE1", created_at=clock.now(),
    )  # fmt: skip


def line(ore: int, day: date, *, returned: bool = False) -> Entry:
    code = "PMNT/RCDT/RRTN" if returned else "PMNT/RCDT/DMCT"
    pay = Pay(ore, name="STRIPE", message="STRIPE TRACE1", returned=returned, code=code)
    return Entry((pay,), day=day, code=code)


def left_in_transit(bank: Bank) -> tuple[int, int]:
    return balance_ore(bank.entity.pk, "payout_in_transit"), balance_ore(bank.entity.pk, "suspense")


def test_a_failed_payout_s_return_is_matched_by_its_trace_and_leaves_nothing() -> None:
    bank, ledger = make_bank(), Book()
    payout = paid_out(bank)
    book(ledger.day(line(900_00, DAY)))
    assert left_in_transit(bank) == (-900_00, 0)
    Payout.objects.update(state="failed")
    book(ledger.day(line(-900_00, BACK, returned=True), day=BACK))
    stands = Match.objects.filter(state="stands", kind="payout", payout=payout)
    assert sorted(stands.values_list("item__amount_ore", flat=True)) == [-900_00, 900_00]
    assert left_in_transit(bank) == (0, 0)


def test_one_that_comes_back_before_the_provider_says_so_waits_and_is_then_placed_by_hand() -> None:
    bank, ledger = make_bank(), Book()
    payout = paid_out(bank)
    book(ledger.day(line(900_00, DAY)))
    book(ledger.day(line(-900_00, BACK, returned=True), day=BACK))
    item = Item.objects.get(amount_ore=-900_00)
    assert left_in_transit(bank) == (-900_00, 900_00)
    with pytest.raises(DecideError, match="stale"):
        deciding.decide(item.pk, Choice(Kind.PAYOUT, payout=payout), by="staff:7")
    Payout.objects.update(state="failed")
    payout.refresh_from_db()
    deciding.decide(item.pk, Choice(Kind.PAYOUT, payout=payout), by="staff:7")
    assert left_in_transit(bank) == (0, 0)


def test_a_payout_that_failed_after_it_was_paid_enters_the_queue_once() -> None:
    bank = make_bank()
    payout = paid_out(bank)
    assert failed_payouts.watch() == 0
    Payout.objects.update(state="failed", failure_code="account_closed")
    assert [failed_payouts.watch(), failed_payouts.watch()] == [1, 0]
    queued = QueueItem.objects.get(code="payout_failed")
    assert (queued.subject, queued.amount_ore, queued.facts) == (
        f"payout:{payout.ref}", 900_00, {"reason": "account_closed"},
    )  # fmt: skip
    exceptions.settle(queued.pk, how="mended", by="staff:7")
    assert failed_payouts.watch() == 0


def test_a_failed_payout_s_lines_that_come_late_are_its_own_and_no_other_s() -> None:
    """Another of the same sum is on its way when the files come at last."""
    bank, ledger = make_bank(), Book()
    payout = paid_out(bank)
    Payout.objects.update(state="failed")
    other = Payout.objects.create(
        account=payout.account, provider_ref="po_2", amount_ore=900_00, state="paid",
        arrives_on=BACK, trace_id="TRACE2", created_at=clock.now(),
    )  # fmt: skip
    book(ledger.day(line(900_00, DAY)))
    book(ledger.day(line(-900_00, BACK, returned=True), day=BACK))
    stands = Match.objects.filter(state="stands", kind="payout")
    assert set(stands.values_list("payout_id", "item__amount_ore")) == {
        (payout.pk, 900_00), (payout.pk, -900_00),
    }  # fmt: skip
    assert left_in_transit(bank) == (0, 0)

    # A line more with its trace is nobody's by itself, whatever else has its sum.
    third = date(2026, 11, 4)
    book(ledger.day(line(900_00, third), day=third))
    assert not Match.objects.filter(payout=other).exists()
    assert Item.objects.get(booked_on=third).state == "unknown"
