"""A real Chromium against the service on a port of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from fundraise.campaigns.models import Campaign
from fundraise.providers.models import Account
from tests.give.conftest import _swedish  # noqa: F401 - the catalogue, compiled
from tests.people import make_campaign, make_party

NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    """Two million for the election, with Stripe (Swish in it) as its only way."""
    made = make_campaign(make_party())
    Account.objects.create(
        entity=made.entity, provider="stripe", slug="main", name="Stripe", settings_prefix="STRIPE"
    )
    return made


@pytest.fixture
def site(campaign: Campaign, live_server: Any, settings: Any) -> str:
    """The service's address, with the campaign in it."""
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def new_page(chromium: Browser) -> NewPage:
    """Opens a page in a browser without cookies: width, colour scheme, JavaScript as asked."""

    def open_page(width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        context.set_default_timeout(60_000)
        return context.new_page()

    return open_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()
