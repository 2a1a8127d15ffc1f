"""A file is kept as it came, sealed, before anybody reads it; the same bytes are one file."""

from __future__ import annotations

import hashlib
import zlib
from datetime import date

from django.db import IntegrityError, transaction

from fundraise import clock, crypto
from fundraise.reconciliation.models import StatementFile

KEPT_YEARS = 7  # after the year in which it came: bookkeeping act 7:2
LARGEST = 1_000_000_000
LEVEL = 1  # XML shrinks to a tenth at once; more takes longer than it saves


class InboxError(ValueError):
    """It can't be done; nothing was changed. Codes: empty, too_large, not_read, booked, refused,
    booked_elsewhere."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def store(content: bytes, *, by: str, name: str = "", via: str = "page") -> StatementFile:
    """Keep a file as it came, once. Raises InboxError: empty, too_large."""
    if not content[:4096].strip() and not content.strip():
        raise InboxError("empty")
    if len(content) > LARGEST:
        raise InboxError("too_large")
    digest = hashlib.sha256(content).digest()
    known = StatementFile.objects.filter(sha256=digest).defer("sealed").first()
    if known is not None:
        return known
    now = clock.now()
    sealed = crypto.seal(zlib.compress(content, LEVEL), context=_context(digest))
    try:
        with transaction.atomic():
            return StatementFile.objects.create(
                name=name[:160],
                sha256=digest,
                sealed=sealed,
                size=len(content),
                via=via,
                taken_by=by[:60],
                received_at=now,
                keep_until=date(clock.local_date(now).year + KEPT_YEARS, 12, 31),
            )
    except IntegrityError:  # somebody dropped it at the same time
        return StatementFile.objects.defer("sealed").get(sha256=digest)


def content_of(file: StatementFile) -> bytes:
    """The bytes as they came. Raises crypto.CryptoError when a key is missing."""
    digest = bytes(file.sha256)
    return zlib.decompress(crypto.unseal(bytes(file.sealed), context=_context(digest)))


def prune(today: date) -> int:
    """The bytes of files whose retention has run out go; that they came, and their rows, stay."""
    old = StatementFile.objects.filter(keep_until__lt=today).exclude(sealed=b"")
    return old.update(sealed=b"")


def _context(digest: bytes) -> str:
    return f"statement:{digest.hex()}"
