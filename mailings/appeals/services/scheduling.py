"""When an appeal leaves: zone and instant, the second person, the minutes with a Stop."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.staff import approvals
from mailings.appeals import preflight, quiet, wall_clock
from mailings.appeals.errors import AppealError
from mailings.appeals.locks import lock_appeal, lock_appeal_by_id
from mailings.appeals.models import Appeal
from mailings.appeals.moving import move
from mailings.appeals.services import drafting, writing
from mailings.appeals.wall_clock import WallClockError

KIND = "appeal"
LATE = timedelta(minutes=2)  # how long ago "now" may be when the form comes
FURTHEST = timedelta(days=366)
State = Appeal.State


@transaction.atomic
def schedule(
    ref: UUID,
    *,
    local_time: str,
    by: str,
    zone: str = "",
    which: int | None = None,
    edition: int | None = None,
    quiet_reason: str = "",
    person: str = "",
) -> Appeal:
    """Let a draft go at a time on the wall's clock; an empty one is now.

    `person`: who can't be the second one, where a key acts for somebody. Raises AppealError: what
    wall_clock says, past, too_far, quiet_hours (a reason is asked for), preflight with the checks
    that block, not_draft, changed_meanwhile, pattern (the words of a journey's step), letter (it
    goes by post).
    """
    appeal = drafting.draft(ref, edition)
    if appeal.kind == Appeal.Kind.JOURNEY:
        raise AppealError("pattern")
    if appeal.kind == Appeal.Kind.LETTER:
        raise AppealError("letter")
    zone = zone or appeal.zone
    send_at = instant(local_time, zone, which)
    at_night = quiet.at(send_at, zone)
    if at_night and not quiet_reason.strip():
        raise AppealError("quiet_hours")
    writing.compile_again(appeal_id=appeal.pk, by=by)
    checked = preflight.run(appeal, send_at=send_at, zone=zone, reason=quiet_reason)
    if faults := tuple(check.code for check in checked if check.state == preflight.BLOCK):
        raise AppealError("preflight", faults)
    second = at_night or preflight.people(checked) > settings.TWO_PERSON_APPEAL_PEOPLE
    now = clock.now()
    changes = {
        "zone": zone,
        "local_time": local_time or wall_clock.local_of(send_at, zone),
        "send_at": send_at,
        "scheduled_at": now,
        "cool_off_until": now + timedelta(minutes=settings.APPEAL_COOL_OFF_MINUTES),
        "quiet_reason": quiet_reason.strip()[:200] if at_night else "",
        "needs_second": second or settings.TWO_PERSON_APPEAL_PEOPLE == 0,
        "asked_by": person or by,
        "approved_by": "",
    }
    _move(appeal, State.SCHEDULED, "appeal.scheduled", by, changes=changes)
    if appeal.needs_second:
        approvals.ask(KIND, appeal.ref, appeal.campaign.entity, by=person or by)
    return appeal


def instant(local_time: str, zone: str, which: int | None) -> datetime:
    """The instant that a time on a clock means; now when empty. Raises AppealError."""
    now = clock.now()
    if not local_time:
        return now
    try:
        send_at = wall_clock.instant(local_time, zone, which=which)
    except WallClockError as error:
        raise AppealError(error.code) from None
    if send_at < now - LATE:
        raise AppealError("past")
    if send_at > now + FURTHEST:
        raise AppealError("too_far")
    return send_at


@transaction.atomic
def approve(ref: UUID, *, by: str) -> Appeal:
    """The second person says yes. Raises AppealError (not_asked, same_person)."""
    appeal = _asked(ref, by)
    appeal.approved_by = by
    appeal.save(update_fields=["approved_by"])
    approvals.close(KIND, appeal.ref, yes=True, by=by)
    _log(appeal, "appeal.approved", by)
    return appeal


@transaction.atomic
def decline(ref: UUID, *, by: str, why: str) -> Appeal:
    """The second person says no: it is a draft again. Raises AppealError (not_asked, …)."""
    appeal = _asked(ref, by)
    approvals.close(KIND, appeal.ref, yes=False, by=by, why=why)
    _back_to_draft(appeal, "appeal.declined", by, why)
    return appeal


def _asked(ref: UUID, by: str) -> Appeal:
    appeal = lock_appeal(ref)
    if appeal.state != State.SCHEDULED or not appeal.needs_second or appeal.approved_by:
        raise AppealError("not_asked")
    if appeal.asked_by == by:
        raise AppealError("same_person")
    return appeal


@transaction.atomic
def unschedule(ref: UUID, *, by: str, why: str = "") -> Appeal:
    """Take a scheduled appeal back before anybody is frozen. Raises AppealError (too_late)."""
    appeal = lock_appeal(ref)
    if appeal.state != State.SCHEDULED:
        raise AppealError("too_late")
    approvals.withdraw(KIND, appeal.ref, why="withdrawn")
    _back_to_draft(appeal, "appeal.unscheduled", by, why)
    return appeal


stop_in_cool_off = unschedule  # the Stop of the first minutes is the same act


def _back_to_draft(appeal: Appeal, action: str, by: str, why: str) -> None:
    changes: dict[str, object] = {
        "send_at": None,
        "scheduled_at": None,
        "cool_off_until": None,
        "needs_second": False,
        "quiet_reason": "",
        "asked_by": "",
        "approved_by": "",
        "local_time": "",
    }
    _move(appeal, State.DRAFT, action, by, why=why, changes=changes)


def _move(
    appeal: Appeal,
    new: str,
    action: str,
    by: str,
    *,
    changes: dict[str, object],
    why: str = "",
) -> None:
    if not move(appeal, new, by=by, reason=why, changes=changes):
        raise AppealError("changed_meanwhile")
    _log(appeal, action, by, why)


def _log(appeal: Appeal, action: str, by: str, why: str = "") -> None:
    after = {"state": appeal.state, "second": appeal.needs_second}
    audit.log_change(
        by=by,
        action=action,
        subject_type="appeal",
        subject_ref=appeal.ref,
        after=after,
        reason=why,
    )


# --- What is due ----------------------------------------------------------------------------------
def claim_due(now: datetime) -> list[int]:
    """Begin what is due, the most important first; each is begun once, whoever asks.

    An appeal that waits for its second person waits, however late it gets.
    """
    due = Appeal.objects.filter(state=State.SCHEDULED, send_at__lte=now, cool_off_until__lte=now)
    ready = due.exclude(needs_second=True, approved_by="").order_by("priority", "send_at", "pk")
    return [pk for pk in ready.values_list("pk", flat=True) if _begin(pk, now)]


@transaction.atomic
def _begin(pk: int, now: datetime) -> bool:
    """Looked at once more under its lock: it may have been stopped, and scheduled for later."""
    appeal = lock_appeal_by_id(pk)
    if appeal.state != State.SCHEDULED or (appeal.needs_second and not appeal.approved_by):
        return False
    if any(at is None or at > now for at in (appeal.send_at, appeal.cool_off_until)):
        return False
    return move(appeal, State.PREPARING, by="system:beat")
