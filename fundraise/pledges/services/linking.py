"""Tie a signed pledge to its donor, by the same rules as a gift: a form never changes a donor."""

from __future__ import annotations

from django.db import transaction

from donors import services as donors
from donors.models import Donor
from fundraise.audit import services as audit
from fundraise.gifts import linking
from fundraise.gifts.models import Gift
from fundraise.pledges import locks, queries
from fundraise.pledges.models import Pledge


def link_donor(pledge_id: int) -> None:
    """Tie one pledge, once; harmless when it is tied, not signed or its giver is unknown."""
    giver = queries.giver_of(pledge_id)
    if giver is None or not giver.email:
        return
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        if pledge.donor_id is not None or pledge.state == Pledge.State.UNCONFIRMED:
            return
        proof = linking.Proof(f"pledge:{pledge.ref}", pledge.language, pledge.created_at)
        donor_id = linking.donor_of(giver, proof)
        if donor_id is not None:
            Pledge.objects.filter(pk=pledge.pk, donor=None).update(donor_id=donor_id)
            drawn = Gift.objects.filter(collection__instalment__pledge=pledge, donor=None)
            drawn.update(donor_id=donor_id)


def choose_donor(pledge_id: int, donor: Donor, *, by: str) -> bool:
    """Staff says whose pledge it is. False when it was said before.

    Raises DonorError("donor_erased") when the donor was forgotten since staff looked.
    """
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        if pledge.donor_id is not None:
            return False
        donors.lock_living_donor(donor.pk)
        Pledge.objects.filter(pk=pledge.pk).update(donor=donor)
        audit.log_change(
            by=by,
            action="pledge.donor.chosen",
            subject_type="pledge",
            subject_ref=pledge.ref,
            after={"donor": donor.ref},
        )
    return True
