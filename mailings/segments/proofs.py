"""The profiles against what they are copied from: all made anew, known old ones aside."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import Check

_FIELDS = (
    "ref", "bits", "years", "given_ore", "largest_ore", "last_ore", "once_ore", "gifts",
    "once_gifts", "known_on", "first_on", "last_on", "once_on", "source", "postcode", "town",
    "country", "steps", "counts",
)  # fmt: skip
_KEPT, _ANEW = (", ".join(f"{side}.{name}" for name in _FIELDS) for side in ("k", "r"))
_DIFFERING = f"""
  SELECT count(*) FROM segments_profile k
    FULL JOIN segments_profile_reckoned r USING (donor_id)
   WHERE ({_KEPT}) IS DISTINCT FROM ({_ANEW})
     AND donor_id NOT IN (SELECT donor_id FROM segments_stale)"""  # noqa: S608


def checks() -> Iterator[Check]:
    """Profiles that say another thing than their donors, and are not known to be old."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING)
        yield Check("segments: profiles that differ from their donors", 0,
                    int(cursor.fetchone()[0]))  # fmt: skip
