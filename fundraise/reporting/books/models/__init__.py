"""What left the books, and how a month was closed."""

from __future__ import annotations

from fundraise.reporting.books.models.exports import (
    BookExport,
    BookFetch,
    BookReissue,
    ExportedJournal,
)

__all__ = ["BookExport", "BookFetch", "BookReissue", "ExportedJournal"]
