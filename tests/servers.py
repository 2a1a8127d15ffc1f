"""The test suite's own PostgreSQL and the databases in it.

Tests run as the app role, so that a right it must not have fails here and not in production. Each
pytest worker has a database of its own, copied from a migrated template. After a test that commits
it is made as new (`tests/fresh.py`), since the app role can't empty the ledger, by design.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from fundraise.env import database_from_url
from fundraise.local.postgres import OWNER, Postgres
from fundraise.local.shares import Share, alone

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".data" / "tests"
SESSION = os.environ.setdefault("TEST_SESSION", str(os.getpid()))
DATABASE = f"test_{SESSION}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
SHARES: dict[str, Share] = {}
FULL = os.environ.get("SCALE") == "full"
BY_FILE = "STRATEGY FILE_COPY"  # a third faster than through the log


def server() -> Postgres:
    """The suite's PostgreSQL; full sizes would fill the memory."""
    name = "postgres" if FULL else "quick"
    return Postgres(FOLDER / name, durable=False, in_memory=not FULL)


def start() -> None:
    """Start the server in the first process and tell the others by the environment."""
    if "TEST_OWNER_URL" in os.environ:
        return
    postgres = server()
    postgres.ensure()
    atexit.register(postgres.leave)
    with _alone():  # the other stream of the suite begins at the same moment
        postgres.create_roles_and_database()
    os.environ["DATABASE_URL"] = postgres.url()
    os.environ["DATABASE_OWNER_URL"] = postgres.url(OWNER)
    os.environ["TEST_OWNER_URL"] = postgres.url("postgres", "postgres")
    with _alone():
        _drop_what_killed_sessions_left()
        _count_rows_only_where_they_stay()


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
    for path in sorted(ROOT.glob("[!.]*/**/migrations/*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.name.encode() + path.read_bytes())
    digest.update((ROOT / "fundraise/ledger/grants.py").read_bytes())
    digest.update(repr(settings.APPEND_ONLY_TABLES).encode())
    digest.update(str(database_from_url(settings.DATABASE_URL)["USER"]).encode())
    name = f"template_{digest.hexdigest()[:12]}"
    with _alone():
        if name not in _databases():
            _migrate(name)
            _drop_templates_of_nobody(but=name)
        SHARES.setdefault(name, Share(_users_of(name))).take()
    return name


def copy(name: str, source: str) -> None:
    """Make a database anew as a copy of another."""
    with superuser() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" OWNER {OWNER} {BY_FILE}')
    with superuser(name) as fresh:
        # Lateness is counted from the last migration, and the template may be weeks old. A day
        # ahead, because a run of the suite may take longer than a job is allowed.
        fresh.execute("UPDATE django_migrations SET applied = now() + interval '1 day'")


def drop(name: str) -> None:
    """Remove a database, whoever is in it."""
    with superuser() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrate(name: str) -> None:
    half_made = f"{name}_new"
    with superuser() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{half_made}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{half_made}" OWNER {OWNER}')
    point_django_at(half_made, os.environ["DATABASE_OWNER_URL"])
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()
    with superuser() as admin:
        admin.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{name}"')


def _drop_templates_of_nobody(but: str) -> None:
    """Templates of older migrations, unless a session that began with one still copies it."""
    for old in _databases():
        if not old.startswith("template_") or old == but:
            continue
        users = Share(_users_of(old))
        users.take()
        if users.drop():
            drop(old)
            users.path.unlink()


def _drop_what_killed_sessions_left() -> None:
    for name in _databases():
        session = re.match(r"test_(\d+)_", name)
        if session and not psutil.pid_exists(int(session[1])):
            drop(name)


def _count_rows_only_where_they_stay() -> None:
    """A table that is counted just after it was emptied is taken for empty from then on, and the
    next test that fills it waits for plans that read all of it again for each row."""
    with superuser() as admin:
        admin.execute(f"ALTER SYSTEM SET autovacuum = {'on' if FULL else 'off'}")
        admin.execute("SELECT pg_reload_conf()")


def _users_of(template: str) -> Path:
    return FOLDER / f"{template}.lock"


def _databases() -> list[str]:
    with superuser() as admin:
        return [name for (name,) in admin.execute("SELECT datname FROM pg_database")]


def superuser(database: str = "") -> psycopg.Connection[Any]:
    parts = database_from_url(os.environ["TEST_OWNER_URL"])
    return psycopg.connect(
        host=str(parts["HOST"]) or None,
        port=str(parts["PORT"]) or None,
        user=str(parts["USER"]),
        password=str(parts["PASSWORD"]) or None,
        dbname=database or str(parts["NAME"]),
        autocommit=True,
    )


@contextmanager
def _alone() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with alone(FOLDER / "template.lock"):
        yield
