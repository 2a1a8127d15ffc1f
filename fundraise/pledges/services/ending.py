"""A pledge ends: its mandate too, and every draw that can still be stopped.

What has not been sent is dropped at once; what has been sent is cancelled where the bank still
takes it (never on the day of the order); only what is past the cut-off can't be stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import transaction

from fundraise import clock
from fundraise.jobs.one_by_one import each
from fundraise.pledges import locks, rules, states
from fundraise.pledges.models import (
    Collection,
    Instalment,
    Mandate,
    Pledge,
    PledgeChange,
    PledgeDetails,
)
from fundraise.pledges.services import moving
from fundraise.pledges.times import until_of

NOTHING_MORE: Mapping[str, object] = MappingProxyType({})


UNSIGNED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What became of the draws that were out: their keys."""

    stopped: tuple[int, ...] = ()  # never sent, and never will be
    cancelling: tuple[int, ...] = ()  # the bank is asked to cancel
    unstoppable: tuple[int, ...] = ()  # past the cut-off


def end(
    pledge_id: int,
    *,
    reason: str,
    by: str,
    channel: str,
    received_at: datetime | None = None,
    why: str = "",
    event_id: str = "",
    at_the_bank: bool = False,
    told: Mapping[str, object] = NOTHING_MORE,
) -> bool:
    """End a pledge for good. False when it had ended. `reason` is a code, `why` the donor's own.

    `at_the_bank`: the mandate has ended there, so nothing is sent about it. `told` is kept with the
    change: the day of a death.
    """
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        if pledge.state == Pledge.State.ENDED:
            return False
        now = clock.now()
        recall(pledge, "stop", by=by, at_the_bank=at_the_bank)
        drop_planned(pledge, "cancelled", by=by, reason=reason)
        for mandate in pledge.mandates.exclude(state__in=states.OVER_MANDATE).select_for_update():
            end_mandate(mandate, by=by, reason=reason, wanted_at=received_at or now)
        PledgeChange.objects.create(
            pledge=pledge,
            kind=PledgeChange.Kind.STOP,
            before={"state": pledge.state, "amount_ore": pledge.amount_ore},
            after={"state": "ended", **told},
            by=by,
            channel=channel,
            reason=why,
            received_at=received_at or now,
            made_at=now,
        )
        moving.pledge(pledge, "ended", by=by, reason=reason, event_id=event_id)
    return True


def end_mandate(mandate: Mandate, *, by: str, reason: str, wanted_at: datetime) -> None:
    """End a mandate: at once where the bank never had it, else the bank is asked to (TK03)."""
    never_sent = mandate.state in {"draft", "created", "received"}
    if never_sent or mandate.method != "autogiro":
        moving.mandate(mandate, "ended", by=by, reason=reason, end_wanted_at=wanted_at)
    else:
        moving.mandate(mandate, "ending", by=by, reason=reason, end_wanted_at=wanted_at)


def recall(pledge: Pledge, cancel_for: str, *, by: str, at_the_bank: bool = False) -> Recalled:
    """Stop every open draw of a locked pledge that can be stopped, or those of one instalment."""
    open_draws = Collection.objects.filter(
        instalment__pledge=pledge, state__in=states.OPEN_COLLECTION
    )
    found = open_draws.select_related("instalment", "mandate").select_for_update(
        of=("self",), no_key=True
    )
    return recall_draws(list(found), cancel_for, by=by, at_the_bank=at_the_bank)


def recall_queued(mandate: Mandate, *, by: str) -> None:
    """Draws of a mandate that have not been sent go back to their periods."""
    queued = mandate.collections.filter(state=Collection.State.QUEUED)
    found = queued.select_related("instalment", "mandate")
    recall_draws(list(found.select_for_update(of=("self",), no_key=True)), "plan", by=by)


def recall_draws(
    draws: list[Collection], cancel_for: str, *, by: str, at_the_bank: bool = False
) -> Recalled:
    """Stop these draws, each with its locked pledge; tells what became of which."""
    stopped, cancelling, unstoppable = [], [], []
    now = clock.now()
    for draw in draws:
        sent_on = clock.local_date(draw.sent_at) if draw.sent_at else None
        if draw.state == Collection.State.QUEUED:
            moving.collection(draw, "cancelled", by=by, cancel_for=cancel_for)
            settle_cancelled(draw, by=by)
            stopped.append(draw.pk)
        elif draw.state == Collection.State.CANCELLING:
            wish = rules.cancel_wish(draw.cancel_for, cancel_for)
            Collection.objects.filter(pk=draw.pk).update(cancel_for=wish)
            cancelling.append(draw.pk)
        elif _bank_takes_it(draw) and rules.may_cancel(
            draw.due_on, sent_on, now, until_of(draw.mandate.entity_id, clock.today())
        ):
            # A mandate that has ended there takes its draws with it: the bank tells which.
            if at_the_bank:
                Collection.objects.filter(pk=draw.pk).update(cancel_for=cancel_for)
            else:
                moving.collection(draw, "cancelling", by=by, cancel_for=cancel_for)
            cancelling.append(draw.pk)
        else:
            unstoppable.append(draw.pk)
    return Recalled(tuple(stopped), tuple(cancelling), tuple(unstoppable))


def _bank_takes_it(draw: Collection) -> bool:
    return draw.mandate.method == "autogiro" and draw.state == Collection.State.SENT


def settle_cancelled(draw: Collection, *, by: str, event_id: str = "") -> None:
    """The instalment of a draw that was cancelled: skipped, cancelled or planned anew."""
    instalment = draw.instalment
    new = rules.instalment_after(
        instalment.state, "cancelled", cancel_for=draw.cancel_for, again=False
    )
    moving.instalment(instalment, new, by=by, reason=draw.cancel_for or "bank", event_id=event_id)


def drop_planned(pledge: Pledge, new: str, *, by: str, reason: str) -> None:
    """Every instalment that nothing is out for comes to an end."""
    waiting = [Instalment.State.PLANNED, Instalment.State.SKIPPED]
    for instalment in pledge.instalments.filter(state__in=waiting).select_for_update(no_key=True):
        moving.instalment(instalment, new, by=by, reason=reason)


def end_unsigned() -> int:
    """Sign-ups that nobody has signed within a month end; how many."""
    old = Pledge.objects.filter(
        state=Pledge.State.UNCONFIRMED, created_at__lt=clock.now() - UNSIGNED_FOR
    )
    return each(
        list(old.values_list("pk", flat=True)),
        lambda pk: end(pk, reason="unsigned", by="system:pledges", channel="time"),
    ).whole()


def forget_details() -> int:
    """What was typed, and the account, of pledges that ended before anything was ever drawn."""
    never = Pledge.objects.filter(
        state=Pledge.State.ENDED,
        ended_at__lt=clock.now() - UNSIGNED_FOR,
        end_reason__in=["unsigned", "not_me", "not_paid", "changed"],
        mandates__sent_at=None,
    ).exclude(instalments__collections__isnull=False)
    ids = list(never.exclude(details__sealed=None).values_list("pk", flat=True).distinct())
    Mandate.objects.filter(pledge__in=ids).update(account_sealed=None, identity_sealed=None)
    return PledgeDetails.objects.filter(pledge__in=ids).update(sealed=None)
