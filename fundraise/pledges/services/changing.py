"""What a donor wishes, or staff for a donor: another sum or day, a skip, a pause, a stop.

A wish is carried out in one transaction, kept as a PledgeChange, and announced where the law wants
it: a higher sum and another day from the first draw that can be told eight bank days ahead, a lower
sum at once. Sums are öre, days Europe/Stockholm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from fundraise import clock
from fundraise.outbox import services as outbox
from fundraise.pledges import locks, schedule, states
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Collection, Instalment, Notice, Pledge, PledgeChange
from fundraise.pledges.models.pledge import LAST_BANK_DAY
from fundraise.pledges.services import ending, moving, planning, replanning
from fundraise.pledges.services.ending import Recalled

LONGEST_PAUSE_DAYS = 366
Kind = PledgeChange.Kind


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose wish it is, how it reached us and when; `reason` is a code that the donor chose,
    `reference` what the link of a mail named."""

    by: str
    channel: str
    received_at: datetime
    reason: str = ""
    reference: str = ""


def wish(
    by: str = "donor", channel: str = "my_pages", reason: str = "", reference: str = ""
) -> Wish:
    """A wish that reaches us now."""
    return Wish(by, channel, clock.now(), reason, reference)


def _living(pledge_id: int) -> Pledge:
    pledge = locks.pledge_for_change(pledge_id)
    if pledge.state == Pledge.State.ENDED:
        raise PledgeError("ended")
    return pledge


