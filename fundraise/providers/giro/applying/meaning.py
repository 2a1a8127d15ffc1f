"""A row's meaning: what it says, whichever file says it and whenever that was written.

Keyed, because another system's payer numbers may be identity numbers. After a new look-up key a row
is not known again by its meaning; pledges and draws still do everything once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from fundraise import crypto
from fundraise.providers.autogiro.layout import Line
from fundraise.providers.autogiro.mandates import EMandate, MandateAdvice

BYTES = 16
PAID = "0"
Key = tuple[bytes, int]


def keys_of(kind: str, bankgiro: str, written_on: str, lines: Iterable[Line]) -> list[Key]:
    """Meaning and place among equals, of every line of a section."""
    secret = crypto.lookup_ring().current.secret
    begin = hashlib.blake2b(f"{kind}\x1f{bankgiro}".encode(), digest_size=BYTES, key=secret)
    seen: Counter[bytes] = Counter()
    found = []
    for text in _texts(lines, written_on):
        digest = begin.copy()
        digest.update(text.encode("utf-8", "surrogatepass"))
        key = digest.digest()
        found.append((key, seen[key]))
        seen[key] += 1
    return found


def _texts(lines: Iterable[Line], written_on: str) -> Iterator[str]:
    for _at, row in lines:
        yield "\x1f".join(map(str, _said(row, written_on)))


def _said(row: Any, written_on: str) -> tuple[Any, ...]:
    """What counts of a record. Of mandates neither account nor identity number: too few to hide."""
    if isinstance(row, MandateAdvice):
        return ("73", row.payer, row.information, row.comment, row.day)
    if isinstance(row, EMandate):
        return ("52", row.payer, row.message, written_on)
    if getattr(row, "status", None) == "":  # the old layout's word for paid
        return (type(row).__name__, *row[:-1], PAID)
    return (type(row).__name__, *row)


def known(keys: Iterable[Key]) -> set[Key]:
    """Those that a file before had."""
    wanted = list({key for key, _nth in keys})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, nth FROM giro_inrow WHERE key = ANY(%s) AND result <> 'already'", [wanted]
        )
        return {(bytes(key), nth) for key, nth in cursor.fetchall()}
