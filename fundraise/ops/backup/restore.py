"""Bring a backup back into an empty database, and prove that it is the one that was taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from fundraise import crypto
from fundraise.ops.backup import figures, inside, manifest, programs
from fundraise.ops.backup.errors import BackupError, NotEmpty, Unfinished
from fundraise.ops.backup.inside import Told
from fundraise.ops.backup.manifest import Manifest
from fundraise.ops.backup.programs import Server

FEW = 10
MayForget = Callable[[int, int], bool]
WITHOUT_A_KEY = """
    SELECT count(*) FILTER (WHERE key.donor_id IS NULL), count(*)
    FROM donors_donor AS donor LEFT JOIN keyring_donor_key AS key ON key.donor_id = donor.id
    WHERE donor.status <> 'erased'
"""
ANY_TABLE = "SELECT 1 FROM pg_tables WHERE schemaname = 'public'"


@dataclass(frozen=True, slots=True)
class Backup:
    """The two folders of a restore, read and found whole."""

    folder: Path
    ordinary: Manifest
    keys_folder: Path
    keys: Manifest

    @property
    def keys_are_newer(self) -> bool:
        """Then a donor without a key was forgotten since; with older ones it may be a new donor."""
        return self.keys.taken_at > self.ordinary.taken_at


@dataclass(frozen=True)
class Restored:
    """What came back, and in what it is not what was taken (nothing, when all is well)."""

    backup: Backup
    rows: int
    told: Told
    differences: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        return not self.differences


def few(without: int, known: int) -> bool:
    """Whether so many of the known donors may be forgotten without asking anybody."""
    return without <= FEW and without < known


def read(
    folder: Path, keys_folder: Path, *, older_keys: bool = False, changed: bool = False
) -> Backup:
    """Read and check both parts, and that they are of one house. Raises BackupError."""
    ordinary = manifest.read(folder, manifest.ORDINARY)
    keys = manifest.read(keys_folder, manifest.KEYS)
    if keys.taken_at < ordinary.taken_at and not older_keys:
        raise BackupError(
            "The key table is older than the ordinary backup, so donors made since could not be"
            " read. Take the newest key table. If there is no newer one, say --older-keys."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = sorted(set(ordinary.migrations) - known)
    if newer:
        raise BackupError(f"The backup is of newer code than this (it has {newer[-1]}).")
    _refuse_without_our_keys(ordinary, "this backup")
    _refuse_without_our_keys(keys, "this key table")
    if not changed:
        _refuse_another_house(ordinary, keys)
    return Backup(folder, ordinary, keys_folder, keys)


def _refuse_another_house(ordinary: Manifest, keys: Manifest) -> None:
    """Its keys open nothing here, and whoever they lack would be forgotten."""
    if keys.seal != ordinary.seal:
        raise BackupError(
            f"The key table is of another house: its seal was {keys.seal!r}, the backup's"
            f" {ordinary.seal!r}. If this house moved between the two, say --changed-since."
        )
    if not set(_field_keys(ordinary)) & set(_field_keys(keys)):
        raise BackupError(
            f"The key table was written under other field keys ({', '.join(_field_keys(keys))})"
            f" than the backup ({', '.join(_field_keys(ordinary))}). If this house changed them all"
            " between the two, say --changed-since."
        )


def _refuse_without_our_keys(written: Manifest, what: str) -> None:
    current = _field_keys(written)[:1]
    if not set(current) <= set(crypto.fingerprints()["FIELD_KEYS"]):
        raise BackupError(
            f"FUNDRAISE_FIELD_KEYS does not hold the key that {what} was written under:"
            f" {current[0]}. `manage.py keys` shows those that it holds."
        )


def _field_keys(written: Manifest) -> list[str]:
    return written.keys.get("FIELD_KEYS", [])


def restore(
    backup: Backup, into: Server, *, media: Path | None = None, may_forget: MayForget = few
) -> Restored:
    """Fill an empty database. Raises BackupError, and Unfinished when it broke on the way."""
    _prepare(into)
    try:
        return _restore(backup, into, media, may_forget)
    except BackupError as error:
        raise Unfinished(str(error)) from None


def _restore(backup: Backup, into: Server, media: Path | None, may_forget: MayForget) -> Restored:
    _load(backup, into)
    rows = figures.rows_of(into)
    behind = _migrations_behind(backup.ordinary)
    differences = _rows_differing(backup, rows)
    if backup.keys_are_newer:
        _ask_before_forgetting(into, may_forget)
    told = inside.run(into, app=_app(into), forget=backup.keys_are_newer)
    differences += _books_differing(backup.ordinary, told, behind=behind)
    if told.unread:
        differences.append(f"{told.unread} donors of those tried can't be read with these keys")
    if media is not None:
        manifest.unpack(backup.folder / manifest.MEDIA_FILE, media)
    return Restored(backup, sum(rows.values()), told, differences)


def _ask_before_forgetting(into: Server, may_forget: MayForget) -> None:
    """A key table that lacks many may be the wrong one, and what is forgotten never comes back."""
    with psycopg.connect(into.conninfo(), password=into.password or None) as owner:
        without, known = owner.execute(WITHOUT_A_KEY).fetchone() or (0, 0)
    if without and not may_forget(int(str(without)), int(str(known))):
        raise BackupError(
            f"{without} of {known} donors have no key in this key table and would be forgotten for"
            " good. Nobody was. Is it the newest key table of this house? If so, say --may-forget"
            f" {without}."
        )


def _app(into: Server) -> Server:
    return into.as_role_of(settings.DATABASE_URL)


def _prepare(into: Server) -> None:
    """The database is there and empty, and the app's role exists."""
    app = _app(into).role
    try:
        with psycopg.connect(into.conninfo(), password=into.password or None) as owner:
            if owner.execute(ANY_TABLE).fetchone():
                raise NotEmpty(
                    f"{into.shown()} is not empty. A restore fills an empty database only: make"
                    " one, or drop what is there yourself."
                )
            if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app]).fetchone():
                _create_role(owner, app)
    except psycopg.OperationalError as error:
        raise BackupError(f"{into.shown()} does not answer: {_first_line(error)}") from None


