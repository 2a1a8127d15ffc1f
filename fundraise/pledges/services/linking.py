"""Tie a signed pledge to its donor, by the same rules as a gift: a form never changes a donor."""

from __future__ import annotations

from django.db import transaction

from donors import services as donors
from donors.models import Donor
from fundraise.audit import services as audit
from fundraise.gifts import linking
from fundraise.gifts import queries as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.pledges import locks, queries
from fundraise.pledges.models import Collection, Pledge
from fundraise.pledges.services import for_donors


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
            _tie(pledge, donor_id)


def _tie(pledge: Pledge, donor_id: int) -> None:
    """A locked pledge and what it has drawn; a gift that is tied already stays."""
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
        _tie(pledge, donor.pk)
        audit.log_change(
            by=by,
            action="pledge.donor.chosen",
            subject_type="pledge",
            subject_ref=pledge.ref,
            after={"donor": donor.ref},
        )
    return True


# --- A gift that a pledge has drawn ---------------------------------------------------------------
def giver_of_gift(gift_id: int) -> Giver | None:
    """What its giver typed: for the gift itself, else for the monthly gift that drew it."""
    typed, pledge_id = gifts.giver_of(gift_id), _pledge_of(gift_id)
    if typed is not None or pledge_id is None:
        return typed
    return queries.giver_of(pledge_id)


def possible_donors(gift_id: int) -> list[Donor]:
    """Who it may be, for staff to choose among: those with the typed address. None once tied."""
    giver = giver_of_gift(gift_id)
    untied = Gift.objects.filter(pk=gift_id, donor=None, state=Gift.State.RECEIVED).exists()
    return donors.find_by_email(giver.email) if untied and giver and giver.email else []


def choose_donor_of_gift(gift_id: int, donor: Donor, *, by: str) -> bool:
    """Staff says whose gift it is. False when it was said.

    A monthly gift that drew it is that donor's too, when it is nobody's yet, with all that it has
    drawn: the months to come are tied then, and a death or a forgetting ends it. Raises
    DonorError("donor_erased") when the donor was forgotten since staff looked.
    """
    pledge_id = _pledge_of(gift_id)
    with transaction.atomic():
        if pledge_id is not None:
            locks.pledge_for_change(pledge_id)
        if not linking.choose_donor(gift_id, donor, by=by):
            return False
        if pledge_id is not None and choose_donor(pledge_id, donor, by=by):
            for_donors.follow(donor.pk)
    return True


def _pledge_of(gift_id: int) -> int | None:
    drawn = Collection.objects.filter(gift_id=gift_id)
    return drawn.values_list("instalment__pledge_id", flat=True).first()
