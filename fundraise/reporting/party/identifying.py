"""A giver tells who they are: an address to the name, kept where it belongs, and the hold ends."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Q, QuerySet

from donors import normalise
from donors import services as donors
from donors.models import ContactPoint
from donors.values import OrganisationName, PostalAddress
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.gifts import giver as givers
from fundraise.gifts import queries as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift, GiverDetails
from fundraise.reporting.party import anonymous
from fundraise.reporting.party.asking import DONOR, KEY
from fundraise.reporting.party.models import IdentityAsk

SOURCE = "my_pages"


@dataclass(frozen=True, slots=True)
class Told:
    """What the giver writes. `repr` shows none of it."""

    name: str = field(repr=False)
    address: PostalAddress = field(repr=False)


def open_for(donor_ids: Collection[int], keys: Collection[bytes]) -> QuerySet[IdentityAsk]:
    """What the holder of a mailbox is asked, by the donors and keys that are theirs."""
    by_key = [f"{KEY}{key.hex()}" for key in keys]
    mine = Q(donor_id__in=list(donor_ids)) | Q(giver__in=by_key)
    rows = IdentityAsk.objects.filter(mine, answered_at=None)
    return rows.select_related("entity", "gift", "donor").order_by("-year", "pk")


@transaction.atomic
def tell(ask: IdentityAsk, told: Told, *, by: str) -> bool:
    """Keep who gives. False when it was told before. Raises donors InvalidValue; nothing is kept.

    A known donor gets the address; of others it stays on the gift, sealed as what was typed.
    """
    row = IdentityAsk.objects.select_for_update(of=("self",)).get(pk=ask.pk)
    if row.answered_at is not None:
        return False
    address = normalise.clean_address(told.address)
    if row.giver.startswith(DONOR):
        donors.add_contact_point(
            donor_id=row.donor_id or 0,
            kind=ContactPoint.Kind.POSTAL,
            value=address,
            source=SOURCE,
            by=by,
        )
    else:
        name = normalise.clean_name(OrganisationName(told.name)).full
        _onto_gift(row.gift_id, name, address)
    Gift.objects.filter(pk=row.gift_id).update(residence_country=address.country)
    IdentityAsk.objects.filter(pk=row.pk).update(answered_at=clock.now())
    audit.log_change(
        by=by, action="gift.identity.told", subject_type="gift", subject_ref=row.gift.ref,
        after={"year": row.year},
    )  # fmt: skip
    anonymous.reckon(row.entity_id, row.year)
    return True


def _onto_gift(gift_id: int, name: str, address: PostalAddress) -> None:
    gift = Gift.objects.select_for_update(of=("self",)).get(pk=gift_id)
    typed = replace(
        gifts.giver_of(gift_id) or Giver(),
        name=name,
        address=", ".join(address.lines),
        postcode=address.postcode,
        city=address.city,
    )
    sealed = givers.seal(typed, gift.ref)
    GiverDetails.objects.update_or_create(gift=gift, defaults={"sealed": sealed})
    Gift.objects.filter(pk=gift_id).update(identified=typed.identified)


def name_of(ask: IdentityAsk) -> str:
    """The name that we have, where no donor's record has it."""
    typed = gifts.giver_of(ask.gift_id)
    return typed.name if typed is not None else ""
