"""The roll-ups of giving against the gifts themselves: every row added up anew, to the öre."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.gifts.proofs import moved_since
from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import SINCE, WHOLE, Check

_FIELDS = [
    "gifts", "given_ore", "largest_ore", "first_on", "last_on", "last_ore", "days", "sums_ore",
    "counts",
]  # fmt: skip
_ONCE = ["once_gifts", "once_on", "once_ore"]
_KINDS = [
    ("donor", ["donor_id"], [*_FIELDS, *_ONCE]),
    ("campaign", ["donor_id", "campaign_id"], _FIELDS),
    ("channel", ["donor_id", "channel"], _FIELDS),
]


# Arrays, so that each view adds up these donors alone (see migration 0001).
_DONORS = """
  SELECT coalesce(array_agg(DISTINCT donor_id), '{{}}') FROM gifts_gift
   WHERE donor_id IS NOT NULL AND id IN ({moved})"""


def checks() -> Iterator[Check]:
    """Rows that differ from the gifts they add up; who gave nothing has no row, or one of zeros."""
    yield from _checks("", [], WHOLE)


def checks_since(since: Since) -> Iterator[Check]:
    """The rows of donors whose gifts moved."""
    with connection.cursor() as cursor:
        cursor.execute(_DONORS.format(moved=moved_since(since)))
        (donors,) = cursor.fetchone()
    yield from _checks("WHERE donor_id = ANY(%s)", [donors, donors], SINCE)


def _checks(of: str, values: list[list[int]], reach: str) -> Iterator[Check]:
    with connection.cursor() as cursor:
        for kind, key, fields in _KINDS:
            cursor.execute(_differing(kind, key, fields, of), values)
            yield Check(f"giving by {kind}: rows that differ from their gifts", 0,
                        int(cursor.fetchone()[0]), reach=reach)  # fmt: skip


def _differing(kind: str, key: list[str], fields: list[str], of: str) -> str:
    """The names come from this file alone."""
    kept, anew = (", ".join(f"{side}.{name}" for name in fields) for side in ("k", "r"))
    return f"""
      SELECT count(*)
        FROM (SELECT * FROM (SELECT * FROM giving_{kind}giving {of}) g WHERE gifts <> 0) k
        FULL JOIN (SELECT * FROM giving_{kind}_reckoned {of}) r USING ({", ".join(key)})
       WHERE ({kept}) IS DISTINCT FROM ({anew})"""  # noqa: S608
