"""The donors' data keys: made with the donor, read to open a field, deleted to forget."""

from __future__ import annotations

from collections.abc import Iterable

from donors.errors import Unreadable
from donors.models import Donor, DonorKey
from donors.sealing import key_context
from fundraise import clock, crypto


def unsaved_key(donor: Donor, data_key: bytes) -> DonorKey:
    """The row of a new donor's data key, wrapped."""
    wrapped = crypto.wrap(data_key, context=key_context(donor.ref))
    return DonorKey(
        donor_id=donor.pk,
        wrapped=wrapped,
        key_id=crypto.key_id_of(wrapped),
        created_at=clock.now(),
    )


def data_key_of(donor: Donor) -> bytes:
    """The donor's data key. Raises Unreadable when it is gone."""
    found = data_keys_of([donor]).get(donor.pk)
    if found is None:
        raise Unreadable("donor_key_missing")
    return found


def data_keys_of(donors: Iterable[Donor]) -> dict[int, bytes]:
    """The data keys of many donors by donor id, in one query; a donor without a key is left out."""
    refs = {donor.pk: donor.ref for donor in donors}
    stored = DonorKey.objects.filter(donor_id__in=refs).values_list("donor_id", "wrapped")
    return {
        donor_id: crypto.unwrap(bytes(wrapped), context=key_context(refs[donor_id]))
        for donor_id, wrapped in stored
    }


def forget_key(donor_id: int) -> None:
    """Delete the key: what it encrypted is noise from now on, in old backups too."""
    DonorKey.objects.filter(donor_id=donor_id).delete()
