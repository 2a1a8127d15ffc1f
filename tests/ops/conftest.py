"""The books as their owner sees them: who may plant faults that the app role can't."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests import servers


@pytest.fixture
def _owner_logged_in(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        servers.point_django_at(servers.DATABASE, os.environ["DATABASE_OWNER_URL"])
    yield
    with django_db_blocker.unblock():
        servers.point_django_at(servers.DATABASE, os.environ["DATABASE_URL"])


@pytest.fixture
def as_owner(_owner_logged_in: None, db: None) -> None:
    """The test's database as the role that owns its tables, in a transaction that is undone."""
