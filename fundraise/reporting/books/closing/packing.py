"""The pack of a closed month: report as PDF and XLSX, and every journal; made once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db import transaction
from django.utils import translation

from fundraise import clock
from fundraise.language import SWEDISH
from fundraise.reporting.books.closing import paper, sheets
from fundraise.reporting.books.closing.report import report_of
from fundraise.reporting.books.closing.tables import tables
from fundraise.reporting.books.exporting import lock
from fundraise.reporting.books.models import Closing, PackFile

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make_pack(closing: Closing) -> list[PackFile]:
    """The files of a closed month; those that are there when it was packed before.

    The month is frozen, so that the pack may be made after it was closed: one that failed is made
    again and says the same.
    """
    with transaction.atomic():
        lock(closing.entity)
        closing.refresh_from_db()
        if closing.packed_at is not None:
            return list(closing.pack.order_by("name"))
        now = clock.now()
        with translation.override(SWEDISH):
            made = list(_files(closing))
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
