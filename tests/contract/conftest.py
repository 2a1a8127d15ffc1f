"""Every sender in turn, with its world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.contract import carriers
from tests.contract.carriers import Harness


@pytest.fixture(params=sorted(django_settings.MAIL_SENDERS))
def harness(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Harness]:
    with carriers.carrier(request.param, settings, tmp_path) as made:
        yield made
