"""The pack of a closed month: report as PDF and XLSX, and every journal; made once and kept.

A worker makes it, so that no page waits for a month of a hundred thousand journals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from fundraise import clock
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.jobs.work import Pace
from fundraise.language import SWEDISH
from fundraise.reporting.books.closing import paper, sheets
from fundraise.reporting.books.closing.report import report_of
from fundraise.reporting.books.closing.tables import tables
from fundraise.reporting.books.exporting import lock
from fundraise.reporting.books.models import Closing, PackFile

KIND, NUMBER = "month_pack", 3  # files of a pack
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ask_for_pack(closing: Closing, *, by: str) -> Work | None:
    """Have a worker make the pack; None when it is there, or one is at it."""
    if closing.packed_at is not None:
        return None
    first = closing.first_day
    place = reverse("console:month", args=[closing.entity.ref, first.year, first.month])
    return work.begin_once(KIND, by=by, arguments={"closing": closing.pk}, place=place)


def latest_work(closing: Closing) -> Work | None:
    """The newest work on a pack, as far as it has come; None when nobody asked lately."""
    rows = Work.objects.filter(kind=KIND, arguments={"closing": closing.pk})
    return rows.order_by("-pk").first()


def run(arguments: dict[str, Any], pace: Pace) -> None:
    """settings.WORK["month_pack"]."""
    closing = Closing.objects.select_related("entity").get(pk=arguments["closing"])
    make_pack(closing, pace.step)


def make_pack(
    closing: Closing, step: Callable[[int, int | None], None] = lambda _done, _total: None
) -> list[PackFile]:
    """The files of a closed month; those that are there when it was packed before.

    The month is frozen, so that the pack may be made after it was closed: one that failed is made
    again and says the same. Of a month that was opened meanwhile nothing is kept.
    """
    if closing.packed_at is not None:
        return list(closing.pack.order_by("name"))
    made = []
    step(0, NUMBER)
    with translation.override(SWEDISH):
        for one in _files(closing):
            made.append(one)
            step(len(made), None)
    return _kept(closing, made)


@transaction.atomic
def _kept(closing: Closing, made: Iterable[tuple[str, str, bytes]]) -> list[PackFile]:
    lock(closing.entity)
    closing.refresh_from_db()
    if closing.packed_at is not None:
        return list(closing.pack.order_by("name"))
    if closing.state != Closing.State.CLOSED:
        return []
    now = clock.now()
    found = [
        PackFile(
            closing=closing,
            name=name,
            media_type=media_type,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            made_at=now,
        )
        for name, media_type, content in made
    ]
    PackFile.objects.bulk_create(found)
    closing.packed_at = now
    closing.save(update_fields=["packed_at"])
    return found


def _files(closing: Closing) -> Iterator[tuple[str, str, bytes]]:
    report = report_of(closing)
    parts = list(tables(report))
    name = f"{closing.entity.slug}-{closing.first_day:%Y-%m}"
    yield f"avstamning-{name}.pdf", PDF, paper.pdf(report, parts, SWEDISH)
    yield f"avstamning-{name}.xlsx", XLSX, sheets.workbook(parts, closing.closed_at)
    journals = sheets.workbook([sheets.journal_table(report)], closing.closed_at)
    yield f"verifikationer-{name}.xlsx", XLSX, journals
