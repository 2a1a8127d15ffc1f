"""Take a backup: the ordinary one into one folder, the key table into another.

Both see the same instant as the figures of the manifest. Each is written beside its place and
gets its name when it is whole, so that a folder with a name is a backup and nothing else is.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fundraise import clock, crypto, seal
from fundraise.ops.backup import figures, manifest, programs
from fundraise.ops.backup.errors import BackupError
from fundraise.ops.backup.figures import Figures
from fundraise.ops.backup.manifest import Manifest
from fundraise.ops.backup.programs import Server

PART = ".part"


@dataclass(frozen=True, slots=True)
class Taken:
    """Where the two backups lie, and what the ordinary one says."""

    ordinary: Path
    keys: Path
    manifest: Manifest
    pictures: int


def take(to: Path, keys_to: Path) -> Taken:
    """Back the database up. Raises BackupError; then nothing new lies in either folder."""
    _refuse_one_place(to, keys_to)
    now = clock.real_now()
    name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    parts: list[Path] = []
    try:
        parts += [_part(to, name)]
        parts += [_part(keys_to, name)]
        with figures.snapshot() as found:
            ordinary, pictures = _ordinary(parts[0], name, now.isoformat(), found)
            _keys(parts[1], name, now.isoformat(), found)
        # The keys first: an ordinary backup never lacks the keys of its own instant.
        keys = parts[1].rename(keys_to / name)
        return Taken(parts[0].rename(to / name), keys, ordinary, pictures)
    except BaseException as error:
        for part in parts:
            shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, OSError):
            raise BackupError(f"The backup could not be written: {error.strerror}.") from None
        raise


def _refuse_one_place(to: Path, keys_to: Path) -> None:
    first, second = to.resolve(), keys_to.resolve()
    if first == second or first in second.parents or second in first.parents:
        raise BackupError(
            "The key table goes into a folder apart, not into or around that of the ordinary"
            " backup: whoever has both can read every donor."
        )


def _part(folder: Path, name: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}{PART}"
        part.mkdir(mode=0o700)
    except OSError as error:
        raise BackupError(f"{folder} can't be written: {error.strerror}.") from None
    return part


def _ordinary(part: Path, name: str, at: str, found: Figures) -> tuple[Manifest, int]:
    without = [f"--exclude-table-data=public.{table}" for table in figures.left_out()]
    _dump(part / manifest.DATABASE_FILE, found, *without)
    pictures = manifest.pack(Path(settings.MEDIA_ROOT), part / manifest.MEDIA_FILE)
    said = Manifest(
        id=name,
        kind=manifest.ORDINARY,
        at=at,
        seal=seal.described(),
        server=found.server,
        program=programs.version_for("pg_dump", found.server),
        migrations=found.migrations,
        rows=found.rows,
        left_out=figures.left_out(),
        heads=found.heads,
        books=found.books,
        keys=crypto.fingerprints(),
        files=manifest.files_of(part),
    )
    manifest.write(part, said)
    return said, pictures


def _keys(part: Path, name: str, at: str, found: Figures) -> None:
    only = [f"--table=public.{table}" for table in figures.key_tables()]
    _dump(part / manifest.KEYS_FILE, found, "--data-only", *only)
    rows = {table: found.rows[table] for table in figures.key_tables()}
    said = Manifest(
        id=name,
        kind=manifest.KEYS,
        at=at,
        seal=seal.described(),
        server=found.server,
        program=programs.version_for("pg_dump", found.server),
        migrations=[],
        rows=rows,
        left_out=[],
        keys=crypto.fingerprints(),
        files=manifest.files_of(part),
    )
    manifest.write(part, said)


def _dump(path: Path, found: Figures, *options: str) -> None:
    programs.run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-acl",
        f"--snapshot={found.snapshot}",
        f"--file={path}",
        *options,
        server=source(),
        at_least=found.server,
    )
    manifest.sync(path)


def source() -> Server:
    """The database of the settings, for the app role: it may read every table."""
    from django.db import connection

    # The name as the connection has it: a test and a replica stand beside what the URL says.
    return Server(settings.DATABASE_URL).with_database(str(connection.settings_dict["NAME"]))
