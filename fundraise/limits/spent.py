"""Use once: a proof or a mailed pass is spent on the words of one gift.

The same words again are told apart from other words, so that a double click, a reload or a lost
answer can lead to the gift that there is. Other words need another proof.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import Enum

from django.db import connection

from fundraise.limits.models import Spent

# The update changes nothing; it is there so that the row that was first is returned.
_SPEND = """
  INSERT INTO limits_spent AS s (key, words, until) VALUES (%s, %s, %s)
  ON CONFLICT (key) DO UPDATE SET words = s.words RETURNING words, xmax = 0"""


class Use(Enum):
    """What a use was."""

    FIRST = "first"
    AGAIN = "again"  # for the very same words
    OTHER = "other"


def spend(what: str, words: str, until: datetime) -> Use:
    """Use something once, for some words."""
    key, digest = (hashlib.sha256(text.encode()).digest() for text in (what, words))
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [key, digest, until])
        held, is_new = cursor.fetchone()
    if is_new:
        return Use.FIRST
    return Use.AGAIN if bytes(held) == digest else Use.OTHER


def is_spent(what: str) -> bool:
    """Whether it has been used. Reads only."""
    return Spent.objects.filter(key=hashlib.sha256(what.encode()).digest()).exists()


def prune(now: datetime) -> int:
    """Forget what has run out by itself."""
    return Spent.objects.filter(until__lt=now).delete()[0]
