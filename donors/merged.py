"""Records that were merged into one donor: which they are, and which may be one. Reads only.

Two that somebody said are two (services/apart.py) are suggested to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from donors.models import Donor, DonorMerge, DonorsApart

MOST = 10
# What speaks for two being one: a contact point or a number that both have, or the same whole name.
_SHARED = """
  SELECT o.donor_id, o.kind FROM donors_contactpoint m
    JOIN donors_contactpoint o ON o.kind = m.kind AND o.value_hash = m.value_hash
   WHERE m.donor_id = %(donor)s AND o.donor_id <> m.donor_id AND m.kind <> 'postal'
   UNION
  SELECT o.donor_id, 'number' FROM donors_identity m
    JOIN donors_identity o ON o.kind = m.kind AND o.value_hash = m.value_hash
   WHERE m.donor_id = %(donor)s AND o.donor_id <> m.donor_id
   UNION
  SELECT o.id, 'name' FROM donors_donor m JOIN donors_donor o ON o.name_hash = m.name_hash
   WHERE m.id = %(donor)s AND o.id <> m.id"""
# The certain ones of the whole register, by key: one number, or one name with a shared address.
# What several have is few, and is found by the index alone.
_PAIRS = """
  WITH twice AS MATERIALIZED (
    SELECT kind, value_hash FROM donors_contactpoint WHERE kind <> 'postal'
     GROUP BY kind, value_hash HAVING count(*) > 1)
  SELECT first, second FROM (
    SELECT a.donor_id AS first, b.donor_id AS second FROM twice t
      JOIN donors_contactpoint a ON a.kind = t.kind AND a.value_hash = t.value_hash
      JOIN donors_contactpoint b ON b.kind = t.kind AND b.value_hash = t.value_hash
       AND b.donor_id > a.donor_id
      JOIN donors_donor x ON x.id = a.donor_id
      JOIN donors_donor y ON y.id = b.donor_id AND y.name_hash = x.name_hash
     WHERE a.donor_id >= %(after)s
     UNION
    SELECT a.donor_id, b.donor_id FROM donors_identity a
      JOIN donors_identity b ON b.kind = a.kind AND b.value_hash = a.value_hash
       AND b.donor_id > a.donor_id
     WHERE a.donor_id >= %(after)s) pairs
   WHERE (first, second) > (%(after)s, %(after_second)s)
     AND NOT EXISTS (SELECT FROM donors_donorsapart said
                      WHERE said.first_id = pairs.first AND said.second_id = pairs.second)
   ORDER BY first, second LIMIT %(most)s"""
ORDER = ("number", "email", "phone", "name")


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that may be the same donor, and what speaks for it (number, email, phone, name)."""

    donor: Donor
    shared: tuple[str, ...]


def records_of(donor_id: int) -> list[int]:
    """The donor and every record that was merged into it, by number."""
    gone = DonorMerge.objects.filter(kept=donor_id).order_by("gone")
    return [donor_id, *gone.values_list("gone_id", flat=True)]


def refs_of(ref: UUID) -> list[UUID]:
    """The same by ref."""
    gone = DonorMerge.objects.filter(kept__ref=ref).order_by("gone")
    return [ref, *gone.values_list("gone__ref", flat=True)]


def kept_for(ref: UUID) -> UUID | None:
    """Into which donor a record was merged; None when it was not."""
    rows = DonorMerge.objects.filter(gone__ref=ref)
    return rows.values_list("kept__ref", flat=True).first()


def alike(donor_id: int) -> list[Alike]:
    """Who may be the same, the likeliest first; nobody is merged by that."""
    two = apart_from(donor_id)
    shared = {pk: what for pk, what in _shared(donor_id).items() if pk not in two}
    found = Donor.objects.in_bulk(shared)
    told = [Alike(found[pk], what) for pk, what in shared.items()]
    return sorted(
        told, key=lambda one: (-len(one.shared), ORDER.index(one.shared[0]), one.donor.pk)
    )[:MOST]


def in_common(donor_id: int, other: int) -> tuple[str, ...]:
    """What two records have in common, also where they are said to be two."""
    return _shared(donor_id).get(other, ())


def _shared(donor_id: int) -> dict[int, tuple[str, ...]]:
    shared = defaultdict[int, set[str]](set)
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, {"donor": donor_id})
        for other, what in cursor.fetchall():
            shared[other].add(what)
    return {pk: tuple(sorted(what, key=ORDER.index)) for pk, what in shared.items()}


def apart(donor_id: int) -> QuerySet[DonorsApart]:
    """What was said of this record and others being two, the newest first."""
    rows = DonorsApart.objects.filter(Q(first=donor_id) | Q(second=donor_id))
    return rows.order_by("-at", "-pk")


def apart_from(donor_id: int) -> set[int]:
    """Which records were said to be others than this one."""
    return {said.other(donor_id) for said in apart(donor_id)}


def said_apart(one: int, other: int) -> DonorsApart | None:
    """Who said that they are two, and when; None when nobody did."""
    first, second = sorted((one, other))
    return DonorsApart.objects.filter(first=first, second=second).first()


def pairs(after: tuple[int, int] = (0, 0), most: int = 50) -> list[tuple[int, int]]:
    """Records that are surely one, in order of their numbers, after a pair."""
    values = {"after": after[0], "after_second": after[1], "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, values)
        return [(first, second) for first, second in cursor.fetchall()]
