"""What works for a nicer process is as nice, so that nobody waits behind either."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from django.db import connection

from fundraise import priority
from tests import servers

ASKED = """
import os
os.nice({steps})
import django
django.setup()
from django.db import connection
connection.ensure_connection()
pid = connection.connection.info.backend_pid
print(pid, os.getpriority(os.PRIO_PROCESS, pid), open(f"/proc/{{pid}}/autogroup").read().strip())
"""


def asked(steps: int) -> list[str]:
    """What a process of so many steps is told of the server's process that works for it."""
    environ = os.environ | {"DATABASE_URL": servers.url_of("postgres")}
    done = subprocess.run(
        [sys.executable, "-c", ASKED.format(steps=steps)], env=environ, text=True,
        capture_output=True, check=True, cwd=servers.ROOT, timeout=300,
    )  # fmt: skip
    return done.stdout.split()


def usual() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="Linux groups sessions")
def test_the_servers_process_is_as_nice_as_who_it_works_for() -> None:
    _pid, nice, *_group, group = asked(7)
    assert int(nice) == min(usual() + 7, 19)
    assert group == nice


@pytest.mark.django_db
def test_only_a_server_on_this_machine_is_made_nicer(monkeypatch: pytest.MonkeyPatch) -> None:
    lowered: list[tuple[int, int]] = []
    monkeypatch.setattr(priority, "lower", lambda *one: lowered.append(one))
    monkeypatch.setattr(os, "getpriority", lambda *_which: 7)
    connection.ensure_connection()
    server = connection.connection.info.backend_pid
    priority.share(connection=connection)
    monkeypatch.setattr(priority, "POSTGRES", b"something else: ")
    priority.share(connection=connection)
    assert lowered == [(server, 7)]


@pytest.mark.django_db
def test_who_is_not_nicer_than_usual_leaves_the_server_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "getpriority", lambda *_which: 0)
    monkeypatch.setattr(priority, "lower", lambda *_one: pytest.fail("lowered"))
    connection.ensure_connection()
    priority.share(connection=connection)


@pytest.mark.django_db
def test_who_may_not_is_not_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "getpriority", lambda *_which: 7)
    monkeypatch.setattr(os, "setpriority", refused)
    connection.ensure_connection()
    priority.share(connection=connection)
    server = psutil.Process(connection.connection.info.backend_pid)
    assert server.name().startswith("postgres")
