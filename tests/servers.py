"""The test suite's own PostgreSQL and the databases in it.

Tests run as the app role, so that a right it must not have fails here and not in production. Each
pytest worker has a database of its own, copied from a migrated template; a test that commits gets
a fresh copy afterwards (the ledger can't be emptied, by design).
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from fundraise.env import database_from_url
from fundraise.local.postgres import OWNER, Postgres

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".data" / "tests"
SESSION = os.environ.setdefault("TEST_SESSION", str(os.getpid()))
DATABASE = f"test_{SESSION}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def start() -> None:
    """Start the server in the first process and tell the others by the environment."""
    if "TEST_OWNER_URL" in os.environ:
        return
    postgres = Postgres(FOLDER / "postgres", durable=False)
    postgres.ensure()
    atexit.register(postgres.leave)
    postgres.create_roles_and_database()
    os.environ["DATABASE_URL"] = postgres.url()
    os.environ["DATABASE_OWNER_URL"] = postgres.url(OWNER)
    os.environ["TEST_OWNER_URL"] = postgres.url("postgres", "postgres")


def point_django_at(name: str, role_url: str) -> None:
    """Make Django's default connection log in to a database with the role of a URL."""
    connections.close_all()
    parts = database_from_url(role_url)
    target: dict[str, Any] = settings.DATABASES["default"]
    target.update({key: parts[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")})
    target["NAME"] = name
    connections["default"].settings_dict.update(target)


def url_of(name: str, variable: str = "DATABASE_URL") -> str:
    """A role's URL with another database's name in it."""
    url = os.environ[variable]
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def template() -> str:
    """The name of the migrated template, made when a migration has changed."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("**/migrations/*")):
        if path.suffix in {".py", ".sql"} and ".venv" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    digest.update((ROOT / "fundraise/ledger/grants.py").read_bytes())
    digest.update(repr(settings.APPEND_ONLY_TABLES).encode())
    name = f"template_{digest.hexdigest()[:12]}"
    with _alone():
        if not _exists(name):
            _migrate(name)
    return name


def copy(name: str, source: str) -> None:
    """Make a database anew as a copy of another."""
    with _superuser() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" OWNER {OWNER}')


def drop(name: str) -> None:
    """Remove a database, whoever is in it."""
    with _superuser() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrate(name: str) -> None:
    half_made = f"{name}_new"
    with _superuser() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{half_made}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{half_made}" OWNER {OWNER}')
    point_django_at(half_made, os.environ["DATABASE_OWNER_URL"])
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()
    with _superuser() as admin:
        admin.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{name}"')


def _exists(name: str) -> bool:
    with _superuser() as admin:
        found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return found is not None


def _superuser() -> psycopg.Connection[Any]:
    parts = database_from_url(os.environ["TEST_OWNER_URL"])
    return psycopg.connect(
        host=str(parts["HOST"]) or None,
        port=str(parts["PORT"]) or None,
        user=str(parts["USER"]),
        password=str(parts["PASSWORD"]) or None,
        dbname=str(parts["NAME"]),
        autocommit=True,
    )


@contextmanager
def _alone() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
