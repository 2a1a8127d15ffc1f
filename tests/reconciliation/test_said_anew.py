"""What was said of a line is undone and said anew, and the books follow to the öre each time."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from fundraise import clock
from fundraise.gifts import refunds
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.queries import balance_ore
from fundraise.providers import by_hand, refunding
from fundraise.reconciliation import deciding, inbox
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.models import Item, Line, Match, Rule, RuleVersion
from fundraise.reconciliation.paying import debts
from tests.people import NOON, make_campaign, make_party
from tests.proofs import differing
from tests.reconciliation.house import ADMIN, OPENING, Bank, make_bank
from tests.reconciliation.test_inbox import OCR, balances, book, donor_with, take
from tests.reconciliation.written import Book, Entry, Pay, details, one

pytestmark = pytest.mark.django_db
DAVID = "staff:7"
LATER = date(2026, 11, 3)
PAYS = (Pay(100_00, ocr=OCR, bank_ref="p1"), Pay(50_00, name="Eva Ek", bank_ref="p2"))
decide = partial(deciding.decide, by=DAVID)


def taken_back(ore: int, ref: str) -> Entry:
    """The bank takes back what it called `ref`."""
    return Entry((Pay(-ore, returned=True, end_to_end=ref),), day=LATER)


def asked(gift: Gift, ore: int) -> Refund:
    refund = refunds.request_refund(gift.pk, amount_ore=ore, reason="fel belopp", by=DAVID)
    refunding.send_refund(refund.pk)
    return refund


def test_a_gift_that_the_bank_took_back_is_undone_and_taken_back_once_more() -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    book(ledger.day(one(100_00, ocr=OCR)))
    book(ledger.day(one(-100_00, message="x", day=LATER), day=LATER))
    gift, item = Gift.objects.get(), Item.objects.get(amount_ore=-100_00)
    for _time in range(2):
        match = decide(item.pk, Choice("return", gift=gift))
        assert balances(bank) == {
            "bank": OPENING, "giro_clearing": 0, "suspense": 0, "gifts": 0,
        }  # fmt: skip
        assert differing() == []
        deciding.undo(match.pk, by=DAVID, why="Fel")
        assert balances(bank)["suspense"] == 100_00
        assert balances(bank)["gifts"] == -100_00
        assert differing() == []


def test_a_line_shows_the_refund_that_was_asked_for_anew() -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    book(ledger.day(one(300_00, ocr=OCR)))
    first = asked(Gift.objects.get(), 100_00)
    book(ledger.day(one(-100_00, end_to_end=first.ref.hex, day=LATER), day=LATER))
    match = Match.objects.get(kind="refund")
    deciding.undo(match.pk, by=DAVID, why="Fel")
    second = asked(Gift.objects.get(), 100_00)
    decide(match.item_id, Choice("refund", refund=second))
    assert list(Refund.objects.order_by("pk").values_list("state", flat=True)) == [
        "failed", "settled",
    ]  # fmt: skip
    assert balances(bank) == {
        "bank": OPENING + 200_00, "giro_clearing": 0, "suspense": 0, "gifts": -200_00,
    }  # fmt: skip
    assert differing() == []


def test_another_entity_s_gift_that_the_bank_takes_back_is_owed_no_more() -> None:
    bank, ledger = make_bank(), Book()
    other = make_campaign(make_party("ung"), "ung")

    def owed() -> tuple[int, ...]:
        roles = ("gifts", "owed_by_entity", "giro_clearing")
        theirs = [balance_ore(other.entity_id, role) for role in roles]
        return (balance_ore(bank.entity.pk, "owed_to_entity"), *theirs)

    book(ledger.day(one(60_00, message="till ung", bank_ref="zz1")))
    deciding.to_donor(Item.objects.get().pk, None, other, by=DAVID)
    assert owed() == (-60_00, -60_00, 60_00, 0)
    book(ledger.day(taken_back(60_00, "zz1"), day=LATER))
    match = deciding.take(Match.objects.get(kind="return").pk, by=DAVID)
    assert owed() == (0, 0, 0, 0)
    assert balances(bank)["suspense"] == balances(bank)["giro_clearing"] == 0
    assert [debt.left_ore for debt in debts.debts({bank.entity.pk})] == [0]
    assert differing() == []
    deciding.undo(match.pk, by=DAVID, why="Fel")
    assert owed() == (-60_00, -60_00, 60_00, 0)
    assert balances(bank)["suspense"] == 60_00
    assert differing() == []
    entered = by_hand.ManualGift(other, 60_00, "bank", NOON, "b-9", DAVID)
    stranger = by_hand.record_manual_gift(entered)
    with pytest.raises(DecideError, match="stale"):  # it never came here
        decide(match.item_id, Choice("return", gift=stranger))
    assert differing() == []


def test_others_batch_is_undone_whole() -> None:
    bank = make_bank(is_shared=True)
    book(Book().day(Entry((Pay(100_00, name="A"), Pay(50_00, name="B")), ref="B1")))
    deciding.class_others([item.pk for item in Item.objects.all()], by=DAVID)
    first, second = Match.objects.filter(state="stands").order_by("item_id")
    deciding.undo(first.pk, by=DAVID, why="Fel")
    assert set(Item.objects.values_list("state", flat=True)) == {"unknown"}
    assert not Match.objects.filter(state="stands").exists()
    deciding.to_donor(second.item_id, None, bank.campaign, by=DAVID)
    assert balances(bank) == {
        "bank": OPENING + 150_00, "giro_clearing": 0, "suspense": -100_00, "gifts": -50_00,
    }  # fmt: skip
    assert differing() == []


@pytest.mark.parametrize("details_first", [True, False])
def test_a_shared_account_s_batch_is_booked_when_a_payer_of_it_is_ours(details_first: bool) -> None:
    bank = make_bank(is_shared=True, details_follow=True)
    donor_with(OCR, bank)
    day, behind = Book().day(Entry((), ref="B7", ore=150_00)), details(Entry(PAYS, ref="B7"))
    for content in (behind, day) if details_first else (day, behind):
        book(content)
    for file in inbox.booking_files.unfinished():
        inbox.finish(file)
    assert balances(bank) == {
        "bank": OPENING + 150_00, "giro_clearing": 0, "suspense": -50_00, "gifts": -100_00,
    }  # fmt: skip
    assert differing() == []


def test_a_shared_account_s_batch_whose_payers_came_later_is_others() -> None:
    bank: Bank = make_bank(is_shared=True, details_follow=True)
    book(Book().day(Entry((), ref="B7", ore=150_00)))
    book(details(Entry(PAYS, ref="B7")))
    parts = Item.objects.exclude(state="split")
    assert deciding.class_others([item.pk for item in parts], by=DAVID) == 2
    assert Line.objects.get().other_books
    assert balances(bank)["bank"] == OPENING
    assert differing() == []


def test_a_return_that_is_not_so_any_more_keeps_no_file_back() -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    RuleVersion.objects.create(
        rule=Rule.objects.get(key="taken_back"), number=2, mode="auto", settings={},
        valid_from=clock.now(), made_by=ADMIN,
    )  # fmt: skip
    book(ledger.day(one(100_00, ocr=OCR, bank_ref="zz1")))
    file = take(ledger.day(taken_back(100_00, "zz1"), day=LATER))
    assert Match.objects.get(kind="return").state == "stands"
    by_hand.confirm_refund_by_hand(asked(Gift.objects.get(), 100_00), NOON, "b-1", DAVID)

    assert inbox.book(file.pk, by=ADMIN).unknown == 1

    assert Match.objects.get(kind="return").ended_why == "stale"
    assert balances(bank)["suspense"] == 100_00
    assert differing() == []
