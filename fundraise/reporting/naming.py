"""By which name a paper calls its giver: as typed with the gift or its pledge, or the donor's."""

from __future__ import annotations

from donors import services as donors
from donors.errors import DonorError
from fundraise.gifts import queries as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.pledges import queries as pledges
from fundraise.pledges.models import Collection
from fundraise.reporting import wording


def name_of(gift: Gift, *, by: str) -> str:
    """The giver of a gift; empty when nobody knows. A look into the register is written down."""
    typed = gifts.giver_of(gift.pk) or _of_pledge(gift)
    name = wording.greeted(typed.name) if typed is not None else ""
    if name or gift.donor is None:
        return name
    try:
        card = donors.read_card(donor_ref=gift.donor.ref, by=by, purpose="receipt")
    except DonorError:
        return ""
    return card.name.full if card.name is not None else ""


def _of_pledge(gift: Gift) -> Giver | None:
    drawn = Collection.objects.filter(gift=gift).values_list("instalment__pledge_id", flat=True)
    pledge_id = drawn.first()
    return pledges.giver_of(pledge_id) if pledge_id is not None else None