def _create_role(owner: psycopg.Connection[tuple[object, ...]], app: str) -> None:
    statement = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(app))
    try:
        owner.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        raise BackupError(
            f"The app's role is missing and this one may not make it. Run as a superuser: CREATE"
            f' ROLE "{app}" LOGIN PASSWORD …; (docs/deploy/roles.sql)'
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["it said nothing"])[0][:200]


def _load(backup: Backup, into: Server) -> None:
    """Tables and rows, then the keys of donors that are there, then constraints and triggers."""
    dump = backup.folder / manifest.DATABASE_FILE
    _pg_restore(into, backup, dump, "--section=pre-data", "--section=data")
    # A backup has no seal. Should one have it all the same, the copy is without it from here on.
    _execute(into, "DELETE FROM jobs_environmentseal")
    _pg_restore(into, backup, backup.keys_folder / manifest.KEYS_FILE, "--data-only")
    # Of donors made after the ordinary backup: their rows are lost with the days since.
    _execute(
        into, "DELETE FROM keyring_donor_key WHERE donor_id NOT IN (SELECT id FROM donors_donor)"
    )
    _pg_restore(into, backup, dump, "--section=post-data")
    _execute(into, "ANALYZE")


def _execute(into: Server, statement: LiteralString) -> None:
    with psycopg.connect(into.conninfo(), password=into.password or None) as owner:
        owner.execute(statement)


def _pg_restore(into: Server, backup: Backup, dump: Path, *options: str) -> None:
    common = ("--exit-on-error", "--no-owner", "--no-acl", "--single-transaction")
    with psycopg.connect(into.conninfo(), password=into.password or None) as owner:
        version = owner.info.server_version // 10_000
    version = max(version, backup.ordinary.program, backup.keys.program)
    programs.run("pg_restore", *common, *options, dump, server=into, at_least=version)


def _migrations_behind(ordinary: Manifest) -> bool:
    """Whether this code has migrations that the backup has not."""
    disk = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return bool(disk - set(ordinary.migrations))


def _rows_differing(backup: Backup, rows: dict[str, int]) -> list[str]:
    ordinary, apart = backup.ordinary, set(backup.ordinary.left_out)
    wanted = {table: n for table, n in ordinary.rows.items() if table not in apart}
    if backup.keys.id == ordinary.id:
        wanted |= backup.keys.rows
    return [
        f"{table}: {n} rows taken, {rows.get(table, 0)} came back"
        for table, n in sorted(wanted.items())
        if rows.get(table, 0) != n
    ]


def _books_differing(ordinary: Manifest, told: Told, *, behind: bool) -> list[str]:
    """Where the books that came back are not those that were taken."""
    before, now = _by_name(ordinary.books), _by_name(told.books)
    found = [] if told.heads == ordinary.heads else ["the ledger's chain ends otherwise"]
    names = sorted(set(before) & set(now)) if behind else sorted(set(before) | set(now))
    return found + [
        f"{name}: {before.get(name)} taken, {now.get(name)} came back"
        for name in names
        if before.get(name) != now.get(name)
    ]


def _by_name(books: dict[str, object]) -> dict[str, object]:
    checks = books.get("checks")
    listed = checks if isinstance(checks, list) else []
    return {str(check["name"]): check["actual"] for check in listed}
