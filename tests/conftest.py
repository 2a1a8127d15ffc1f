"""What every test stands on: a database as the app role, keys, folders, and no outside world."""

from __future__ import annotations

import base64
import gc
import itertools
import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from _pytest import runner
from _pytest.unraisableexception import gc_collect_iterations_key

from tests import fresh, order, roomy, servers

# What is imported and collected stays to the end: walking through it again and again for garbage
# took a tenth of the suite.
gc.set_threshold(50_000, 20, 10)
servers.start()
# How fast a machine is says nothing about what is tried on it.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

from django.conf import settings as django_settings  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from pytest_django.plugin import blocking_manager_key  # noqa: E402

from fundraise import clock  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
KEY = base64.b64encode(b"k" * 32).decode()
TEMPLATE: list[str] = []
NUMBERS = itertools.count()

os.environ.setdefault("FUNDRAISE_FIELD_KEYS", f"t1:{KEY}")
os.environ.setdefault("FUNDRAISE_LOOKUP_KEYS", f"t1:{KEY}")
django_settings.FIELD_KEYS = [f"t1:{KEY}"]
django_settings.LOOKUP_KEYS = [f"t1:{KEY}"]
django_settings.DATABASE_URL = os.environ["DATABASE_URL"]
django_settings.DATABASE_OWNER_URL = os.environ["DATABASE_OWNER_URL"]
django_settings.CELERY_BROKER_URL = django_settings.BROKER_URL = "memory://"
django_settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
django_settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
django_settings.FORM_MIN_SECONDS = 0  # what waits for it has tests of its own
# Each test client would look through all static files anew, which takes longer than a page.
django_settings.WHITENOISE_AUTOREFRESH = True
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The stream of the serial ones does not read the four hundred files that have none."""
    if config.option.markexpr != "serial" or collection_path.suffix != ".py":
        return None
    return True if "mark.serial" not in collection_path.read_text(encoding="utf-8") else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """The tables are made here, where nothing else is to do, while the processes still collect."""
    blocker = config.stash[blocking_manager_key]

    def work() -> None:
        with blocker.unblock():
            servers.template()

    threading.Thread(target=work, name="template", daemon=True).start()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order.longest_first(items)


def pytest_configure(config: pytest.Config) -> None:
    """What nobody holds any more is looked for once at the end; five times is for other Pythons."""
    config.stash[gc_collect_iterations_key] = 1


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    return roomy.call(lambda: runner.pytest_runtest_protocol(item, nextitem))


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A database of this worker's own, copied from the migrated template, used as the app role."""
    with django_db_blocker.unblock():
        TEMPLATE[:] = [servers.template()]
        _copy()
        servers.point_django_at(servers.DATABASE, os.environ["DATABASE_URL"])
    yield
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
        servers.drop(servers.DATABASE)


def _as_new(_case: TransactionTestCase) -> None:
    from django.db import connections

    from mailings.appeals.services import sending

    connections.close_all()
    if not fresh.renewed(servers.DATABASE):
        _copy()
    # Numbers begin anew with the database, and what was kept under them was another appeal's.
    sending.appeal_of.cache_clear()
    sending.form_of.cache_clear()


def _copy() -> None:
    servers.copy(servers.DATABASE, TEMPLATE[0])
    fresh.note(servers.DATABASE)


TransactionTestCase._fixture_teardown = _as_new  # type: ignore[attr-defined]


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """pytest's own looks through all folders of the tests before for the next number."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    path = tmp_path_factory.getbasetemp() / f"{next(NUMBERS):04d}-{name}"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture(autouse=True)
def _house(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Folders of the test's own, real time, and empty caches."""
    from django.core.cache import cache

    settings.DATA_DIR = tmp_path
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MEDIA_ROOT = tmp_path / "media"
    clock.use(None)
    yield
    clock.use(None)
    cache.clear()


def chromium_path() -> str:
    """FUNDRAISE_CHROMIUM, or the first Chromium on PATH."""
    named = os.environ.get("FUNDRAISE_CHROMIUM")
    found = named or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if not found:
        pytest.fail("no Chromium: install it or set FUNDRAISE_CHROMIUM")
    return found


@pytest.fixture
def chromium(_chromium: Browser) -> Iterator[Browser]:
    """The browser. What a test leaves open is shut: a page that asks for news goes on asking."""
    yield _chromium
    for context in _chromium.contexts:
        context.close()


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    """The only browser of the process: playwright starts once in a thread and no second time.

    It keeps an event loop in this thread, in which Django would refuse every query, and has
    connections of its own: one left open outside it is cut off when the database is made anew.
    """
    from django.db import connections
    from playwright.sync_api import expect, sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    expect.set_options(timeout=60_000)  # a busy machine may be slow, and is not at fault
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _whole_log_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """force_login stands for a whole log-in: with a second factor, and just now."""
    from django.test import Client

    from tests.log_ins import enter

    monkeypatch.setattr(Client, "force_login", enter)
