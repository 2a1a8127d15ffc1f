"""Who is meant by an e-mail address that somebody has shown to be theirs, and what is theirs.

What was given with the address itself is shown to its mailbox: receipts and notices go there too.
Couples who share an address share a mailbox, so both are shown. A donor of the register is another
matter: staff or a list may have written a wrong address. All of a donor's gifts, and name and
details, are shown only where the address is confirmed, was typed by the donor, or where the same
name and address came with a gift or pledge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from donors import lookup
from donors import services as donors
from donors.errors import InvalidValue
from donors.models import ContactPoint, Donor
from fundraise.gifts import giver as givers
from fundraise.gifts import queries as gifts
from fundraise.gifts.models import Gift
from fundraise.pledges import queries as pledges
from fundraise.pledges.models import Pledge

SELF_TYPED = "donation_page"  # the source of what a giver typed with the own name
NAMES_LOOKED_AT = 5


@dataclass(frozen=True)
class Person:
    """The holder of a mailbox."""

    address: str

    @cached_property
    def keys(self) -> list[bytes]:
        """What gifts and pledges that were given with the address bear."""
        return givers.giver_keys(self.address)

    @cached_property
    def donors(self) -> list[Donor]:
        """The donors of the register who are this person, or one of those who share the box."""
        return [point.donor for point in _points(self.address) if _is_theirs(point, self.keys)]

    @cached_property
    def listed(self) -> list[Donor]:
        """Everyone of the register with the address, theirs or not: for what is mailed to it."""
        return [point.donor for point in _points(self.address)]

    def confirm(self) -> None:
        """The donor has answered from the address."""
        for point in _points(self.address):
            if point.state != ContactPoint.State.CONFIRMED and _is_theirs(point, self.keys):
                by = f"donor:{point.donor.ref}"
                donors.confirm_contact_point(contact_point_id=point.pk, by=by)

    def names(self) -> list[str]:
        """Under which names the register knows them; the look is written down."""
        cards = [
            donors.read_card(donor_ref=donor.ref, by=f"donor:{donor.ref}", purpose="my_pages")
            for donor in self.donors
        ]
        return [card.name.full for card in cards if card.name is not None]

    def pledges(self) -> QuerySet[Pledge]:
        """Theirs, whoever of a family gave them."""
        return Pledge.objects.filter(self._theirs()).select_related("campaign", "entity")

    def gifts(self) -> QuerySet[Gift]:
        """What has been received of them."""
        received = Gift.objects.filter(self._theirs(), state=Gift.State.RECEIVED)
        return received.select_related("campaign", "entity")

    def _theirs(self) -> Q:
        return Q(giver_key__in=self.keys) | Q(donor__in=[donor.pk for donor in self.donors])


def is_known(address: str) -> bool:
    """Whether there is anything to show to the holder of this address."""
    keys = givers.giver_keys(address)
    return (
        Pledge.objects.filter(giver_key__in=keys).exists()
        or Gift.objects.filter(giver_key__in=keys, state=Gift.State.RECEIVED).exists()
        or bool(_points(address))
    )


def _points(address: str) -> list[ContactPoint]:
    """The contact points that are this address, of donors who are not forgotten."""
    try:
        hashes = lookup.email_hashes(address)
    except InvalidValue:
        return []
    points = ContactPoint.objects.filter(kind=ContactPoint.Kind.EMAIL, value_hash__in=hashes)
    living = points.exclude(donor__status=Donor.Status.ERASED)
    return list(living.select_related("donor").order_by("donor_id"))


def _is_theirs(point: ContactPoint, keys: list[bytes]) -> bool:
    if point.state == ContactPoint.State.CONFIRMED or point.source == SELF_TYPED:
        return True
    return _came_with_the_name(point.donor, keys)


def _came_with_the_name(donor: Donor, keys: list[bytes]) -> bool:
    """Whether the donor's own name was typed together with the address."""
    given = Gift.objects.filter(donor=donor, giver_key__in=keys).order_by("-pk")
    promised = Pledge.objects.filter(donor=donor, giver_key__in=keys).order_by("-pk")
    typed = [gifts.giver_of(row.pk) for row in given[:NAMES_LOOKED_AT]]
    typed += [pledges.giver_of(row.pk) for row in promised[:NAMES_LOOKED_AT]]
    hashes = {bytes(donor.name_hash or b"")}
    return any(one is not None and hashes & set(lookup.name_hashes(one.name)) for one in typed)
