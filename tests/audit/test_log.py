"""The log keeps who, what and when, and no personal data."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from fundraise import clock
from fundraise.audit import queries, services
from fundraise.audit.models import ChangeLine, ReadLine
from tests import servers

REF = UUID("0b0e7a52-7e3b-4c6c-9d8e-0a5c6f7e8d90")
pytestmark = pytest.mark.django_db


def log_a_change(
    by: str = "staff:7", action: str = "donor.consent.given", subject_type: str = "donor"
) -> ChangeLine:
    services.log_change(
        by=by,
        action=action,
        subject_type=subject_type,
        subject_ref=REF,
        after={"purpose": "appeals"},
    )
    return ChangeLine.objects.latest("id")


def test_a_change_says_who_what_which_and_why() -> None:
    services.log_change(
        by="staff:7",
        action="gift.refund.requested",
        subject_type="gift",
        subject_ref=REF,
        before={"status": "received"},
        after={"status": "refunding", "amount_ore": 20_000, "due": date(2026, 11, 1)},
        reason="The giver asked",
    )
    line = queries.changes_of("gift", REF).get()
    assert (line.by, line.action) == ("staff:7", "gift.refund.requested")
    assert (line.before, line.reason) == ({"status": "received"}, "The giver asked")
    assert line.after == {"status": "refunding", "amount_ore": 20_000, "due": "2026-11-01"}


def test_a_line_bears_the_time_of_the_clock() -> None:
    clock.use(lambda: timedelta(days=400))
    try:
        line = log_a_change()
        assert line.at - clock.real_now() > timedelta(days=399)
    finally:
        clock.use(None)


@pytest.mark.parametrize(
    "typed",
    [
        "Anna Lind",
        "anna@example.se",
        "+46701740605",
        "0701740605",
        "19811228-9874",
        "Åsa",
        "Storgatan 1\n111 22 Ort",
    ],
)
def test_text_that_may_be_a_person_is_not_kept(typed: str) -> None:
    assert services.kept({"name": typed, "list": [typed]}) == {
        "name": "(not kept)",
        "list": ["(not kept)"],
    }


@pytest.mark.parametrize(
    "code", ["appeals", "pi_3NxYz", "2026-11-23", str(REF), "v2", "gift.received", "", "sv"]
)
def test_codes_are_kept_as_they_are(code: str) -> None:
    assert services.kept(code) == code


def test_a_thing_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError, match="the log does not keep a bytes"):
        services.kept(b"x")


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("by", "Anna Lind", "change_actor_is_named"),
        ("by", "staff:", "change_actor_is_named"),
        ("action", "consent", "change_action_dotted"),
        ("subject_type", "a donor", "change_subject_type_is_a_code"),
    ],
)
def test_a_change_without_a_proper_actor_action_or_subject_is_refused(
    field: str, value: str, rule: str
) -> None:
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        log_a_change(**{field: value})
    assert ChangeLine.objects.count() == 0


@pytest.mark.parametrize("actor", ["staff:1", "system:outbox.sweep-2", f"donor:{REF}"])
def test_every_kind_of_actor_may_be_named(actor: str) -> None:
    assert log_a_change(by=actor).by == actor


def test_a_look_at_one_donor_is_one_line() -> None:
    services.log_read(by="staff:7", subject_type="donor", subject_ref=REF, purpose="card")
    line = queries.reads_of("donor", REF).get()
    assert (line.by, line.purpose, line.count) == ("staff:7", "card", 1)


def test_a_page_of_donors_is_one_line_for_each() -> None:
    other = UUID(int=5)
    services.log_reads(
        by="staff:7", subject_type="donor", subject_refs=[REF, other], purpose="list"
    )
    assert [line.subject_ref for line in ReadLine.objects.order_by("id")] == [str(REF), str(other)]


def test_an_export_is_one_line_with_a_count() -> None:
    services.log_read(by="staff:7", subject_type="donor", purpose="export", count=25_000)
    assert ReadLine.objects.get().count == 25_000


def test_a_look_without_a_purpose_is_refused() -> None:
    with pytest.raises(DatabaseError, match="read_has_a_purpose"), transaction.atomic():
        services.log_read(by="staff:7", subject_type="donor", subject_ref=REF, purpose="")
    assert ReadLine.objects.count() == 0


def test_a_look_at_one_record_can_not_count_many() -> None:
    with pytest.raises(DatabaseError, match="read_of_one_counts_one"), transaction.atomic():
        services.log_read(
            by="staff:7", subject_type="donor", subject_ref=REF, purpose="card", count=2
        )
    assert ReadLine.objects.count() == 0


@pytest.mark.parametrize("table", ["audit_changeline", "audit_readline"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET by = 'staff:9'", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_no_line_can_be_changed_or_taken_away(table: str, statement: str) -> None:
    log_a_change()
    services.log_read(by="staff:7", subject_type="donor", subject_ref=REF, purpose="card")
    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert (ChangeLine.objects.get().by, ReadLine.objects.get().by) == ("staff:7", "staff:7")


@pytest.mark.parametrize("table", ["audit_changeline", "audit_readline"])
def test_the_triggers_stand_against_the_owner_too(table: str) -> None:
    """tgtype: 2 before, 8 delete, 16 update, 32 truncate; no row bit: for each statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
            [table, f"{table}_append_only"],
        )
        assert cursor.fetchall() == [(2 + 8 + 16 + 32, "O")]


@pytest.mark.parametrize("table", ["audit_changeline", "audit_readline"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET by = 'staff:9'", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_the_owner_of_the_tables_is_refused_too(table: str, statement: str) -> None:
    url = servers.url_of(str(connection.settings_dict["NAME"]), "DATABASE_OWNER_URL")
    with (
        psycopg.connect(url, autocommit=True) as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match=f"{table} is append-only"),
    ):
        owner.execute(sql.SQL(statement).format(sql.Identifier(table)))
