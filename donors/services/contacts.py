"""Contact points: add, confirm, choose, take away."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction

from donors import announce, keys, lookup, normalise, sealing
from donors.errors import DonorError
from donors.locks import lock_living_donor
from donors.models import ContactPoint, Donor
from donors.values import PostalAddress
from fundraise import clock

State = ContactPoint.State


@transaction.atomic
def add_contact_point(
    *, donor_id: int, kind: str, value: str | PostalAddress, source: str, by: str
) -> ContactPoint:
    """A contact point of the donor, unconfirmed; the one there already when it is known.

    The first of a kind is the primary one. Raises InvalidValue on what can't be an address.
    """
    donor = lock_living_donor(donor_id)
    known = _known(donor, kind, clean_value(kind, value))
    if known is not None:
        return known
    point = store_contact_point(donor, keys.data_key_of(donor), kind, value, source=source)
    after = {"kind": kind, "contact_point": point.pk, "primary": point.is_primary}
    announce.changed(donor, "donor.contact_point.added", by=by, after=after)
    return point


def clean_value(kind: str, value: str | PostalAddress) -> str | PostalAddress:
    """The value as it is kept. Raises InvalidValue when it is not of its kind."""
    if isinstance(value, PostalAddress):
        if kind != ContactPoint.Kind.POSTAL:
            raise DonorError("contact_kind_unknown")
        return normalise.clean_address(value)
    if kind == ContactPoint.Kind.EMAIL:
        return normalise.clean_email(value)
    if kind == ContactPoint.Kind.PHONE:
        return normalise.clean_phone(value)
    raise DonorError("contact_kind_unknown")


def _known(donor: Donor, kind: str, clean: str | PostalAddress) -> ContactPoint | None:
    """Looked for under every key: while keys rotate, a row may still bear an older hash."""
    hashes = lookup.contact_hashes(kind, clean)
    return donor.contact_points.filter(kind=kind, value_hash__in=hashes).first()


def store_contact_point(
    donor: Donor, data_key: bytes, kind: str, value: str | PostalAddress, *, source: str
) -> ContactPoint:
    """The row itself, without lock or log: for services that have both."""
    point = unsaved_contact_point(donor, data_key, kind, value, source=source)
    point.is_primary = not donor.contact_points.filter(kind=kind).exists()
    point.save(force_insert=True)
    return point


def unsaved_contact_point(
    donor: Donor, data_key: bytes, kind: str, value: str | PostalAddress, *, source: str
) -> ContactPoint:
    """The row with its value sealed. Raises InvalidValue."""
    clean = clean_value(kind, value)
    return ContactPoint(
        donor=donor,
        kind=kind,
        value_sealed=sealing.seal_contact(data_key, donor.ref, kind, clean),
        value_hash=lookup.contact_hash(kind, clean),
        source=source,
        created_at=clock.now(),
        **place_of(clean),
    )


def place_of(clean: str | PostalAddress) -> dict[str, str]:
    """What is kept in the clear of a postal address: as lists of people compare it."""
    if not isinstance(clean, PostalAddress):
        return {}
    return {
        "postcode": normalise.postcode_key(clean.postcode),
        "town": normalise.name_key(clean.city)[:100],
        "country": clean.country,
    }


@transaction.atomic
def confirm_contact_point(*, contact_point_id: int, by: str) -> bool:
    """The donor answered from it, or staff saw proof. False when it was confirmed already."""
    return _set_state(contact_point_id, State.CONFIRMED, by)


@transaction.atomic
def mark_bouncing(*, contact_point_id: int, by: str) -> bool:
    """What is sent there comes back. False when that was known."""
    return _set_state(contact_point_id, State.BOUNCING, by)


def mark_addresses_bouncing(*, value_hashes: Iterable[bytes], by: str) -> int:
    """What is sent to these e-mail addresses comes back: every donor's contact point follows."""
    points = ContactPoint.objects.filter(
        kind=ContactPoint.Kind.EMAIL, value_hash__in=list(value_hashes)
    ).exclude(state=State.BOUNCING)
    marked = 0
    for pk in points.order_by("donor", "pk").values_list("pk", flat=True):
        with suppress(DonorError):  # forgotten or taken away meanwhile
            marked += mark_bouncing(contact_point_id=pk, by=by)
    return marked


def _set_state(contact_point_id: int, new: State, by: str) -> bool:
    donor, point = _lock_point(contact_point_id)
    old = point.state
    if old == new:
        return False
    point.state = new
    if new == State.CONFIRMED:
        point.confirmed_at = clock.now()
    point.save(update_fields=["state", "confirmed_at"])
    announce.changed(
        donor,
        f"donor.contact_point.{new}",
        by=by,
        before={"state": old},
        after={"contact_point": point.pk, "state": str(new)},
    )
    return True


def _lock_point(contact_point_id: int) -> tuple[Donor, ContactPoint]:
    """A contact point and its donor, the donor locked first."""
    owner = ContactPoint.objects.filter(pk=contact_point_id).values_list("donor_id", flat=True)
    donor_id = owner.first()
    if donor_id is None:
        raise DonorError("no_such_contact_point")
    donor = lock_living_donor(donor_id)
    point = donor.contact_points.filter(pk=contact_point_id).first()
    if point is None:
        raise DonorError("no_such_contact_point")
    return donor, point


@transaction.atomic
def make_primary(*, contact_point_id: int, by: str) -> bool:
    """Use this one before the others of its kind. False when it was the primary one already."""
    donor, point = _lock_point(contact_point_id)
    if point.is_primary:
        return False
    donor.contact_points.filter(kind=point.kind, is_primary=True).update(is_primary=False)
    point.is_primary = True
    point.save(update_fields=["is_primary"])
    after = {"kind": point.kind, "contact_point": point.pk}
    announce.changed(donor, "donor.contact_point.primary", by=by, after=after)
    return True


@transaction.atomic
def remove_contact_point(*, contact_point_id: int, by: str, reason: str = "") -> None:
    """Take it away; the oldest other of its kind becomes the primary one when this was it."""
    donor, point = _lock_point(contact_point_id)
    kind, removed, was_primary = point.kind, point.pk, point.is_primary
    point.delete()
    heir = donor.contact_points.filter(kind=kind).order_by("pk").first() if was_primary else None
    if heir is not None:
        heir.is_primary = True
        heir.save(update_fields=["is_primary"])
    before = {"kind": kind, "contact_point": removed}
    announce.changed(donor, "donor.contact_point.removed", by=by, before=before, reason=reason)
