"""A donor is forgotten: what the party-finance act still wants of their gifts stays with the gifts.

Whoever was known when they gave does not become nobody known: their gifts stay identified. Who they
are is kept only of a year above half a price base amount, which the report must name (21 §): sealed
on the year's last gift, as what was typed there is, and as long as that.
"""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Sum

from donors.models import ContactPoint, Donor
from fundraise import clock
from fundraise.gifts import giver as givers
from fundraise.gifts import queries as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift, GiverDetails
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import filing, ruling

BY = "system:party"


def keep(donor_id: int) -> None:
    """Before a donor is forgotten (settings.BEFORE_FORGETTING), in that transaction."""
    donor = Donor.objects.get(pk=donor_id)
    given = Gift.objects.filter(
        donor=donor, state=Gift.State.RECEIVED, entity__kind=LegalEntity.Kind.PARTY
    )
    if not given.exists() or not _is_known(donor):
        return
    given.filter(identified=False).update(identified=True)
    days = given.values_list("entity_id", "received_at")
    years = {(entity, clock.local_date(at).year) for entity, at in days if at is not None}
    for entity_id, year in sorted(years):
        _name(donor, entity_id, year)


def _is_known(donor: Donor) -> bool:
    posts = donor.contact_points.filter(kind=ContactPoint.Kind.POSTAL)
    return donor.identities.exists() or posts.exists()


def _name(donor: Donor, entity_id: int, year: int) -> None:
    """Who it is, where the report of the year must say it."""
    mine = Gift.objects.filter(
        donor=donor, entity=entity_id, state=Gift.State.RECEIVED, received_at__year=year
    )
    whole = mine.aggregate(ore=Sum(gifts.STANDING_ORE))["ore"] or 0
    if whole <= ruling.limits_of(entity_id, year).named_ore:
        return
    last = mine.order_by("-received_at", "-pk")[:1].get()
    before = gifts.giver_of(last.pk) or Giver()
    if before.identified:
        return
    said = filing.of_donor(donor, BY)
    typed = replace(
        before, name=said.name, identity_number=said.identity_number, address=said.address,
        postcode=said.postcode, city=said.city,
    )  # fmt: skip
    GiverDetails.objects.update_or_create(
        gift=last, defaults={"sealed": givers.seal(typed, last.ref)}
    )
