"""Donors themselves: register, rename, restrict, forget."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from donors import announce, keys, lookup, merged, normalise, sealing
from donors.errors import DonorError
from donors.locks import lock_donor, lock_living_donor
from donors.models import (
    ContactPoint,
    Donor,
    DonorMerge,
    DonorTag,
    ForgottenAddress,
    Identity,
    LegalBasis,
)
from donors.models.basis import ACTIVE
from donors.services import apart
from donors.services.contacts import store_contact_point
from donors.values import Name, OrganisationName, PostalAddress
from fundraise import clock, crypto
from fundraise.refs import new_ref


@transaction.atomic
def register_donor(
    *,
    name: Name,
    language: str,
    source: str,
    by: str,
    email: str = "",
    phone: str = "",
    postal: PostalAddress | None = None,
) -> Donor:
    """A new donor with a key of its own; the kind follows from the name's type.

    Nothing is looked up: whether the person is known already is for match_giver to say.
    Raises InvalidValue, and then nothing is kept.
    """
    data_key = crypto.new_data_key()
    donor = unsaved_donor(name, data_key, language=language, source=source)
    donor.save(force_insert=True)
    keys.unsaved_key(donor, data_key).save(force_insert=True)
    for kind, value in {"email": email, "phone": phone, "postal": postal}.items():
        if value:
            store_contact_point(donor, data_key, kind, value, source=source)
    after = {"kind": donor.kind, "language": language, "source": source}
    announce.changed(donor, "donor.registered", by=by, after=after)
    return donor


def unsaved_donor(name: Name, data_key: bytes, *, language: str, source: str) -> Donor:
    """A donor row with a ref of its own and the name sealed. Raises InvalidValue."""
    ref, clean = new_ref(), normalise.clean_name(name)
    return Donor(
        ref=ref,
        kind=_kind_of(clean),
        language=language,
        source=source,
        name_sealed=sealing.seal_name(data_key, ref, clean),
        name_hash=lookup.name_hash(clean),
        created_at=clock.now(),
    )


def _kind_of(name: Name) -> str:
    organisation = isinstance(name, OrganisationName)
    return Donor.Kind.ORGANISATION if organisation else Donor.Kind.PERSON


@transaction.atomic
def rename_donor(*, donor_id: int, name: Name, by: str, reason: str = "") -> None:
    """Correct a donor's name. A person stays a person, an organisation an organisation."""
    donor, clean = lock_living_donor(donor_id), normalise.clean_name(name)
    if donor.kind != _kind_of(clean):
        raise DonorError("name_of_another_kind")
    donor.name_sealed = sealing.seal_name(keys.data_key_of(donor), donor.ref, clean)
    donor.name_hash = lookup.name_hash(clean)
    donor.save(update_fields=["name_sealed", "name_hash"])
    announce.changed(donor, "donor.renamed", by=by, after={"fields": ["name"]}, reason=reason)


@transaction.atomic
def set_language(*, donor_id: int, language: str, by: str) -> bool:
    """The language that the donor is written to in. False when it was so already.

    Raises DonorError (language_unknown, donor_erased).
    """
    if language not in Donor.Language.values:
        raise DonorError("language_unknown")
    donor = lock_living_donor(donor_id)
    before = donor.language
    if before == language:
        return False
    donor.language = language
    donor.save(update_fields=["language"])
    announce.changed(
        donor,
        "donor.language",
        by=by,
        before={"language": before},
        after={"language": language},
    )
    return True


@transaction.atomic
def restrict_donor(*, donor_id: int, by: str, reason: str = "") -> bool:
    """Keep the donor and use nothing of it (GDPR Art. 18). False when it was so already."""
    return _move(donor_id, Donor.Status.ACTIVE, Donor.Status.RESTRICTED, by=by, reason=reason)


@transaction.atomic
def release_donor(*, donor_id: int, by: str, reason: str = "") -> bool:
    """End a restriction. False when there was none."""
    return _move(donor_id, Donor.Status.RESTRICTED, Donor.Status.ACTIVE, by=by, reason=reason)


def _move(donor_id: int, old: str, new: str, *, by: str, reason: str) -> bool:
    donor = lock_living_donor(donor_id)
    if donor.status != old:
        return False
    donor.status = new
    donor.save(update_fields=["status"])
    announce.changed(
        donor, f"donor.{new}", by=by, before={"status": old}, after={"status": new}, reason=reason
    )
    return True


@transaction.atomic
def forget_donor(*, donor_ref: UUID, by: str, reason: str) -> bool:
    """Delete the donor's key and everything personal; the row stays for the books.

    What older backups hold of the donor can't be read again, as they lack the key. Only the keyed
    hash of the e-mail addresses is kept, apart from the donor, so that an older member list does
    not bring the person back. False when the donor was forgotten already.
    """
    donor = lock_donor(Donor.objects.only("pk").get(ref=donor_ref).pk)
    if donor.status == Donor.Status.ERASED:
        return False
    before, now = donor.status, clock.now()
    for path in settings.BEFORE_FORGETTING:  # what a law wants of their gifts is kept there
        import_string(path)(donor.pk)
    for record in merged.records_of(donor.pk):
        keys.forget_key(record)
    _remember_addresses(donor)
    ContactPoint.objects.filter(donor=donor).delete()
    DonorTag.objects.filter(donor=donor).delete()
    Identity.objects.filter(donor=donor).delete()
    DonorMerge.objects.filter(kept=donor).update(name_sealed=None)
    apart.forget(donor.pk)
    bases = LegalBasis.objects.filter(ACTIVE, donor=donor)
    bases.update(ended_at=now, end_reason="forgotten")
    donor.name_sealed = donor.name_hash = None
    donor.status, donor.erased_at, donor.died_on = Donor.Status.ERASED, now, None
    donor.save(update_fields=["name_sealed", "name_hash", "status", "erased_at", "died_on"])
    after = {"status": donor.status}
    announce.changed(
        donor, "donor.forgotten", by=by, before={"status": before}, after=after, reason=reason
    )
    return True


def _remember_addresses(donor: Donor) -> None:
    points = donor.contact_points.filter(kind=ContactPoint.Kind.EMAIL)
    hashes = points.values_list("value_hash", flat=True)
    ForgottenAddress.objects.bulk_create(
        [ForgottenAddress(value_hash=value, at=clock.today()) for value in hashes],
        ignore_conflicts=True,
    )
