"""A long file is watched in a real Chromium, from waiting over counting to the file."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser

from fundraise.campaigns.models import Campaign
from fundraise.console import file_copy
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.providers.models import Account
from fundraise.reporting.exports.models import ExportRecord
from fundraise.reporting.exports.writers import CsvWriter
from tests.console.conftest import card_gift, make_user
from tests.console.test_chromium import logged_in, shot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), [("sv", 390), ("en", 1280)])
def test_progress_is_watched_to_the_end_and_the_file_fetched(
    language: str, width: int, chromium: Browser, live_server: Any, transactional_db: None,
    campaign: Campaign, stripe: Account, settings: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.EXPORT_AT_ONCE_ROWS, settings.EXPORT_DIR = 0, tmp_path
    monkeypatch.setattr(work, "queue", lambda _pk: None)
    monkeypatch.setattr(work, "STEP_SECONDS", 0.0)
    for number in range(4):
        card_gift(campaign, stripe, 100_00, f"ch_{number}")
    go_on = threading.Event()
    make_user("boss")
    page, complaints = logged_in(chromium, live_server.url, language, width)
    page.goto(f"{live_server.url}/staff/gifts/")
    page.click("button >> text=CSV")
    page.wait_for_selector("[data-poll] progress:not([value])")
    shot(page, f"progress-waiting-{language}-{width}")

    worker = threading.Thread(target=half_way, args=(Work.objects.get().pk, go_on, monkeypatch))
    worker.start()
    page.wait_for_selector("progress[value='50']")
    assert page.url.endswith(f"/staff/exports/{ExportRecord.objects.get().ref}/")
    shot(page, f"progress-half-{language}-{width}")
    go_on.set()
    worker.join()

    page.wait_for_selector("form[action$='/file/'] button")  # the page looks by itself
    shot(page, f"progress-done-{language}-{width}")
    with page.expect_download() as told:
        page.click("form[action$='/file/'] button")
    record = ExportRecord.objects.get()
    assert hashlib.sha256(told.value.path().read_bytes()).digest() == bytes(record.sha256 or b"")
    assert (record.rows, record.fetched, complaints) == (4, 1, [])
    page.context.close()


def half_way(pk: int, go_on: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that waits after the second of four rows."""
    real = CsvWriter.raw

    def slowly(writer: CsvWriter, lines: bytes) -> None:
        real(writer, lines)
        written.append(lines)
        if len(written) == 3:  # two have been told of
            assert go_on.wait(60)

    written: list[bytes] = []
    monkeypatch.setattr(file_copy, "LINES_AT_ONCE", 1)
    monkeypatch.setattr(CsvWriter, "raw", slowly)
    try:
        work.run(pk)
    finally:
        connections.close_all()
