"""Donors whom a reference, a confirmed payer or a name tells of, and what they usually give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import chain

from django.db import connection

from donors import lookup
from donors.models import Donor
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.matching.seen import Person, Seen
from fundraise.reconciliation.matching.words import name_orders

# Arrays, not lists of values: a statement of some thousands of them takes longer to write than
# to answer.
_REFERENCES = """
  SELECT r.number, r.donor_id, coalesce(r.campaign_id, p.campaign_id), r.entity_id
    FROM reconciliation_reference r JOIN donors_donor d ON d.id = r.donor_id
    LEFT JOIN pledges_pledge p ON p.id = r.pledge_id
   WHERE d.status <> 'erased' AND r.entity_id = ANY(%s) AND r.number = ANY(%s) ORDER BY r.id"""
_PAYERS = """
  SELECT p.key, p.donor_id, p.times FROM reconciliation_payeralias p
    JOIN reconciliation_bankaccount b ON b.id = p.account_id
    JOIN donors_donor d ON d.id = p.donor_id AND d.status <> 'erased'
   WHERE p.key = ANY(%s) AND p.ended_at IS NULL AND b.entity_id = %s ORDER BY p.id"""
_USUAL = """
  SELECT donor_id, last_ore, gifts FROM giving_donorgiving WHERE donor_id = ANY(%s) AND gifts > 0"""


def of_references(numbers: Collection[str], entity_id: int) -> dict[str, tuple[Person, ...]]:
    """Whose references these are: this entity's, else another's whose number it is."""
    if not numbers:
        return {}
    found = defaultdict[str, list[Person]](list)
    _references(found, [entity_id], numbers)
    left = [number for number in numbers if number not in found]
    others = LegalEntity.objects.exclude(pk=entity_id).values_list("pk", flat=True) if left else ()
    if others:
        _references(found, list(others), left)
    return {number: tuple(people) for number, people in found.items()}


def _references(
    found: dict[str, list[Person]], entities: list[int], numbers: Collection[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REFERENCES, [entities, list(numbers)])
        for number, donor, campaign, entity in cursor.fetchall():
            found[number].append(Person(donor, campaign, entity))


def of_payers(keys: Collection[bytes], entity_id: int) -> dict[bytes, tuple[Person, ...]]:
    """Whom a person has confirmed these payers to be, on this entity's accounts."""
    if not keys:
        return {}
    found = defaultdict[bytes, list[Person]](list)
    with connection.cursor() as cursor:
        cursor.execute(_PAYERS, [list(keys), entity_id])
        for key, donor, times in cursor.fetchall():
            found[bytes(key)].append(Person(donor, None, entity_id, times=times))
    return {key: tuple(people) for key, people in found.items()}


def of_names(items: Iterable[Seen], entity_id: int) -> dict[int, tuple[Person, ...]]:
    """Donors who are called as an item's payer, by the item's key. Never more than likely."""
    wanted = defaultdict[bytes, set[int]](set)
    for seen in items:
        for order in name_orders(seen.name):
            for hashed in lookup.name_hashes(order):
                wanted[hashed].add(seen.key)
    if not wanted:
        return {}
    donors = Donor.objects.filter(name_hash__in=list(wanted), status=Donor.Status.ACTIVE)
    found = defaultdict[int, list[Person]](list)
    for donor, key in donors.order_by("pk").values_list("pk", "name_hash"):
        for item in wanted[bytes(key or b"")]:
            found[item].append(Person(donor, None, entity_id))
    return {item: tuple(people) for item, people in found.items()}


def with_usual(groups: Iterable[dict]) -> None:  # type: ignore[type-arg]
    """Put in what each donor gave last, in all groups of people at once."""
    told = list(groups)
    everybody = chain.from_iterable(people for group in told for people in group.values())
    ids = {person.donor_id for person in everybody}
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, [list(ids)])
        usual = {donor: (last, gifts) for donor, last, gifts in cursor.fetchall()}
    for group in told:
        for key, people in group.items():
            group[key] = tuple(
                replace(one, usual_ore=usual[one.donor_id][0], times=usual[one.donor_id][1])
                if one.donor_id in usual
                else one
                for one in people
            )
