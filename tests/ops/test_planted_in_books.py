"""Each identity of what left the books catches its fault, planted by the owner of the tables."""

from __future__ import annotations

from django.db import connection, transaction

from fundraise.ledger import services as ledger
from fundraise.ledger.models import Period
from fundraise.reporting.books import exporting, proofs
from tests.people import DAVID
from tests.reporting.books.posting import NOVEMBER, november

TABLES = ("books_bookexport", "books_exportedjournal", "ledger_period")
WHOLE = "books: every file is to the byte what was made"
SAID = "books: the journals of each 4I file are as many and as much as it says"
WHOSE = "books: no file holds another entity's journal, another day's or one from before the start"
LEFT = "books: nothing is left to hand over in a locked month"
FAULTS = {
    "a byte too many": (
        "UPDATE books_bookexport SET content = content || ' '::bytea, size = size + 1", {WHOLE},
    ),
    "a size that is another": ("UPDATE books_bookexport SET size = size - 1", {WHOLE}),
    "a sum that is another": ("UPDATE books_bookexport SET sum_ore = sum_ore + 1", {SAID}),
    "days that do not hold its journals": (
        "UPDATE books_bookexport SET to_day = DATE '2026-11-29'", {WHOSE},
    ),
    "a journal taken out of the file of a locked month": (
        "DELETE FROM books_exportedjournal WHERE journal_id ="
        " (SELECT id FROM ledger_journal WHERE source = 'b')",
        {SAID, LEFT},
    ),
    "a month that was locked before its file": (
        "INSERT INTO ledger_period (entity_id, first_day, state, changed_at, changed_by)"
        " SELECT entity_id, DATE '2026-12-01', 'locked', changed_at, changed_by"
        " FROM ledger_period",
        {LEFT},
    ),
}  # fmt: skip


def test_each_fault_of_what_left_the_books_is_caught(as_owner: None) -> None:
    party, _campaign = november()
    ledger.set_period(party, month=NOVEMBER[0], state=Period.State.CLOSED, by=DAVID)
    exporting.export_4i(party, *NOVEMBER, by=DAVID)
    assert wrong() == set()
    caught = set[str]()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, (statement, expected) in FAULTS.items():
            spot = transaction.savepoint()
            cursor.execute(statement)
            assert (name, wrong()) == (name, expected)
            caught |= expected
            transaction.savepoint_rollback(spot)
    assert {check.name for check in proofs.checks()} == caught


def wrong() -> set[str]:
    return {check.name for check in proofs.checks() if check.status != "ok"}
