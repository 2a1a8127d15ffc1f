"""Papers handed out: made the first time, kept sealed, the same bytes for whoever asks again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import translation

from fundraise import clock, crypto
from fundraise.reporting.models import KeptPaper, Receipt, YearStatement
from fundraise.reporting.papers import pdf, words
from fundraise.reporting.yearly import words as yearly

LANGUAGES = ("sv", "en")


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF and what its file is called, without a word about the giver."""

    name: str
    content: bytes = field(repr=False)


def receipt_pdf(receipt: Receipt, language: str, *, by: str) -> Paper:
    """A receipt as PDF. Raises crypto.CryptoError when a key is missing."""
    with transaction.atomic():
        row = Receipt.objects.select_for_update(of=("self",), no_key=True)
        locked = row.select_related("gift__campaign", "gift__donor", "entity").get(pk=receipt.pk)
        kept = KeptPaper.objects.filter(receipt=locked, language=language).first()
        if kept is None:
            with translation.override(language):
                values = words.of_receipt(locked, language, by=by)
            kept = _keep("receipt", values, locked.issued_at, receipt=locked, language=language)
    word = "kvitto" if language == "sv" else "receipt"
    return Paper(f"{word}-{receipt.year}-{receipt.number}.pdf", _opened(kept))


def statement_pdf(statement: YearStatement, language: str) -> Paper:
    """A yearly statement as PDF. Raises crypto.CryptoError when a key is missing."""
    with transaction.atomic():
        locked = YearStatement.objects.select_for_update(of=("self",), no_key=True)
        row = locked.get(pk=statement.pk)
        kept = KeptPaper.objects.filter(statement=row, language=language).first()
        if kept is None:
            with translation.override(language):
                values = yearly.of_statement(row, language)
            kept = _keep("statement", values, row.issued_at, statement=row, language=language)
    word = "arsbesked" if language == "sv" else "yearly-statement"
    return Paper(f"{word}-{str(statement).replace(' ', '-')}.pdf", _opened(kept))


def _keep(kind: str, values: words.Values, at: datetime, **of: object) -> KeptPaper:
    version = pdf.NOW[kind]
    content = pdf.render(kind, version, values, at)
    row = KeptPaper(template=version, made_at=clock.now(), **of)
    row.sha256 = hashlib.sha256(content).digest()
    row.sealed = crypto.seal(content, context=_context(row))
    row.save(force_insert=True)
    return row


def _opened(row: KeptPaper) -> bytes:
    return crypto.unseal(bytes(row.sealed), context=_context(row))


def _context(row: KeptPaper) -> str:
    of = f"receipt:{row.receipt_id}" if row.receipt_id else f"statement:{row.statement_id}"
    return f"paper:{of}:{row.language}"
