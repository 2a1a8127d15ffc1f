"""Many donors at once, for imports and seeds: the rows of register_donor in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from donors import keys
from donors.models import ContactPoint, Donor, DonorKey, LegalBasis
from donors.services.bases import MEMBER_PURPOSES, unsaved_basis
from donors.services.contacts import unsaved_contact_point
from donors.services.people import unsaved_donor
from donors.services.tags import put_tags
from donors.values import NewDonor
from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.outbox import services as outbox

AT_ONCE = 1000
Made = tuple[NewDonor, Donor, bytes]


@transaction.atomic
def register_donors(*, new: Sequence[NewDonor], source: str, by: str) -> list[Donor]:
    """All of them or, when one has an address that is none, nobody. Raises InvalidValue.

    Nothing is looked up; a list with the same person twice makes two donors.
    """
    made = [_make(one, source) for one in new]
    donors = [donor for _one, donor, _key in made]
    Donor.objects.bulk_create(donors, batch_size=AT_ONCE)
    DonorKey.objects.bulk_create(
        (keys.unsaved_key(donor, data_key) for _one, donor, data_key in made), batch_size=AT_ONCE
    )
    ContactPoint.objects.bulk_create(_contact_points(made, source), batch_size=AT_ONCE)
    LegalBasis.objects.bulk_create([*_memberships(made, source), *_bases(made)], batch_size=AT_ONCE)
    put_tags([(donor, one.tags) for one, donor, _key in made], source=source, by=by)
    audit.log_changes(
        by=by,
        action="donor.registered",
        subject_type="donor",
        subject_refs=[donor.ref for donor in donors],
        after={"source": source, "together": len(donors)},
    )
    outbox.write_many("DonorChanged", [donor.pk for donor in donors])
    return donors


def _make(one: NewDonor, source: str) -> Made:
    data_key = crypto.new_data_key()
    donor = unsaved_donor(one.name, data_key, language=one.language, source=source)
    return one, donor, data_key


def _contact_points(made: Iterable[Made], source: str) -> Iterable[ContactPoint]:
    for one, donor, data_key in made:
        for kind, value in {"email": one.email, "phone": one.phone, "postal": one.postal}.items():
            if value:
                point = unsaved_contact_point(donor, data_key, kind, value, source=source)
                point.is_primary = True
                yield point
        for phone in one.more_phones:
            yield unsaved_contact_point(donor, data_key, "phone", phone, source=source)


def _memberships(made: Iterable[Made], source: str) -> Iterable[LegalBasis]:
    for one, donor, _data_key in made:
        for purpose in MEMBER_PURPOSES if one.member_informed_on else ():
            yield LegalBasis(
                donor=donor,
                purpose=purpose,
                basis=LegalBasis.Basis.MEMBERSHIP,
                informed_on=one.member_informed_on,
                source=source,
                created_at=clock.now(),
            )


def _bases(made: Iterable[Made]) -> Iterable[LegalBasis]:
    for one, donor, _data_key in made:
        for basis in one.bases:
            yield unsaved_basis(donor.pk, basis)
