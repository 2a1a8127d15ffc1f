"""A database as it was before a test that committed, without copying it whole.

Rows that were added are taken away and sequences set back, which takes a tenth of a copy's time.
Whatever else is different, a changed row of the template or a dropped index, asks for a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from tests import servers

# Every fact about tables, columns, rights, triggers, constraints, indexes, functions and settings.
_SHAPE = """
  SELECT md5(string_agg(fact, E'\\n' ORDER BY fact)) FROM (
    SELECT concat_ws(' ', 'class', oid, relname, relkind, relowner, relacl, relhastriggers,
                     relrowsecurity) AS fact
      FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'column', attrelid, attnum, attname, atttypid, atttypmod, attnotnull,
                     attacl)
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL
    SELECT concat_ws(' ', 'default', adrelid, adnum, md5(adbin::text)) FROM pg_attrdef
    UNION ALL
    SELECT concat_ws(' ', 'trigger', oid, tgrelid, tgname, tgenabled, tgfoid) FROM pg_trigger
    UNION ALL
    SELECT concat_ws(' ', 'constraint', oid, conrelid, conname, convalidated, md5(conbin::text))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'index', indexrelid, indrelid, indisunique, indisvalid, indislive)
      FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
      WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'function', oid, proname, proowner, proacl, prosecdef, md5(prosrc))
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'setting', setrole, setconfig)
      FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
      WHERE datname = current_database()
    UNION ALL
    SELECT concat_ws(' ', 'schema', nspname, nspowner, nspacl) FROM pg_namespace
      WHERE nspname !~ '^pg_(temp|toast)'
  ) facts"""
# Who wrote each of those facts last: a fraction of the work, and no fact changes without it.
_WRITTEN = " UNION ALL ".join(
    f"SELECT '{catalogue}', count(*), sum(xmin::text::bigint) FROM {catalogue}"
    for catalogue in ("pg_class", "pg_attribute", "pg_attrdef", "pg_trigger", "pg_constraint",
                      "pg_index", "pg_proc", "pg_db_role_setting", "pg_namespace")
)  # fmt: skip
_TABLES = """
  SELECT relname FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"""
_ENDED = """
  SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_SEQUENCES = "SELECT sequencename, last_value, start_value FROM pg_sequences"
Admin = psycopg.Connection[Any]


@dataclass(frozen=True)
class State:
    """What a fresh copy holds: its shape, a sum of each table that is not empty, the sequences."""

    shape: str
    written: list[Any]
    sums: dict[str, str]
    sequences: dict[str, int | None]


FRESH: dict[str, State] = {}
# Kept open: a new session would read the catalogue of all tables anew, which takes longer than all
# that is done in it.
ADMINS: dict[str, Admin] = {}


def note(database: str) -> None:
    """Remember a database that was just copied."""
    if database in ADMINS:
        ADMINS.pop(database).close()
    admin = ADMINS[database] = servers.superuser(database)
    # Triggers and foreign keys would only forbid it to take rows away. Set once, because what is
    # planned is forgotten when it is set.
    admin.execute("SET session_replication_role = replica")
    tables = _filled(admin)
    FRESH[database] = State(
        _shape(admin), _rows(admin, _WRITTEN), _sums(admin, tables), _sequences(admin)
    )


def renewed(database: str) -> bool:
    """Make a database as it was when noted; False when it must be copied. Ends who is in it."""
    fresh, admin = FRESH.get(database), ADMINS.get(database)
    if fresh is None or admin is None:
        return False
    try:
        return _renewed(admin, fresh)
    except psycopg.OperationalError:  # a test has ended every session, or the server
        return False


def _renewed(admin: Admin, fresh: State) -> bool:
    admin.execute(_ENDED)
    if _rows(admin, _WRITTEN) != fresh.written and _shape(admin) != fresh.shape:
        return False
    filled = set(_filled(admin))
    if not filled >= fresh.sums.keys() or _sums(admin, sorted(fresh.sums)) != fresh.sums:
        return False
    _empty(admin, sorted(filled - fresh.sums.keys()))
    _set_back(admin, fresh.sequences)
    return True


def _shape(admin: Admin) -> str:
    return str(_rows(admin, _SHAPE)[0][0])


def _filled(admin: Admin) -> list[str]:
    tables = [name for (name,) in _rows(admin, _TABLES)]
    each = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name))
        for name in tables
    ]
    found = admin.execute(sql.SQL(" UNION ALL ").join(each), prepare=True)  # planned once
    return [name for (name,) in found.fetchall()]


def _sums(admin: Admin, tables: list[str]) -> dict[str, str]:
    each = [
        sql.SQL("SELECT {}, md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {} t").format(
            name, sql.Identifier(name)
        )
        for name in tables
    ]
    return dict(admin.execute(sql.SQL(" UNION ALL ").join(each)).fetchall())


def _empty(admin: Admin, tables: list[str]) -> None:
    for table in tables:
        admin.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def _sequences(admin: Admin) -> dict[str, int | None]:
    return {name: last for name, last, _start in _rows(admin, _SEQUENCES)}


def _set_back(admin: Admin, before: dict[str, int | None]) -> None:
    for name, last, start in _rows(admin, _SEQUENCES):
        was = before[name]
        if last != was:
            called = was is not None
            admin.execute(
                "SELECT setval(quote_ident(%s)::regclass, %s, %s)",
                [name, was if called else start, called],
            )


def _rows(admin: Admin, question: str) -> list[Any]:
    return admin.execute(question.encode()).fetchall()
