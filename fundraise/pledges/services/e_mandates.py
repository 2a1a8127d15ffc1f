"""Mandates that payers give in their Internet bank: expected ones, and ones out of the blue.

Who chooses the Internet bank on our page gets a payer number to type there, and the pledge waits
with it (`starting.start_pledge` with an account of origin internet_bank). Bankgirot wants an answer
within 18 bank days (user manual, July 2014), else the mandate lapses.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from fundraise import clock
from fundraise.pledges import locks, numbers, sealing, states
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Mandate, Pledge, Signature
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import ending, moving, starting
from fundraise.pledges.services.mandates import BANK, retire_others


@dataclass(frozen=True, slots=True)
class EMandate:
    """A mandate as a payer gave it in the Internet bank (TK52)."""

    entity_id: int
    payer_number: str
    details: AccountDetails
    hint: str = ""
    variant: str = "person"
    event_id: str = ""


def receive_e_mandate(seen: EMandate) -> Mandate:
    """Keep it, to be answered; one that a pledge waits for is said yes to at once.

    The same one again (a reminder) is the same. Raises PledgeError("number_in_use") when another
    mandate that is not over has its number.
    """
    with transaction.atomic():
        known = _alive(seen)
        if known is not None:
            mandate = locks.mandate_for_change(known.pk)
            if mandate.origin != Mandate.Origin.INTERNET_BANK:
                raise PledgeError("number_in_use")
            if mandate.state == Mandate.State.DRAFT:
                _expected(mandate, seen)
            return mandate
        mandate = Mandate(
            entity_id=seen.entity_id,
            method="autogiro",
            state=Mandate.State.RECEIVED,
            origin=Mandate.Origin.INTERNET_BANK,
            created_at=clock.now(),
        )
        _fill(mandate, seen)
        mandate.save()
        _sign(mandate)
    return mandate


def _alive(seen: EMandate) -> Mandate | None:
    """The mandate with its number; or the one that waits for it with one more digit at the end."""
    ours = Mandate.objects.filter(entity_id=seen.entity_id).exclude(state__in=states.OVER_MANDATE)
    same = ours.filter(payer_number=seen.payer_number).first()
    if same is not None:
        return same
    waiting = [
        one
        for one in numbers.without_lost_digit(seen.entity_id, seen.payer_number)
        if (one.state, one.origin) == (Mandate.State.DRAFT, Mandate.Origin.INTERNET_BANK)
    ]
    return waiting[0] if len(waiting) == 1 else None


def _expected(mandate: Mandate, seen: EMandate) -> None:
    """A pledge waits for it: the answer is yes, under the number that the bank has."""
    _fill(mandate, seen)
    mandate.save()
    _sign(mandate)
    moving.mandate(mandate, "created", by=BANK, reason="expected", event_id=seen.event_id)
    if mandate.pledge is not None:
        starting.promise(mandate.pledge, by=BANK)


def _fill(mandate: Mandate, seen: EMandate) -> None:
    mandate.variant, mandate.account_hint = seen.variant, seen.hint
    mandate.payer_number = seen.payer_number
    for name, value in sealing.sealed_fields(mandate.ref, seen.details).items():
        setattr(mandate, name, value)


def _sign(mandate: Mandate) -> None:
    Signature.objects.create(
        mandate=mandate, way=Signature.Way.INTERNET_BANK, signed_at=clock.now(), by=BANK
    )


def accept_e_mandate(mandate_id: int, pledge_id: int | None, *, by: str) -> bool:
    """Say yes in the next file; with a pledge it is drawn for, without one it draws nothing yet.

    A pledge that waits for this mandate is promised its first day now. Raises
    PledgeError("not_received") when it was rejected or has lapsed; False when it was accepted.
    """
    with transaction.atomic():
        if pledge_id is not None:
            locks.pledge_for_change(pledge_id)
        mandate = locks.mandate_for_change(mandate_id)
        if mandate.state in states.OVER_MANDATE:
            raise PledgeError("not_received")
        moved = False
        if mandate.state == Mandate.State.RECEIVED:
            moved = moving.mandate(mandate, "created", by=by)
        return _attach(mandate, pledge_id, by) or moved


def _attach(mandate: Mandate, pledge_id: int | None, by: str) -> bool:
    if pledge_id is None or mandate.pledge_id is not None:
        return False
    pledge = locks.pledge_for_change(pledge_id)
    if pledge.state == Pledge.State.ENDED:
        raise PledgeError("ended")
    waiting = pledge.mandates.filter(state__in=states.WAITING_MANDATE)
    for old in waiting.select_for_update(no_key=True):
        ending.end_mandate(old, by=by, reason="replaced", wanted_at=clock.now())
    if mandate.state == Mandate.State.ACTIVE:
        retire_others(pledge, mandate)
    Mandate.objects.filter(pk=mandate.pk).update(pledge=pledge)
    mandate.pledge = pledge
    starting.promise(pledge, by=by)
    if mandate.state == Mandate.State.ACTIVE and pledge.state != Pledge.State.PAUSED:
        moving.pledge(pledge, "active", by=by)
    return True


def reject_e_mandate(mandate_id: int, *, by: str, reason: str) -> bool:
    """Say no in the next file (AV). False when it was answered before."""
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        if mandate.state != Mandate.State.RECEIVED:
            return False
        return moving.mandate(mandate, "refused", by=by, reason=reason)
