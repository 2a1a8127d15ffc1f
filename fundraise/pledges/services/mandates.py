"""The bank's answers about mandates, new accounts, and mandates that come from the Internet bank.

Each answer is legal in every state, may come twice or late, and leaves its codes in the history.
`codes` is the pair as it stands in the advice, as 04+32; `on` is the bank's own day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.outbox import services as outbox
from fundraise.pledges import locks, rules, sealing, states
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import (
    Collection,
    Mandate,
    MandateTransition,
    Pledge,
    PledgeChange,
    Signature,
)
from fundraise.pledges.rules import Answer
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import ending, moving, planning, starting
from fundraise.pledges.services.starting import NewAccount, draft_mandate
from fundraise.states import Step, advance_many

BANK = "system:bank"


@dataclass(frozen=True, slots=True)
class Said:
    """What the bank said: its codes, its day, and the row that holds it (for doing it once)."""

    codes: str
    on: date | None = None
    event_id: str = ""


def mark_sent(mandate_ids: Sequence[int], at: datetime) -> set[int]:
    """These mandates stand in a file now. Returns the keys of those that were to be sent."""
    steps = [Step(pk, "created", "sent", changes=(at,)) for pk in mandate_ids]
    return advance_many(
        Mandate,
        steps,
        allowed=states.MANDATE,
        transition_model=MandateTransition,
        by="system:autogiro",
        names=("sent_at",),
    )


def approved(mandate_id: int, said: Said) -> bool:
    """The bank's yes: the pledge is active, and an older mandate of it is drawn on no more.

    Returns False when it changes nothing (said before, or the mandate is being ended).
    """
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        if rules.mandate_after(mandate.state, Answer.APPROVED) == mandate.state:
            return False
        if mandate.state == Mandate.State.CREATED:  # answered before we had recorded the file
            moving.mandate(mandate, "sent", by=BANK)
        pledge = mandate.pledge
        if pledge is not None:
            _retire_others(pledge, mandate)
        moving.mandate(mandate, "active", by=BANK, reason=said.codes, event_id=said.event_id)
        if pledge is not None:
            _follow(pledge, mandate, said)
    return True


def _retire_others(pledge: Pledge, new: Mandate) -> None:
    """The mandate that was drawn on so far ends, once the draws that it has out are settled."""
    olds = pledge.mandates.filter(state=Mandate.State.ACTIVE).exclude(pk=new.pk)
    for old in olds.select_for_update(no_key=True):
        moving.mandate(old, "retiring", by=BANK, reason="replaced")
        end_retired(old)


def end_retired(mandate: Mandate) -> bool:
    """End a mandate that is being replaced, when nothing is out on it. False when something is."""
    if mandate.state != Mandate.State.RETIRING:
        return False
    if Collection.objects.filter(mandate=mandate, state__in=states.OPEN_COLLECTION).exists():
        return False
    ending.end_mandate(mandate, by="system:pledges", reason="replaced", wanted_at=clock.now())
    return True


def refused(mandate_id: int, said: Said) -> bool:
    """The bank's no. Without another mandate the pledge waits for a new account."""
    return _over(mandate_id, Answer.REFUSED, said, by_payer=False)


def ended(mandate_id: int, said: Said, *, by_payer: bool = False) -> bool:
    """The mandate has ended at the bank: our wish, the payer's (a stop), or a closed account."""
    return _over(mandate_id, Answer.ENDED, said, by_payer=by_payer)


def _over(mandate_id: int, answer: Answer, said: Said, *, by_payer: bool) -> bool:
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        new = rules.mandate_after(mandate.state, answer)
        if new == mandate.state:
            return False
        was = mandate.state
        if (was, new) == ("created", "refused"):
            moving.mandate(mandate, "sent", by=BANK)
        moving.mandate(
            mandate, new, by=BANK, reason=said.codes, event_id=said.event_id, ended_on=said.on
        )
        pledge = mandate.pledge
        outbox.write("MandateRefused" if new == "refused" else "MandateEnded", mandate.pk)
        if pledge is not None and was not in {"ending", "retiring"}:
            _follow(pledge, mandate, said, by_payer=by_payer)
    return True


def _follow(pledge: Pledge, mandate: Mandate, said: Said, *, by_payer: bool = False) -> None:
    """What a mandate's new state means for its pledge."""
    useful = ["active", *states.WAITING_MANDATE]
    others = pledge.mandates.filter(state__in=useful).exclude(pk=mandate.pk).exists()
    new = rules.pledge_after_mandate(pledge.state, mandate.state, others=others, by_payer=by_payer)
    if new == "ended" and pledge.state != Pledge.State.ENDED:
        ending.end(pledge.pk, reason="bank", by=BANK, channel="bank", at_the_bank=True)
    elif new != pledge.state:
        if new == "halted":
            ending.recall(pledge, "plan", by=BANK, at_the_bank=True)
            planning.withdraw_notices(pledge)
        moving.pledge(pledge, new, by=BANK, reason=said.codes)


