"""Moving donors to the current keys: data keys re-wrapped, look-up hashes made anew.

Resumable by what it looks for: donors with anything under an older key. Stopped half-way, the next
run finds the rest; a donor added meanwhile by a process with the old settings is found as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import BinaryField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import Exact
from django.utils.module_loading import import_string

from donors import keys, lookup, sealing
from donors.errors import Unreadable
from donors.locks import lock_donor
from donors.models import ContactPoint, Donor, DonorKey, Identity
from fundraise import crypto
from fundraise.crypto import CryptoError


@dataclass(frozen=True)
class Rotation:
    """What a batch did. `last` is where the next begins; None when nothing was left."""

    moved: int
    unreadable: tuple[int, ...]
    last: int | None


def stale_donors() -> QuerySet[Donor]:
    """Donors with a data key or a hash that is not under the current keys."""
    of_donor = {"donor": OuterRef("pk")}
    old_key = DonorKey.objects.filter(donor_id=OuterRef("pk")).exclude(
        key_id=crypto.field_ring().current.id
    )
    kept_keys = Q(merged__isnull=False) | ~Q(status=Donor.Status.ERASED)  # forgotten ones have none
    return Donor.objects.filter(
        kept_keys,
        Q(Exists(old_key))
        | older_hash("name_hash")
        | Q(Exists(ContactPoint.objects.filter(older_hash("value_hash"), **of_donor)))
        | Q(Exists(Identity.objects.filter(older_hash("value_hash"), **of_donor))),
    )


def older_hash(column: str) -> Q:
    """Rows whose keyed hash is not under the current look-up key."""
    prefix = crypto.lookup_prefix()
    head = Func(
        F(column), Value(1), Value(len(prefix)), function="substring", output_field=BinaryField()
    )
    return ~Q(Exact(head, Value(prefix, output_field=BinaryField())))


def rotate_keys(*, batch: int, after: int = 0) -> Rotation:
    """Move the next `batch` stale donors with an id above `after`, each in its own transaction."""
    ids = list(
        stale_donors().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:batch]
    )
    unreadable = []
    for donor_id in ids:
        try:
            _rotate(donor_id)
        except (CryptoError, Unreadable):
            unreadable.append(donor_id)
    return Rotation(len(ids) - len(unreadable), tuple(unreadable), ids[-1] if ids else None)


@transaction.atomic
def _rotate(donor_id: int) -> None:
    donor = lock_donor(donor_id)
    if donor.name_sealed is None:  # forgotten meanwhile, or merged into another record
        if DonorKey.objects.filter(donor_id=donor.pk).exists():
            _rewrap(donor)
        return
    data_key = keys.data_key_of(donor)
    _rewrap(donor)
    donor.name_hash = lookup.name_hash(
        sealing.open_name(data_key, donor.ref, bytes(donor.name_sealed))
    )
    donor.save(update_fields=["name_hash"])
    for point in donor.contact_points.all():
        value = sealing.open_contact(data_key, donor.ref, point.kind, bytes(point.value_sealed))
        old, point.value_hash = bytes(point.value_hash), lookup.contact_hash(point.kind, value)
        point.save(update_fields=["value_hash"])
        if point.kind == ContactPoint.Kind.EMAIL and old != point.value_hash:
            _tell_followers(old, point.value_hash)
    for identity in donor.identities.all():
        number = sealing.open_identity(
            data_key, donor.ref, identity.kind, bytes(identity.value_sealed)
        )
        identity.value_hash = lookup.identity_hash(identity.kind, number)
        identity.save(update_fields=["value_hash"])


def _tell_followers(old: bytes, new: bytes) -> None:
    for path in settings.ADDRESS_KEY_FOLLOWERS:
        import_string(path)(old, new)


def _rewrap(donor: Donor) -> None:
    row = DonorKey.objects.get(donor_id=donor.pk)
    context = sealing.key_context(donor.ref)
    row.wrapped = crypto.rewrap_key(bytes(row.wrapped), context=context)
    row.key_id = crypto.key_id_of(bytes(row.wrapped))
    row.save(update_fields=["wrapped", "key_id"])
