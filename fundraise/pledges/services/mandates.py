"""The bank's answers about mandates, and new accounts; e_mandates.py has the Internet bank's own.

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
from fundraise.pledges import locks, rules, states
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import (
    Collection,
    Mandate,
    MandateTransition,
    Pledge,
    PledgeChange,
)
from fundraise.pledges.rules import Answer
from fundraise.pledges.services import ending, moving, planning
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
            retire_others(pledge, mandate)
        moving.mandate(mandate, "active", by=BANK, reason=said.codes, event_id=said.event_id)
        if pledge is not None:
            Pledge.objects.filter(pk=pledge.pk).update(method=mandate.method)
            _follow(pledge, mandate, said)
    return True


def retire_others(pledge: Pledge, new: Mandate) -> None:
    """The mandate that was drawn on so far ends, once the draws that it has out are settled."""
    olds = pledge.mandates.filter(state=Mandate.State.ACTIVE).exclude(pk=new.pk)
    for old in olds.select_for_update(no_key=True):
        moving.mandate(old, "retiring", by=BANK, reason="replaced")
        ending.recall_queued(old, by=BANK)  # what no file holds yet is drawn on the new one
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

    A card is drawn on until then too. A draft that was waiting gives way to it; one that is at the
    bank is ended there. Raises PledgeError (ended, no_payer_range, no_payer_number, number_in_use,
    quarantine).
    """
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        if pledge.state == Pledge.State.ENDED:
            raise PledgeError("ended")
        waiting = pledge.mandates.filter(state__in=states.WAITING_MANDATE)
        for old in waiting.select_for_update(no_key=True):
            ending.end_mandate(old, by=by, reason="replaced", wanted_at=received_at)
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
