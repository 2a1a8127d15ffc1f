"""Pause, go on, cancel. A pause lets nobody claim: what is on its way takes at most one batch."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.jobs import services as jobs
from fundraise.staff import approvals
from mailings.appeals import asking, gates
from mailings.appeals.errors import AppealError
from mailings.appeals.locks import lock_appeal, lock_appeal_by_id
from mailings.appeals.models import Appeal, Batch, Message
from mailings.appeals.moving import move
from mailings.appeals.services import recalling, scheduling

State = Appeal.State
PAUSED, NOT_RECALLED = "appeal-paused", "appeal-not-recalled"
LOOKED_BACK = timedelta(days=7)
SYSTEM = "system:appeals"
BY_STAFF = "staff"
# So many refused people, and nobody taken: it is the mail that is wrong, not the addresses.
REFUSED_ENOUGH = 5
REFUSED_PERCENT = 5


@transaction.atomic
def pause(ref: UUID, *, by: str, why: str = "") -> Appeal:
    """Stop for now. Raises AppealError("not_sending")."""
    appeal = lock_appeal(ref)
    if appeal.state not in {State.PREPARING, State.SENDING}:
        raise AppealError("not_sending")
    move(appeal, State.PAUSED, by=by, reason=why, changes={"paused_for": BY_STAFF})
    _log(appeal, "appeal.paused", by, why)
    return appeal


def pause_for(appeal_id: int, code: str) -> bool:
    """Stopped by the engine, with an alarm; False when it does not send any more."""
    with transaction.atomic():
        appeal = lock_appeal_by_id(appeal_id)
        if appeal.state not in {State.PREPARING, State.SENDING}:
            return False
        move(appeal, State.PAUSED, by=SYSTEM, reason=code, changes={"paused_for": code})
        jobs.raise_alarm(PAUSED, str(appeal.ref), f"An appeal was paused: {code}")
    return True


def pause_when_all_is_refused(appeal_id: int) -> bool:
    """Stop when refusals are many and successes few: nobody is refused one by one for a fault in
    the mail itself."""
    rows = Message.objects.filter(appeal=appeal_id)
    refused = rows.filter(outcome=Message.Outcome.REFUSED).count()
    if refused < REFUSED_ENOUGH:
        return False
    taken = _taken(appeal_id)
    if refused * 100 > REFUSED_PERCENT * (taken + refused):
        return pause_for(appeal_id, "refused")
    return False


def _taken(appeal_id: int) -> int:
    accepted = Batch.objects.filter(appeal=appeal_id, state=Batch.State.ACCEPTED)
    total: int | None = accepted.aggregate(people=Sum("sent"))["people"]
    return total or 0


@transaction.atomic
def resume(ref: UUID, *, by: str, why: str = "") -> Appeal:
    """Go on where it stopped; what the gate had stopped it for is judged anew from here.

    Raises AppealError (not_paused, campaign_over).
    """
    appeal = lock_appeal(ref)
    if appeal.state != State.PAUSED:
        raise AppealError("not_paused")
    if asking.too_late(appeal, clock.today()):
        raise AppealError(asking.OVER)
    new = State.SENDING if appeal.prepared_at else State.PREPARING
    if appeal.paused_for in gates.CODES:
        gates.excuse(appeal.pk)
    move(appeal, new, by=by, reason=why, changes={"paused_for": ""})
    _log(appeal, "appeal.resumed", by, why)
    jobs.resolve_alarms(PAUSED, subject=str(appeal.ref))
    return appeal


def cancel(ref: UUID, *, by: str, why: str) -> Appeal:
    """End it: what was taken stays sent, what the sender still holds is called back, all others
    are left out by name. Raises AppealError (needs_reason, over, pattern)."""
    if not why.strip():
        raise AppealError("needs_reason")
    with transaction.atomic():
        appeal = lock_appeal(ref)
        if appeal.state in {State.FINISHED, State.CANCELLED}:
            raise AppealError("over")
        if appeal.kind == Appeal.Kind.JOURNEY and appeal.state == State.DRAFT:
            raise AppealError("pattern")  # the words of a step, which its journey needs
        changes = {"ended_at": clock.now(), "paused_for": ""}
        move(appeal, State.CANCELLED, by=by, reason=why, changes=changes)
        _log(appeal, "appeal.cancelled", by, why)
        approvals.withdraw(scheduling.KIND, appeal.ref, why="cancelled")
        _leave_out(appeal.pk)
        jobs.resolve_alarms(PAUSED, subject=str(appeal.ref))
    _recall(appeal)  # asks the sender: in no transaction of ours
    return appeal


def watch_cancelled(now: datetime) -> int:
    """What was out or being prepared when its appeal was cancelled: what came back, or was ready
    too late, is left out by name, and what the sender took since is called back. How many appeals.
    """
    lately = Q(appeal__state=State.CANCELLED, appeal__ended_at__gte=now - LOOKED_BACK)
    waits = Q(state__in=[Batch.State.HELD, Batch.State.READY])
    rows = Batch.objects.filter(lately, waits | recalling.still_held(now))
    found = list(Appeal.objects.filter(pk__in=rows.values("appeal")).order_by("pk"))
    for appeal in found:
        with transaction.atomic():
            _leave_out(lock_appeal_by_id(appeal.pk).pk)
        _recall(appeal)
    return len(found)


def _leave_out(appeal_id: int) -> None:
    """Whom nothing was sent to: what waits is cancelled."""
    waits = [Batch.State.HELD, Batch.State.READY]
    rows = Batch.objects.filter(appeal=appeal_id, state__in=waits)
    _cancelled(
        appeal_id, list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    )


def _cancelled(appeal_id: int, batches: list[int]) -> None:
    Batch.objects.filter(pk__in=batches).update(
        state=Batch.State.CANCELLED, settled_at=clock.real_now(), settled_by="cancelled", sent=0
    )
    rows = Message.objects.filter(
        appeal=appeal_id, batch_id__in=batches, outcome=Message.Outcome.SENT
    )
    rows.update(outcome=Message.Outcome.CANCELLED)


def _recall(appeal: Appeal) -> None:
    confirmed, failed = recalling.recall_all(appeal.pk)
    with transaction.atomic():
        held = Batch.objects.select_for_update().filter(
            pk__in=confirmed, state__in=[Batch.State.ACCEPTED, Batch.State.IN_DOUBT]
        )
        _cancelled(appeal.pk, list(held.order_by("pk").values_list("pk", flat=True)))
    if failed:
        jobs.raise_alarm(
            NOT_RECALLED,
            str(appeal.ref),
            "The sender did not confirm that it threw away what it holds of a cancelled appeal.",
        )
    elif confirmed:
        jobs.resolve_alarms(NOT_RECALLED, subject=str(appeal.ref))


def _log(appeal: Appeal, action: str, by: str, why: str) -> None:
    audit.log_change(
        by=by,
        action=action,
        subject_type="appeal",
        subject_ref=appeal.ref,
        after={"state": appeal.state},
        reason=why,
    )
