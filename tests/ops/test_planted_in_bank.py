"""Each identity of the bank's rows catches its fault, planted by the owner of the tables."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from fundraise.ledger.checks import DIFFERS, WAITING
from fundraise.reconciliation import deciding, proofs
from fundraise.reconciliation.models import Item
from fundraise.reconciliation.proof import sums
from tests.people import make_party
from tests.reconciliation.house import make_bank
from tests.reconciliation.test_inbox import OCR, book, donor_with
from tests.reconciliation.test_payouts_back import line, paid_out
from tests.reconciliation.written import DAY, Book, one

TABLES = (
    "reconciliation_line", "reconciliation_item", "reconciliation_match", "gifts_gift",
    "providers_payout", "reconciliation_statementfile", "ledger_entry",
)  # fmt: skip
FAULTS = {
    "a line of another sum": (
        "UPDATE reconciliation_line SET amount_ore = amount_ore + 1 WHERE amount_ore = 10000",
        {"bank: every booked line stands in the books with its sum",
         "bank: the items of a line are its sum"},
    ),
    "a part of another sum": (
        "UPDATE reconciliation_item SET amount_ore = amount_ore + 1 WHERE amount_ore = 2000",
        {"bank: the parts of a split item are its sum",
         "bank: suspense = open items that are booked"},
    ),
    "an item decided by nobody": (
        "UPDATE reconciliation_item SET state = 'matched' WHERE amount_ore = 700",
        {"bank: an item is decided exactly when one match stands",
         "bank: suspense = open items that are booked"},
    ),
    "a match that was not booked": (
        "UPDATE reconciliation_match SET booked_at = NULL",
        {"bank: every match of a booked file is booked"},
    ),
    "a match without its journal": (
        "UPDATE reconciliation_match SET journal_id = NULL WHERE state = 'stands'",
        {"bank: every match has its journal and its gift"},
    ),
    "a gift of another sum": (
        "UPDATE gifts_gift SET amount_ore = amount_ore + 1",
        {"bank: a gift that a match made is the item's sum"},
    ),
    "a payout that is less than was shown": (
        "UPDATE providers_payout SET amount_ore = amount_ore - 1",
        {"bank: no more of a payout is shown than it is"},
    ),
    "an open item out of suspense": (
        "UPDATE reconciliation_item SET suspense_journal_id = NULL WHERE amount_ore = 700",
        {"bank: open items of ours lie in suspense",
         "bank: suspense = open items that are booked"},
    ),
}  # fmt: skip
UNBOOKED = "bank: files that were not booked"


@pytest.fixture
def house(as_owner: None) -> None:
    """A gift, an unknown payer, a payment split in two, and a payout."""
    bank = make_bank()
    donor_with(OCR, bank)
    paid_out(bank)
    unknown = one(7_00, message="x"), one(50_00, message="y")
    book(Book().day(one(100_00, ocr=OCR), *unknown, line(900_00, DAY)))
    deciding.split(Item.objects.get(amount_ore=50_00).pk, [20_00, 30_00], by="staff:1")


def test_each_fault_is_caught(house: None) -> None:
    assert wrong() == set()
    caught = set[str]()
    with connection.cursor() as cursor:
        _without_triggers(cursor)
        for name, (statement, expected) in FAULTS.items():
            spot = transaction.savepoint()
            cursor.execute(statement)
            assert (name, wrong()) == (name, expected)
            caught |= expected
            transaction.savepoint_rollback(spot)
        assert {check.name for check in proofs.checks()} - caught == {UNBOOKED}
        cursor.execute("UPDATE reconciliation_statementfile SET state = 'read', booked_at = NULL")
    waits = [(check.name, check.actual) for check in proofs.checks() if check.status == WAITING]
    assert (waits, wrong()) == ([(UNBOOKED, 1)], set())


def test_what_one_owes_and_no_other_has_to_get_is_found(house: None) -> None:
    make_party("district")
    assert between() == ("ok", 0, 0)
    with connection.cursor() as cursor:
        _without_triggers(cursor)
        cursor.execute(
            "UPDATE ledger_entry e SET credit_account_id = o.id"
            " FROM ledger_account g JOIN ledger_account o ON o.entity_id = g.entity_id"
            " WHERE g.id = e.credit_account_id AND g.role = 'gifts' AND o.role = 'owed_to_entity'"
        )
    assert between() == ("differs", 100_00, 0)


def test_what_came_and_what_was_decided_is_kept(house: None) -> None:
    for statement in (
        "UPDATE reconciliation_line SET amount_ore = amount_ore + 1",
        "UPDATE reconciliation_item SET amount_ore = amount_ore + 1",
        "DELETE FROM reconciliation_line",
        "DELETE FROM reconciliation_item",
        "DELETE FROM reconciliation_match",
        "UPDATE reconciliation_match SET state = 'suggested'",
        "UPDATE reconciliation_match SET gift_id = NULL",
        "UPDATE reconciliation_item SET state = 'unknown' WHERE state = 'split'",
        "UPDATE reconciliation_ruleversion SET mode = 'auto'",
        "DELETE FROM reconciliation_ruleversion",
        "DELETE FROM reconciliation_queueitem",
        "UPDATE reconciliation_statementfile SET state = 'read', booked_at = NULL",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")
    Item.objects.filter(amount_ore=7_00).update(state="split")
    with pytest.raises(DatabaseError, match="not its sum"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def wrong() -> set[str]:
    return {check.name for check in proofs.checks() if check.status == DIFFERS}


def between() -> tuple[str, int | str, int | str]:
    found = next(one for one in sums.checks() if one.name.startswith("between entities:"))
    return found.status, found.expected, found.actual


def _without_triggers(cursor: CursorWrapper) -> None:
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
