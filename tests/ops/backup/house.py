"""A house with books, donors and a picture, its backup, and an empty place to restore into."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from fundraise.ops.backup import take
from fundraise.ops.backup.programs import Server
from tests import servers
from tests.donors.test_secrecy import plant
from tests.ops.books import make_books

PICTURE = b"not truly a picture"


def furnish() -> None:
    """Books with everything in them, one donor, one picture."""
    make_books()
    plant()
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True)
    (media / "0123abcd.webp").write_bytes(PICTURE)


def back_up(folder: Path) -> take.Taken:
    return take.take(folder / "ordinary", folder / "keys")


def owner() -> Server:
    """The owner's role on the test's own database."""
    return Server(servers.url_of(str(connection.settings_dict["NAME"]), "DATABASE_OWNER_URL"))


@contextmanager
def empty_database(word: str = "restored") -> Iterator[Server]:
    """An empty database of the owner's, dropped afterwards."""
    name = f"{servers.DATABASE}_{word}"
    place = owner().with_database(name)
    with psycopg.connect(owner().conninfo(), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield place
    finally:
        servers.drop(name)


@contextmanager
def looking_at(place: Server) -> Iterator[None]:
    """Django as the app's role in another database."""
    servers.point_django_at(place.name, os.environ["DATABASE_URL"])
    try:
        yield
    finally:
        servers.point_django_at(servers.DATABASE, os.environ["DATABASE_URL"])


def said(*words: str) -> str:
    """What a command told."""
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def tables(place: Server) -> int:
    with psycopg.connect(place.conninfo()) as other:
        row = other.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return int(row[0]) if row else 0