def keep(
    pledge: Pledge,
    kind: str,
    asked: Wish,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> PledgeChange:
    """What was changed of a locked pledge, and the fact that tells it."""
    outbox.write("PledgeChanged", pledge.pk)
    return PledgeChange.objects.create(
        pledge=pledge,
        kind=kind,
        before=dict(before),
        after=dict(after),
        by=asked.by,
        channel=asked.channel,
        reason=asked.reason,
        reference=asked.reference,
        received_at=asked.received_at,
        made_at=clock.now(),
    )


# --- Sum and day ----------------------------------------------------------------------------------
def change_amount(pledge_id: int, amount_ore: int, asked: Wish) -> PledgeChange | None:
    """Another sum from the next draw that it can be told for; None when it is the same.

    What stands in a file already is drawn with the old sum. Raises PledgeError (ended, amount).
    """
    with transaction.atomic():
        pledge = _living(pledge_id)
        lowest, highest = pledge.campaign.minimum_ore, pledge.campaign.maximum_ore
        if not lowest <= amount_ore <= highest:
            raise PledgeError("amount")
        if amount_ore == pledge.amount_ore:
            return None
        before = pledge.amount_ore
        replanning.set_amount(pledge, amount_ore)
        return keep(pledge, Kind.AMOUNT, asked, {"amount_ore": before}, {"amount_ore": amount_ore})


def change_day(pledge_id: int, day: int, asked: Wish) -> PledgeChange | None:
    """Another day of the month: 1-28, or 31 for the last bank day; None when it is the same.

    A period whose new day can't be told in time, or lies in a pause, keeps its old one; one that
    would be drawn within two weeks of the one before is left out. Raises PledgeError (ended, day).
    """
    if not (1 <= day <= 28 or day == LAST_BANK_DAY):
        raise PledgeError("day")
    with transaction.atomic():
        pledge = _living(pledge_id)
        if day == pledge.day:
            return None
        before = pledge.day
        Pledge.objects.filter(pk=pledge.pk).update(day=day)
        pledge.day = day
        replanning.set_day(pledge, by=asked.by)
        return keep(pledge, Kind.DAY, asked, {"day": before}, {"day": day})


# --- Skip, pause, resume --------------------------------------------------------------------------
def skip_next(pledge_id: int, asked: Wish) -> PledgeChange:
    """Leave out the next draw, also one that is at the bank and can be cancelled.

    Raises PledgeError (ended, not_active, nothing_to_skip, too_late).
    """
    with transaction.atomic():
        pledge = _living(pledge_id)
        if pledge.state not in {Pledge.State.ACTIVE, Pledge.State.PENDING}:
            raise PledgeError("not_active")
        coming = pledge.instalments.filter(state__in=["planned", "collecting"])
        row = coming.filter(due_on__gt=clock.today()).order_by("due_on").first()
        if row is None:
            raise PledgeError("nothing_to_skip")
        _leave_out(row, "skip", asked.by)
        return keep(pledge, Kind.SKIP, asked, {}, {"period": row.period.isoformat()})


def _leave_out(row: Instalment, why: str, by: str) -> None:
    if row.state == Instalment.State.PLANNED:
        moving.instalment(row, "skipped", by=by, reason=why)
        return
    out = row.collections.filter(state__in=states.OPEN_COLLECTION).select_related(
        "instalment", "mandate"
    )
    recalled = ending.recall_draws(list(out.select_for_update(of=("self",))), why, by=by)
    if recalled.unstoppable:
        raise PledgeError("too_late")


def unskip(pledge_id: int, period: date, asked: Wish) -> PledgeChange:
    """Take a skip back, while the draw can still be told in time.

    Raises PledgeError (ended, nothing_to_skip, too_late).
    """
    with transaction.atomic():
        pledge = _living(pledge_id)
        row = pledge.instalments.filter(period=period, state=Instalment.State.SKIPPED).first()
        if row is None or row.reason == "instead":  # it was given another way
            raise PledgeError("nothing_to_skip")
        replanning.take_back(pledge, row, by=asked.by)
        return keep(pledge, Kind.UNSKIP, asked, {}, {"period": period.isoformat()})


def pause(pledge_id: int, until: date, asked: Wish) -> tuple[PledgeChange, Recalled]:
    """No draw before `until`; what is at the bank is cancelled where it still can be.

    Raises PledgeError (ended, not_active, until).
    """
    today = clock.today()
    if not 0 < (until - today).days <= LONGEST_PAUSE_DAYS:
        raise PledgeError("until")
    with transaction.atomic():
        pledge = _living(pledge_id)
        if pledge.state not in {Pledge.State.ACTIVE, Pledge.State.PAUSED}:
            raise PledgeError("not_active")
        before = pledge.paused_until
        recalled = ending.recall(pledge, "pause", by=asked.by)
        Pledge.objects.filter(pk=pledge.pk).update(not_before=until)
        if pledge.state == Pledge.State.PAUSED:
            Pledge.objects.filter(pk=pledge.pk).update(paused_until=until)
        else:
            moving.pledge(pledge, "paused", by=asked.by, paused_until=until)
        for row in replanning.planned(pledge, date.min):
            if row.due_on < until:
                moving.instalment(row, "skipped", by=asked.by, reason="pause")
        planning.withdraw_notices(pledge)
        change = keep(
            pledge, Kind.PAUSE, asked,
            {"paused_until": before.isoformat() if before else None},
            {"paused_until": until.isoformat()},
        )  # fmt: skip
    return change, recalled


def resume(pledge_id: int, asked: Wish) -> PledgeChange:
    """Go on after a pause, from the first draw that can be told in time.

    Raises PledgeError (ended, not_paused).
    """
    with transaction.atomic():
        pledge = _living(pledge_id)
        if pledge.state != Pledge.State.PAUSED:
            raise PledgeError("not_paused")
        moving.pledge(pledge, "active", by=asked.by, reason="resumed", not_before=None)
        replanning.wake(pledge, by=asked.by)
        planning.announce_next(pledge, Notice.Kind.RESUME)
        return keep(pledge, Kind.RESUME, asked, {}, {})


def go_on(pledge_id: int, asked: Wish) -> PledgeChange:
    """A halted pledge is drawn again on the mandate that it has: the donor has moved it.

    Raises PledgeError (ended, not_active, not_signed).
    """
    with transaction.atomic():
        pledge = _living(pledge_id)
        if pledge.state != Pledge.State.HALTED:
            raise PledgeError("not_active")
        if not pledge.mandates.filter(state="active").exists():
            raise PledgeError("not_signed")
        moving.pledge(pledge, "active", by=asked.by, reason="repaired")
        planning.announce_next(pledge, Notice.Kind.RESUME)
        return keep(pledge, Kind.REPAIR, asked, {}, {})


# --- Stop -----------------------------------------------------------------------------------------
def stop(pledge_id: int, asked: Wish) -> bool:
    """End the pledge and its mandate. False when it had ended: a stop never fails.

    `queries.unstoppable` tells which draws are past the cut-off.
    """
    return ending.end(
        pledge_id,
        reason="stopped",
        by=asked.by,
        channel=asked.channel,
        received_at=asked.received_at,
        why=asked.reason,
    )


# --- Undo -----------------------------------------------------------------------------------------
def undo(change_id: int, asked: Wish) -> bool:
    """Take a change of sum or day back, until a draw has been sent with it. False when it was.

    Raises PledgeError (ended, not_undoable, too_late).
    """
    with transaction.atomic():
        pledge_id = PledgeChange.objects.values_list("pledge_id", flat=True).get(pk=change_id)
        pledge = _living(pledge_id)
        change = PledgeChange.objects.select_for_update().get(pk=change_id)
        if change.undone_at is not None:
            return False
        later = pledge.changes.filter(pk__gt=change.pk, kind=change.kind, undone_at=None)
        if change.kind not in {Kind.AMOUNT, Kind.DAY} or later.exists():
            raise PledgeError("not_undoable")
        if sent_with(change):
            raise PledgeError("too_late")
        change.undone_at = clock.now()
        change.save(update_fields=["undone_at"])
        if change.kind == Kind.AMOUNT:
            change_amount(pledge.pk, int(change.before["amount_ore"]), asked)
        else:
            change_day(pledge.pk, int(change.before["day"]), asked)
    return True


def sent_with(change: PledgeChange) -> bool:
    """Whether a draw has been sent with the sum or on the day of a change: then it stands."""
    sent = Collection.objects.filter(
        instalment__pledge=change.pledge_id, sent_at__gt=change.made_at
    ).select_related("instalment")
    if change.kind == Kind.AMOUNT:
        return sent.filter(amount_ore=change.after["amount_ore"]).exists()
    day = int(change.after["day"])
    return any(draw.due_on == schedule.due_day(draw.instalment.period, day) for draw in sent)
