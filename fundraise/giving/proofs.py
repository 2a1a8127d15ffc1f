"""The roll-ups of giving against the gifts themselves: every row added up anew, to the öre."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import Check

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


def checks() -> Iterator[Check]:
    """Rows that differ from the gifts they add up; who gave nothing has no row, or one of zeros."""
    with connection.cursor() as cursor:
        for kind, key, fields in _KINDS:
            cursor.execute(_differing(kind, key, fields))
            yield Check(f"giving by {kind}: rows that differ from their gifts", 0,
                        int(cursor.fetchone()[0]))  # fmt: skip


def _differing(kind: str, key: list[str], fields: list[str]) -> str:
    """The names come from this file alone."""
    kept, anew = (", ".join(f"{side}.{name}" for name in fields) for side in ("k", "r"))
    return f"""
      SELECT count(*) FROM (SELECT * FROM giving_{kind}giving WHERE gifts <> 0) k
        FULL JOIN giving_{kind}_reckoned r USING ({", ".join(key)})
       WHERE ({kept}) IS DISTINCT FROM ({anew})"""  # noqa: S608
