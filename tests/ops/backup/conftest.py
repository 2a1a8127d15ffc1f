"""A copy that was just taken is as new as the code: only one test lets it be migrated.

For the others the app's role gets its rights, which is what is left of a migration then, and what
is done in the copy is done by this process.
"""

from __future__ import annotations

import os

import pytest
from django.db import connection

from fundraise.ledger.grants import apply_grants
from fundraise.ops.backup import inside
from tests import servers


@pytest.fixture
def migrates() -> None:
    """This test's copies are migrated and settled, by processes of their own."""


@pytest.fixture(autouse=True)
def _as_new(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def manage(environ: dict[str, str], *words: str) -> str:
        name = environ[inside.MARK]
        try:
            if words[0] == "migrate":
                servers.point_django_at(name, environ["DATABASE_OWNER_URL"])
                apply_grants(connection)
                return ""
            servers.point_django_at(name, environ["DATABASE_URL"])
            with monkeypatch.context() as marked:
                marked.setenv(inside.MARK, name)
                return inside.settle(forget="--forget" in words)
        finally:
            servers.point_django_at(servers.DATABASE, os.environ["DATABASE_URL"])

    if "migrates" not in request.fixturenames:
        monkeypatch.setattr(inside, "_manage", manage)
