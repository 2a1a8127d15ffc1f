"""Tie a received gift to its donor. A public form never changes a known donor's record.

One donor with the address, or one among several whose name agrees: the gift is tied to it and what
was typed stays on the gift. Nobody with the address: a new donor, if the giver agreed to be kept.
Undecided: the gift waits for staff.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from donors import services as donors
from donors.errors import DonorError
from donors.models import ConsentWording, Donor
from donors.values import Name, OrganisationName, PersonName, PostalAddress
from fundraise.audit import services as audit
from fundraise.gifts import locks, queries
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift

BY = "system:gifts"


def link_donor(gift_id: int) -> None:
    """Tie one gift, once; harmless when it is tied or its giver is unknown."""
    giver = queries.giver_of(gift_id)
    if giver is None or not giver.email:
        return
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        if gift.donor_id is not None or gift.state != Gift.State.RECEIVED:
            return
        donor_id = donor_of(giver, Proof(f"gift:{gift.ref}", gift.language, gift.created_at))
        if donor_id is not None:
            Gift.objects.filter(pk=gift.pk, donor=None).update(donor_id=donor_id)


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves a giver's ticks: the row they stand on, in which language, and when."""

    source: str
    language: str
    at: datetime


def donor_of(giver: Giver, proof: Proof) -> int | None:
    """The donor that a giver is, made where the giver agreed to be kept; None when undecided."""
    donors.lock_giver(giver.email)
    match = donors.match_giver(email=giver.email, name=giver.name)
    donor_id = match.donor_id
    if match.outcome == "none" and giver.keep_as_donor and giver.name:
        donor_id = _register(giver, proof)
    return donor_id if donor_id is not None and _still_there(donor_id) else None


def _still_there(donor_id: int) -> bool:
    """Whether the donor was not forgotten since the look-up; nobody can until we commit."""
    try:
        donors.lock_living_donor(donor_id)
    except DonorError:
        return False
    return True


def choose_donor(gift_id: int, donor: Donor, *, by: str) -> bool:
    """Staff says whose gift it is, where the address alone could not. False when it was said.

    Raises DonorError("donor_erased") when the donor was forgotten since staff looked.
    """
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        if gift.donor_id is not None:
            return False
        donors.lock_living_donor(donor.pk)
        Gift.objects.filter(pk=gift.pk).update(donor=donor)
        audit.log_change(
            by=by,
            action="gift.donor.chosen",
            subject_type="gift",
            subject_ref=gift.ref,
            after={"donor": donor.ref},
        )
    return True


def _register(giver: Giver, proof: Proof) -> int | None:
    """A new donor from what was typed, with the ticked consents. None when it can't be."""
    try:
        with transaction.atomic():
            donor = donors.register_donor(
                name=name_of(giver),
                language=proof.language,
                source="donation_page",
                by=BY,
                email=giver.email,
                phone=giver.phone,
                postal=_postal(giver),
            )
            _consent(donor.pk, giver.register_wording_id, proof)
            if giver.appeals:
                _consent(donor.pk, giver.appeals_wording_id, proof)
            _consent(donor.pk, giver.targeting_wording_id, proof)
            return donor.pk
    except DonorError:
        return None  # what was typed stays on the gift, for staff


def _consent(donor_id: int, wording_id: int | None, proof: Proof) -> None:
    wording = ConsentWording.objects.filter(pk=wording_id or 0).first()
    if wording is not None:
        donors.give_consent(
            donor_id=donor_id,
            wording=wording,
            source="donation_page",
            proof=proof.source,
            by=BY,
            given_at=proof.at,
        )


def name_of(giver: Giver) -> Name:
    """The typed name; the last word is the family name until someone says otherwise."""
    if giver.organisation:
        return OrganisationName(giver.name)
    given, _, family = giver.name.strip().rpartition(" ")
    return PersonName(given or family, family if given else "")


def _postal(giver: Giver) -> PostalAddress | None:
    if not (giver.address and giver.postcode and giver.city):
        return None
    return PostalAddress((giver.address,), giver.postcode, giver.city)