def revoked(mandate_id: int, said: Said) -> bool:
    """A draw was taken back: the mandate was never given, or withdrawn. Pledge and mandate end.

    The bank may still have the mandate, so it is asked to end it. False when it was being ended.
    """
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        if mandate.state in {"ending", *states.OVER_MANDATE}:
            return False
        if mandate.pledge is None or mandate.state == Mandate.State.RETIRING:
            ending.end_mandate(mandate, by=BANK, reason=said.codes, wanted_at=clock.now())
            return True
        return ending.end(
            mandate.pledge.pk, reason="bank", by=BANK, channel="bank", event_id=said.event_id
        )


def not_ended(mandate_id: int, said: Said) -> bool:
    """The end that we asked for was refused. No such mandate there means that it has ended.

    Returns False when a person has to look: it stays as it is.
    """
    if said.codes.endswith("+04"):
        return ended(mandate_id, said)
    return False


def renumbered(mandate_id: int, new_number: str, said: Said) -> bool:
    """The mandate has another payer number at the bank now (05+32). False when it had it."""
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        if mandate.payer_number == new_number or mandate.state in states.OVER_MANDATE:
            return False
        mandate.payer_number = new_number
        mandate.save(update_fields=["payer_number"])
        audit.log_change(
            by=BANK,
            action="mandate.renumbered",
            subject_type="mandate",
            subject_ref=mandate.ref,
            reason=said.codes,
        )
    return True


# --- A new account --------------------------------------------------------------------------------
def new_account(
    pledge_id: int, account: NewAccount, *, by: str, channel: str, received_at: datetime
) -> Mandate:
    """A draft mandate on another account; the old one draws until this one is approved.

    A draft that was waiting gives way to it; one that is at the bank is ended there. Raises
    PledgeError (ended, no_payer_range, no_payer_number, quarantine).
    """
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        if pledge.state == Pledge.State.ENDED:
            raise PledgeError("ended")
        waiting = pledge.mandates.filter(state__in=states.WAITING_MANDATE)
        for old in waiting.select_for_update(no_key=True):
            ending.end_mandate(old, by=by, reason="replaced", wanted_at=received_at)
        if pledge.method != "autogiro":
            Pledge.objects.filter(pk=pledge.pk).update(method="autogiro")
        mandate = draft_mandate(pledge, account)
        PledgeChange.objects.create(
            pledge=pledge,
            kind=PledgeChange.Kind.ACCOUNT,
            after={"mandate": str(mandate.ref)},
            by=by,
            channel=channel,
            received_at=received_at,
            made_at=clock.now(),
        )
    return mandate


# --- The Internet bank ----------------------------------------------------------------------------
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
    """Keep it, to be answered within 18 bank days. The same one again (a reminder) is the same.

    Raises PledgeError("number_in_use") when another mandate that is not over has its number.
    """
    with transaction.atomic():
        same = Mandate.objects.filter(
            entity_id=seen.entity_id, payer_number=seen.payer_number
        ).exclude(state__in=states.OVER_MANDATE)
        found = same.select_for_update(no_key=True).first()
        if found is not None:
            if found.origin != Mandate.Origin.INTERNET_BANK:
                raise PledgeError("number_in_use")
            return found
        mandate = Mandate(
            entity_id=seen.entity_id,
            method="autogiro",
            state=Mandate.State.RECEIVED,
            origin=Mandate.Origin.INTERNET_BANK,
            variant=seen.variant,
            account_hint=seen.hint,
            payer_number=seen.payer_number,
            created_at=clock.now(),
        )
        for name, value in sealing.sealed_fields(mandate.ref, seen.details).items():
            setattr(mandate, name, value)
        mandate.save()
        Signature.objects.create(
            mandate=mandate,
            way=Signature.Way.INTERNET_BANK,
            signed_at=clock.now(),
            by=BANK,
        )
    return mandate


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
        _retire_others(pledge, mandate)
    Mandate.objects.filter(pk=mandate.pk).update(pledge=pledge)
    mandate.pledge = pledge
    starting.promise(pledge, by=by)
    if mandate.state == Mandate.State.ACTIVE:
        moving.pledge(pledge, "active", by=by)
    return True


def reject_e_mandate(mandate_id: int, *, by: str, reason: str) -> bool:
    """Say no in the next file (AV). False when it was answered before."""
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        if mandate.state != Mandate.State.RECEIVED:
            return False
        return moving.mandate(mandate, "refused", by=by, reason=reason)
