"""Each identity of pledges and of autogiro's files catches its fault, planted by the owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection

from fundraise.ledger import proving
from tests.giro import GiroHouse, own_giro

TABLES = (
    "gifts_gift", "pledges_collection", "pledges_instalment", "pledges_mandate", "giro_outfile",
    "giro_infile", "giro_inrow", "giro_deposit",
)  # fmt: skip
OPEN = [
    "SET CONSTRAINTS ALL IMMEDIATE",
    *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES),
    "ALTER TABLE pledges_collection DROP CONSTRAINT collection_paid_has_its_gift",
    "ALTER TABLE pledges_instalment DROP CONSTRAINT instalment_is_announced_before_it_is_drawn",
]
GIFTS = "pledges: draws that were paid = gifts of pledges"
PAID = "pledges: every paid period has its paid draw"
OUT = "pledges: every period that is out has its draw"
TOLD = "pledges: nothing is out that was not announced"
STOP = "pledges: nothing was sent after a stop"
FILES = "autogiro: draws in files = paid + not paid + still out"
ROWS = "autogiro: draws that the bank paid = their gifts"
DEPOSITS = "autogiro: deposits = ours + nobody's + another system's"
BOOKED = "autogiro: what files brought = what is booked on giro clearing"

FAULTS = {
    "a paid draw without its gift": (
        "UPDATE pledges_collection SET gift_id = NULL WHERE id = (SELECT min(id) FROM"
        " pledges_collection WHERE gift_id IS NOT NULL)",
        {GIFTS, ROWS},
    ),
    "a paid period called missed": (
        "UPDATE pledges_instalment SET state = 'missed' WHERE state = 'paid'",
        {PAID},
    ),
    "a period that is out without a draw": (
        "UPDATE pledges_instalment SET state = 'collecting', notice_id = (SELECT min(id) FROM"
        " pledges_notice) WHERE id = (SELECT min(id) FROM pledges_instalment"
        " WHERE state = 'planned')",
        {OUT},
    ),
    "a draw that nobody was told of": (
        "UPDATE pledges_instalment SET notice_id = NULL WHERE state = 'collecting'",
        {TOLD},
    ),
    "a stop before a draw left": (
        "INSERT INTO pledges_mandatetransition (mandate_id, from_state, to_state, at, by, reason,"
        " event_id) SELECT min(mandate_id), 'active', 'ending', '2026-11-03 00:00Z', 'donor', '',"
        " '' FROM pledges_collection WHERE sent_at IS NOT NULL",
        {STOP},
    ),
    "a file of another sum": (
        "UPDATE giro_outfile SET sum_ore = sum_ore + 1 WHERE kind = 'payments'"
        " AND id = (SELECT min(id) FROM giro_outfile WHERE kind = 'payments')",
        {FILES},
    ),
    "a row of another sum": (
        "UPDATE giro_inrow SET amount_ore = amount_ore + 1 WHERE kind = '82'",
        {ROWS},
    ),
    "a file that says it brought more": (
        "UPDATE giro_infile SET ours_ore = ours_ore + 1 WHERE kind = 'payment_specification'",
        {DEPOSITS, BOOKED},
    ),
}


@pytest.fixture
def house(as_owner: None) -> Iterator[GiroHouse]:
    """One pledge with a paid draw and another whose draw is on its way."""
    with own_giro() as made:
        made.sign_up()
        made.sign_up(day=4)
        made.until(date(2026, 12, 4))
        made.day()
        made.sign_up(day=28)
        made.until(date(2026, 12, 23))
        made.go_to(date(2026, 12, 23), 8)
        made.beat()
        made.evening()
        yield made


def test_books_with_autogiro_agree_and_each_fault_is_found(house: GiroHouse) -> None:
    assert {check.name for check in proving.prove().differing} == set()
    caught = set[str]()
    for fault, (statement, expected) in FAULTS.items():
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT planted")
            for one in [*OPEN, statement]:
                cursor.execute(one)
            found = {check.name for check in proving.prove().differing}
            cursor.execute("ROLLBACK TO SAVEPOINT planted")
        assert found == expected, fault
        caught |= found
    names = {check.name for check in proving.prove().checks}
    ours = {name for name in names if name.startswith(("pledges:", "autogiro:"))}
    assert ours - caught == {
        "autogiro: files in doubt"
    }  # waits for a person: no fault of the books
