"""Which donors somebody may see: all of them, or those who give or gave to an entity of theirs."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from donors.models import Donor
from fundraise.gifts.models import Gift
from fundraise.staff.rights import Rights


def visible_donors(held: Rights, permission: str) -> QuerySet[Donor]:
    """The donors whom a holder of rights may open or, with another permission, change.

    A donor belongs to no legal entity; a gift and a monthly gift do. Who holds the right for every
    entity sees every donor; others see the donors of their entities' gifts and monthly gifts, also
    before the first one is drawn.
    """
    if held.whole(permission):
        return Donor.objects.all()
    entities = held.entities(permission)
    gave = Gift.objects.filter(donor=OuterRef("pk"), entity__in=entities)
    promised = Donor.objects.filter(pk=OuterRef("pk"), pledges__entity__in=entities)
    return Donor.objects.filter(Exists(gave) | Exists(promised))


def known_givers(held: Rights) -> frozenset[int]:
    """The legal entities of whose gifts a holder of rights may know who gave."""
    return held.entities("donors.view") | held.entities("gifts.giver")
