"""Donors whom a reference, a confirmed payer or a name tells of, and what they usually give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import chain

from donors import lookup
from donors.models import Donor
from fundraise.giving.models import DonorGiving
from fundraise.reconciliation.matching.seen import Person, Seen
from fundraise.reconciliation.matching.words import name_orders
from fundraise.reconciliation.models import PayerAlias, Reference

People = Mapping[str, tuple[Person, ...]]


def of_references(numbers: Collection[str], entity_id: int) -> dict[str, tuple[Person, ...]]:
    """Whose references these are: this entity's, else another's whose number it is."""
    found = defaultdict[str, list[Person]](list)
    own = _references(Reference.objects.filter(entity_id=entity_id, number__in=numbers))
    for number, person in own:
        found[number].append(person)
    left = [number for number in numbers if number not in found]
    if left:
        entities = Reference.objects.order_by().values_list("entity_id", flat=True).distinct()
        others = [pk for pk in entities if pk != entity_id]
        rows = Reference.objects.filter(entity_id__in=others, number__in=left)
        for number, person in _references(rows) if others else ():
            found[number].append(person)
    return {number: tuple(people) for number, people in found.items()}


def _references(rows: Iterable[Reference]) -> Iterable[tuple[str, Person]]:
    values = rows.values_list(  # type: ignore[attr-defined]
        "number", "donor_id", "campaign_id", "pledge__campaign_id", "entity_id"
    )
    for number, donor, campaign, of_pledge, entity in values.order_by("pk"):
        yield number, Person(donor, campaign or of_pledge, entity)


def of_payers(keys: Collection[bytes], entity_id: int) -> dict[bytes, tuple[Person, ...]]:
    """Whom a person has confirmed these payers to be, on this entity's accounts."""
    rows = PayerAlias.objects.filter(key__in=keys, ended_at=None, account__entity_id=entity_id)
    found = defaultdict[bytes, list[Person]](list)
    for key, donor, times in rows.order_by("pk").values_list("key", "donor_id", "times"):
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
    rows = DonorGiving.objects.filter(donor_id__in=ids).values_list("donor_id", "last_ore", "gifts")
    usual = {donor: (last, gifts) for donor, last, gifts in rows if gifts}
    for group in told:
        for key, people in group.items():
            group[key] = tuple(
                replace(one, usual_ore=usual[one.donor_id][0], times=usual[one.donor_id][1])
                if one.donor_id in usual
                else one
                for one in people
            )
