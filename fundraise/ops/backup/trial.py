"""A backup that was never restored is a hope: restore it beside the house and compare."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.ops.backup import restore
from fundraise.ops.backup.errors import BackupError, NotEmpty
from fundraise.ops.backup.programs import Server
from fundraise.ops.backup.restore import Restored
from fundraise.ops.models import RestoreTrial

FAILED, SUBJECT = "restore-trial-failed", "backup"


@dataclass(frozen=True, slots=True)
class Tried:
    """The record of a trial, and all that differed."""

    record: RestoreTrial
    differences: list[str]


def attempt(ordinary: Path, keys: Path, *, owner: Server, by: str) -> Tried:
    """Restore a backup into a scratch database, compare, drop it, leave a record.

    A trial that does not succeed rings; one that does closes the alarm. Raises BackupError.
    """
    begun = time.monotonic()
    try:
        backup = restore.read(ordinary, keys)
        with scratch(owner) as place:
            found = restore.restore(backup, place)
    except BackupError as error:
        _keep(ordinary.name, [str(error)], None, time.monotonic() - begun, by)
        raise
    differences = [*found.differences, *([] if found.told.holds else ["the books do not agree"])]
    record = _keep(ordinary.name, differences, found, time.monotonic() - begun, by)
    return Tried(record, differences)


def _keep(
    name: str, differences: list[str], found: Restored | None, seconds: float, by: str
) -> RestoreTrial:
    if differences:
        jobs.raise_alarm(FAILED, SUBJECT, f"{name} did not come back as it was: {differences[0]}")
    else:
        jobs.resolve_alarms(FAILED)
    checks = found.told.books.get("checks") if found else []
    return RestoreTrial.objects.create(
        at=clock.real_now(),
        seconds=round(seconds),
        backup=name[:40],
        tables=len(found.backup.ordinary.rows) if found else 0,
        rows=found.rows if found else 0,
        checks=len(checks) if isinstance(checks, list) else 0,
        equal=not differences,
        told=differences[0][:300] if differences else "",
        by=by,
    )


@contextmanager
def scratch(owner: Server) -> Iterator[Server]:
    """An empty database that is gone afterwards: BACKUP_TRY_URL, or one made here."""
    if settings.BACKUP_TRY_URL:
        place = Server(settings.BACKUP_TRY_URL)
        try:
            yield place
        except NotEmpty:
            raise
        except BaseException:
            _empty(place)
            raise
        _empty(place)
        return
    name = f"fundraise_try_{secrets.token_hex(6)}"
    _on_server(owner, "CREATE DATABASE {} TEMPLATE template0", name)
    try:
        _on_server(owner, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
        _let_the_app_in(owner, name)
        yield owner.with_database(name)
    finally:
        _on_server(owner, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _let_the_app_in(owner: Server, name: str) -> None:
    app = owner.as_role_of(settings.DATABASE_URL).role
    if app and app != owner.role:
        _on_server(owner, "GRANT CONNECT ON DATABASE {} TO {}", name, app)


def _on_server(owner: Server, statement: str, *names: str) -> None:
    made = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
    with psycopg.connect(
        owner.conninfo(), password=owner.password or None, autocommit=True
    ) as connection:
        try:
            connection.execute(made)
        except psycopg.errors.InsufficientPrivilege:
            raise BackupError(
                f"The role {owner.role} may not make a database to try in: give it CREATEDB, or"
                " name an empty one in BACKUP_TRY_URL (docs/operations.md)."
            ) from None


def _empty(place: Server) -> None:
    """Remove what the trial put there: it was empty before."""
    with psycopg.connect(
        place.conninfo(), password=place.password or None, autocommit=True
    ) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
