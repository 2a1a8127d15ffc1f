"""What no rule suggests is chosen by a person: payouts, refunds, gifts taken back, settlements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fundraise.gifts import refunds
from fundraise.gifts.models import Gift
from fundraise.ledger.queries import balance_ore
from fundraise.providers import by_hand, refunding
from fundraise.reconciliation import belonging, deciding
from fundraise.reconciliation.deciding import DecideError
from fundraise.reconciliation.models import Item, Match
from fundraise.reconciliation.paying import debts
from tests.people import NOON, make_campaign, make_party
from tests.proofs import differing
from tests.reconciliation.house import OPENING, make_bank
from tests.reconciliation.test_inbox import OCR, balances, book, donor_with
from tests.reconciliation.test_payouts_back import left_in_transit, line, paid_out
from tests.reconciliation.written import DAY, Book, one

pytestmark = pytest.mark.django_db
DAVID = "staff:7"
LATER = date(2026, 11, 3)


def chosen(item: Item, kind: str) -> Match:
    (found,) = [one for one in belonging.of(item) if one.kind == kind]
    return deciding.decide(item.pk, found.choice, by=DAVID)


def test_a_payout_that_came_late_or_was_undone_is_chosen_from_what_is_left_of_it() -> None:
    bank, ledger = make_bank(), Book()
    paid_out(bank)
    late = DAY + timedelta(days=20)  # no rule looks so far
    book(ledger.day(one(400_00, name="STRIPE", day=late), day=late))
    (item,) = Item.objects.all()
    assert item.state == "unknown"
    (found,) = belonging.of(item)
    assert (found.kind, found.left_ore) == ("payout", 900_00)
    match = chosen(item, "payout")
    assert left_in_transit(bank) == (-400_00, 0)
    more = late + timedelta(days=1)
    book(ledger.day(one(600_00, name="Bo Ek", day=more), line(500_00, more), day=more))
    chosen(Item.objects.get(amount_ore=500_00), "payout")
    assert left_in_transit(bank) == (-900_00, -600_00)
    assert belonging.of(Item.objects.get(amount_ore=600_00)) == [], "nothing is left of it"
    deciding.undo(match.pk, by=DAVID, why="Fel")
    item.refresh_from_db()
    chosen(item, "payout")
    assert left_in_transit(bank) == (-900_00, -600_00)
    assert differing() == []


def test_a_refund_and_a_gift_that_was_taken_back_are_chosen_by_hand() -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    book(ledger.day(one(100_00, ocr=OCR), one(300_00, message="x")))
    gift = Gift.objects.get()
    deciding.to_donor(Item.objects.get(amount_ore=300_00).pk, None, bank.campaign, by=DAVID)
    refund = refunds.request_refund(gift.pk, amount_ore=60_00, reason="fel", by=DAVID)
    refunding.send_refund(refund.pk)
    by_hand.confirm_refund_by_hand(refund, NOON, "b-1", DAVID)
    late = LATER + timedelta(days=40)
    book(ledger.day(one(-60_00, name="A", day=late), one(-300_00, name="B", day=late), day=late))
    back, returned = Item.objects.filter(booked_on=late).order_by("-amount_ore")
    assert {one.kind for one in belonging.of(back)} == {"refund"}
    assert chosen(back, "refund").refund == refund
    assert {one.kind for one in belonging.of(returned)} == {"return"}
    chosen(returned, "return")
    assert balances(bank) == {
        "bank": OPENING + 40_00, "giro_clearing": 0, "suspense": 0, "gifts": -40_00,
    }  # fmt: skip
    assert belonging.of(Item.objects.get(pk=back.pk)) == []
    assert differing() == []


def test_the_banks_lines_of_a_settlement_end_what_was_owed_and_no_more() -> None:
    bank, ledger = make_bank(), Book()
    other = make_campaign(make_party("ung"), "ung")
    book(ledger.day(one(60_00, message="till ung")))
    deciding.to_donor(Item.objects.get().pk, None, other, by=DAVID)
    book(ledger.day(one(-60_00, day=LATER), one(-70_00, name="x", day=LATER), day=LATER))
    paid, too_much = Item.objects.filter(booked_on=LATER).order_by("-amount_ore")
    assert belonging.of(too_much) == []
    wrong = deciding.Choice("settlement", entity=other.entity)
    with pytest.raises(DecideError, match="sum"):
        deciding.decide(too_much.pk, wrong, by=DAVID)
    with pytest.raises(DecideError, match="kind"):
        deciding.decide(paid.pk, deciding.Choice("settlement"), by=DAVID)
    (before,) = debts.debts({bank.entity.pk})
    assert before.left_ore == 60_00
    chosen(paid, "settlement")
    assert balance_ore(bank.entity.pk, "owed_to_entity") == 0
    (after,) = debts.debts({bank.entity.pk})
    assert after.left_ore == 0, "paid without a list: no list pays it again"
    assert "settlement" not in {one.kind for one in belonging.of(paid)}
    assert differing() == []
