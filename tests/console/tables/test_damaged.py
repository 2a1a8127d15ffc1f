"""A kept file that was damaged on the disk: nothing of it is sent, and it is made again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.providers.models import Account
from fundraise.reporting.exports import services
from fundraise.reporting.exports.models import ExportRecord
from tests.console.house import furnish


@pytest.fixture
def record(
    campaign: Campaign, stripe: Account, david: Client, settings: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> ExportRecord:  # fmt: skip
    """A long file, made and kept."""
    settings.EXPORT_AT_ONCE_ROWS, settings.EXPORT_DIR = 0, tmp_path
    monkeypatch.setattr(services, "CHUNK", 200)
    furnish(campaign, stripe)
    david.post("/staff/gifts/as-file/", {"format": "csv"})
    work.run(Work.objects.get().pk)
    return ExportRecord.objects.get()


def flipped(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def cut(path: Path) -> None:
    """Whole parts are left, each of which opens: only the hash tells."""
    body = path.read_bytes()
    first = int.from_bytes(body[: services.LENGTH], "big") + services.LENGTH
    path.write_bytes(body[:first])


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [flipped, cut, halved, gone])
def test_damaged_file_is_not_sent_but_made_again(
    damage: Callable[[Path], None], record: ExportRecord, david: Client
) -> None:
    first = bytes(record.sha256 or b"")
    damage(services.place(record))

    said = david.post(f"/staff/exports/{record.ref}/file/", follow=True)

    assert said["Content-Type"].startswith("text/html")
    assert "Den sparade filen var skadad. Den görs om" in said.content.decode()
    assert "data-poll" in said.content.decode()
    record.refresh_from_db()
    assert (record.made_at, record.sha256, record.key, record.fetched) == (None, None, None, 0)
    assert not services.place(record).exists()

    work.run(Work.objects.latest("pk").pk)

    answer: Any = david.post(f"/staff/exports/{record.ref}/file/")
    taken = b"".join(answer.streaming_content)
    record.refresh_from_db()
    assert hashlib.sha256(taken).digest() == bytes(record.sha256 or b"") == first
    actions = ChangeLine.objects.filter(subject_type="export").order_by("pk")
    assert [line.action.partition(".")[2] for line in actions] == [
        "asked", "made", "damaged", "made", "fetched",
    ]  # fmt: skip


def test_two_presses_on_a_damaged_file_ask_for_one_new_file(
    record: ExportRecord, david: Client
) -> None:
    flipped(services.place(record))

    assert services.spoil(record, by=record.by) is True
    assert services.spoil(record, by=record.by) is False

    assert ChangeLine.objects.filter(action="export.damaged").count() == 1


def test_whole_file_is_sent_and_makes_no_new_work(record: ExportRecord, david: Client) -> None:
    answer: Any = david.post(f"/staff/exports/{record.ref}/file/")

    assert answer["Content-Length"] == str(len(b"".join(answer.streaming_content)))
    assert Work.objects.count() == 1
