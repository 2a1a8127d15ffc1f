"""A worker that is killed in the middle of a file: the next makes one whole file, none half."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from fundraise import clock, crypto
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.console import file_copy
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.providers.models import Account
from fundraise.reporting.exports import services
from fundraise.reporting.exports.models import ExportRecord
from fundraise.reporting.exports.writers import CsvWriter
from tests.console.conftest import card_gift
from tests.killing import die, in_a_process_that_dies

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]
ROWS = 12


def dying(real: Callable[..., Any], at: int, *, after: bool) -> Callable[..., Any]:
    """A function that kills its process the `at`th time, before or after its work."""
    calls = [0]

    def called(*args: Any, **options: Any) -> Any:
        calls[0] += 1
        if calls[0] == at and not after:
            die()
        answer = real(*args, **options)
        if calls[0] == at and after:
            die()
        return answer

    return called


KILLS: dict[str, tuple[object, str, int, bool]] = {
    "between rows": (CsvWriter, "raw", 5, False),
    "between parts of the kept file": (crypto, "encrypt_with", 2, True),
    "before the file is noted": (services, "finish", 1, False),
    "after the file is noted": (services, "finish", 1, True),
}


@pytest.fixture
def record(
    campaign: Campaign, stripe: Account, david: Client, settings: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> ExportRecord:  # fmt: skip
    """A long file of twelve gifts, asked for."""
    settings.EXPORT_AT_ONCE_ROWS, settings.EXPORT_DIR = 0, tmp_path
    monkeypatch.setattr(work, "queue", lambda _pk: None)
    monkeypatch.setattr(services, "CHUNK", 500)
    monkeypatch.setattr(file_copy, "LINES_AT_ONCE", 1)
    for number in range(ROWS):
        card_gift(campaign, stripe, 100_00 + number, f"ch_{number}")
    david.post("/staff/gifts/as-file/", {"format": "csv"})
    return ExportRecord.objects.get()


def fetched(client: Client, record: ExportRecord) -> bytes:
    answer: Any = client.post(f"/staff/exports/{record.ref}/file/")
    parts: Iterator[bytes] = answer.streaming_content
    return b"".join(parts)


@pytest.mark.parametrize("moment", KILLS)
def test_killed_worker_leaves_one_whole_file_in_the_end(
    moment: str, record: ExportRecord, david: Client, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    where, name, at, after = KILLS[moment]
    pk = Work.objects.get().pk
    with monkeypatch.context() as patched:
        patched.setattr(where, name, dying(getattr(where, name), at, after=after))
        in_a_process_that_dies(lambda: work.run(pk))
    record.refresh_from_db()
    assert (record.made_at is None) == (moment != "after the file is noted")
    assert Work.objects.get().state == "running"
    work.run(pk)  # the dead one's lease still holds
    assert Work.objects.get().tries == 1

    Work.objects.update(leased_until=clock.real_now())
    assert work.sweep()["again"] == 1
    work.run(pk)

    record.refresh_from_db()
    taken = fetched(david, record)
    assert [path.name for path in tmp_path.iterdir()] == [f"{record.ref}.sealed"]
    assert hashlib.sha256(taken).digest() == bytes(record.sha256 or b"")
    lines = list(csv.reader(io.StringIO(taken.decode("utf-8-sig")), delimiter=";"))
    assert (len(lines), record.rows, Work.objects.get().state) == (ROWS + 2, ROWS, "done")
    assert ChangeLine.objects.filter(action="export.made").count() == 1
