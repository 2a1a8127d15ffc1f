"""Not even the owner of the tables changes what is written."""

from __future__ import annotations

import psycopg
import pytest

from fundraise.ledger import services
from tests import servers
from tests.ledger.test_posting import draft
from tests.people import make_party

STATEMENTS = [
    "UPDATE ledger_journal SET text = 'x'",
    "DELETE FROM ledger_journal",
    "TRUNCATE ledger_journal CASCADE",
    "UPDATE ledger_entry SET amount_ore = 1",
    "DELETE FROM ledger_entry",
    "TRUNCATE ledger_entry",
]


@pytest.mark.django_db(transaction=True)
def test_triggers_refuse_the_owner() -> None:
    services.post_journals([draft(make_party().pk)])
    owner = servers.url_of(servers.DATABASE, "DATABASE_OWNER_URL")
    for statement in STATEMENTS:
        with (
            psycopg.connect(owner) as connection,
            pytest.raises(psycopg.errors.RestrictViolation, match="append-only"),
        ):
            connection.execute(statement)
    with psycopg.connect(owner) as connection:
        kept = connection.execute("SELECT count(*), sum(amount_ore) FROM ledger_entry").fetchone()
    assert kept == (1, 200_00)


@pytest.mark.django_db(transaction=True)
def test_a_closed_month_refuses_even_a_row_written_past_the_door() -> None:
    from datetime import date

    from fundraise.ledger.models import Period

    party = make_party()
    services.post_journals([draft(party.pk)])
    services.set_period(party, month=date(2026, 11, 1), state=Period.State.CLOSED, by="staff:1")
    owner = servers.url_of(servers.DATABASE, "DATABASE_OWNER_URL")
    copy = (
        "INSERT INTO ledger_journal SELECT (jsonb_populate_record(j, jsonb_build_object('id', 99,"
        " 'number', 2, 'position', 2, 'source', 'x', 'ref', gen_random_uuid()))).*"
        " FROM ledger_journal j"
    )
    with (
        psycopg.connect(owner) as connection,
        pytest.raises(psycopg.errors.RestrictViolation, match="closed"),
    ):
        connection.execute(copy)
