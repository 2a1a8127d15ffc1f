"""Donors as donors.services.register_donors makes them, each under a key of its own, by COPY."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random

from django.db.models import Model

from donors import keys
from donors.models import ContactPoint, Donor, DonorKey, LegalBasis
from donors.services.bases import MEMBER_PURPOSES
from donors.services.contacts import unsaved_contact_point
from donors.services.people import unsaved_donor
from donors.values import NewDonor
from fundraise import clock, crypto
from fundraise.gifts.giver import Giver
from fundraise.ops.seed import load, people
from fundraise.ops.seed.givers import Givers

SOURCE = "seed"
AT_ONCE = 1000
Rows = dict[type[Model], list[Model]]


def make(
    connection: load.Connection, givers: Givers, *, number: int, seed: str, today: date, names: bool
) -> None:
    """Write so many donors and make them known to `givers`."""
    last = load.last_number(connection, "donors_donor")
    rng = Random(f"people {seed}")  # noqa: S311 - believable, not secret
    found = people.people(rng, number, today)
    while some := list(islice(found, AT_ONCE)):
        rows: Rows = {Donor: [], DonorKey: [], ContactPoint: [], LegalBasis: []}
        for one in some:
            last += 1
            _write(one, last, rows)
            giver = Giver(name=one.name.full, email=one.email) if names else None
            givers.add(last, one.email, giver)
        for made in rows.values():
            load.copy_models(connection, made)
    load.set_number(connection, "donors_donor", last)


def _write(one: NewDonor, donor_id: int, rows: Rows) -> None:
    data_key = crypto.new_data_key()
    donor = unsaved_donor(one.name, data_key, language=one.language, source=SOURCE)
    donor.pk = donor_id
    rows[Donor].append(donor)
    rows[DonorKey].append(keys.unsaved_key(donor, data_key))
    rows[ContactPoint].extend(_points(one, donor, data_key))
    rows[LegalBasis].extend(_memberships(one, donor))


def _points(one: NewDonor, donor: Donor, data_key: bytes) -> Iterator[ContactPoint]:
    for kind, value in {"email": one.email, "phone": one.phone, "postal": one.postal}.items():
        if value:
            point = unsaved_contact_point(donor, data_key, kind, value, source=SOURCE)
            point.is_primary = True
            yield point


def _memberships(one: NewDonor, donor: Donor) -> Iterator[LegalBasis]:
    for purpose in MEMBER_PURPOSES if one.member_informed_on else ():
        yield LegalBasis(
            donor=donor,
            purpose=purpose,
            basis=LegalBasis.Basis.MEMBERSHIP,
            informed_on=one.member_informed_on,
            source=SOURCE,
            created_at=clock.now(),
        )
