"""A copy that was just taken is as new as the code: only one test lets it be migrated.

For the others the app's role gets its rights, which is what is left of a migration then.
"""

from __future__ import annotations

import os

import pytest
from django.db import connection

from fundraise.ledger.grants import apply_grants
from fundraise.ops.backup import inside
from fundraise.ops.backup.programs import Server
from tests import servers

MANAGE = inside._manage


@pytest.fixture
def migrates() -> None:
    """This test's copies are migrated, by a process of their own."""


@pytest.fixture(autouse=True)
def _as_new(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def manage(environ: dict[str, str], *words: str) -> str:
        if words[0] != "migrate":
            return MANAGE(environ, *words)
        owner = environ["DATABASE_OWNER_URL"]
        servers.point_django_at(Server(owner).name, owner)
        apply_grants(connection)
        servers.point_django_at(servers.DATABASE, os.environ["DATABASE_URL"])
        return ""

    if "migrates" not in request.fixturenames:
        monkeypatch.setattr(inside, "_manage", manage)
