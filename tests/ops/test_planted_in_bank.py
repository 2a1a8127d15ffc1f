"""Each identity of the bank's rows catches its fault, planted by the owner of the tables."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from fundraise.ledger.checks import DIFFERS
from fundraise.reconciliation import deciding, proofs
from fundraise.reconciliation.models import Item
from tests.reconciliation.house import make_bank
from tests.reconciliation.test_inbox import OCR, book, donor_with
from tests.reconciliation.written import Book, one

TABLES = (
    "reconciliation_line", "reconciliation_item", "reconciliation_match", "gifts_gift",
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
    "an open item out of suspense": (
        "UPDATE reconciliation_item SET suspense_journal_id = NULL WHERE amount_ore = 700",
        {"bank: open items of ours lie in suspense",
         "bank: suspense = open items that are booked"},
    ),
}  # fmt: skip


@pytest.fixture
def house(as_owner: None) -> None:
    """A gift, an unknown payer, and a payment split in two."""
    bank = make_bank()
    donor_with(OCR, bank)
    book(Book().day(one(100_00, ocr=OCR), one(7_00, message="x"), one(50_00, message="y")))
    deciding.split(Item.objects.get(amount_ore=50_00).pk, [20_00, 30_00], by="staff:1")


def test_each_fault_is_caught(house: None) -> None:
    assert wrong() == set()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, (statement, expected) in FAULTS.items():
            spot = transaction.savepoint()
            cursor.execute(statement)
            assert (name, wrong()) == (name, expected)
            transaction.savepoint_rollback(spot)


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
            cursor.execute(statement)
    Item.objects.filter(amount_ore=7_00).update(state="split")
    with pytest.raises(DatabaseError, match="not its sum"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def wrong() -> set[str]:
    return {check.name for check in proofs.checks() if check.status == DIFFERS}
