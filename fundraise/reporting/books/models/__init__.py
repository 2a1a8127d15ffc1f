"""What left the books, and how a month was closed."""

from __future__ import annotations

from fundraise.reporting.books.models.earlier import EarlierList, EarlierMember
from fundraise.reporting.books.models.exports import (
    BookExport,
    BookFetch,
    BookReissue,
    ExportedJournal,
)
from fundraise.reporting.books.models.months import (
    Closing,
    MonthSignature,
    PackFile,
    Reopening,
)

__all__ = [
    "BookExport",
    "BookFetch",
    "BookReissue",
    "Closing",
    "EarlierList",
    "EarlierMember",
    "ExportedJournal",
    "MonthSignature",
    "PackFile",
    "Reopening",
]
