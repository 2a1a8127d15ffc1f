from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mailings.senders.line import Times
from mailings.senders.sendgrid import accounts
from tests.mailings import http_stand_in
from tests.mailings.http_stand_in import HttpStandIn


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpStandIn]:
    """A server in SendGrid's place, and no patience."""
    monkeypatch.setattr(accounts, "TIMES", Times(connect=1.0, read=0.5, total=1.0))
    with http_stand_in.running() as made:
        settings.SENDGRID_HOST, settings.SENDGRID_API_KEY = made.url, "key-of-a-test"
        yield made
