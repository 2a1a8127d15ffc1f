"""Identity numbers: kept with the reason for keeping them, and gone when it ends."""

from __future__ import annotations

from django.db import transaction

from donors import announce, keys, lookup, normalise, sealing
from donors.errors import DonorError
from donors.locks import lock_living_donor
from donors.models import Identity
from fundraise import clock

CLEAN = {
    Identity.Kind.PERSONAL: normalise.clean_personal_number,
    Identity.Kind.ORGANISATION: normalise.clean_organisation_number,
}


@transaction.atomic
def record_identity(
    *, donor_id: int, kind: str, number: str, source: str, by: str, reason: str = ""
) -> Identity:
    """Keep a donor's number, in place of an older one of its kind.

    `reason` is one of Identity.Reason; a personal number needs one. Raises InvalidValue.
    """
    if kind not in Identity.Kind.values:
        raise DonorError("identity_kind_unknown")
    if kind == Identity.Kind.PERSONAL and reason not in Identity.Reason.values:
        raise DonorError("identity_without_reason")
    clean = CLEAN[Identity.Kind(kind)](number)
    donor = lock_living_donor(donor_id)
    replaced, _rows = donor.identities.filter(kind=kind).delete()
    identity = Identity.objects.create(
        donor=donor,
        kind=kind,
        value_sealed=sealing.seal_identity(keys.data_key_of(donor), donor.ref, kind, clean),
        value_hash=lookup.identity_hash(kind, clean),
        reason=reason,
        source=source,
        created_at=clock.now(),
    )
    after = {"kind": kind, "reason": reason, "replaced": replaced == 1}
    announce.changed(donor, "donor.identity.recorded", by=by, after=after)
    return identity


@transaction.atomic
def remove_identity(*, donor_id: int, kind: str, by: str, reason: str = "") -> bool:
    """Take a number away. False when there was none."""
    donor = lock_living_donor(donor_id)
    removed, _rows = donor.identities.filter(kind=kind).delete()
    if removed:
        announce.changed(
            donor, "donor.identity.removed", by=by, before={"kind": kind}, reason=reason
        )
    return removed == 1
