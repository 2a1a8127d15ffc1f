"""A real Chromium against the service on a port of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fundraise.campaigns.models import Campaign
from fundraise.providers.models import Account
from tests.give.conftest import _swedish  # noqa: F401 - the catalogue, compiled
from tests.people import make_campaign, make_party

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str:
    """FUNDRAISE_CHROMIUM, or the first Chromium on PATH."""
    named = os.environ.get("FUNDRAISE_CHROMIUM")
    found = named or next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if not found:
        pytest.fail("no Chromium: install it or set FUNDRAISE_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


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
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Opens a page in a browser without cookies: width, colour scheme, JavaScript as asked."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()
