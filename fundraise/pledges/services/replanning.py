"""Periods that are planned already follow a changed sum or day, and the change is announced."""

from __future__ import annotations

from datetime import date

from fundraise import bankdays, clock
from fundraise.pledges import schedule
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Collection, Instalment, Notice, Pledge
from fundraise.pledges.services import ending, moving, planning


def planned(pledge: Pledge, since: date) -> list[Instalment]:
    """Periods that nothing is out for, due from a day on, locked."""
    rows = pledge.instalments.filter(state=Instalment.State.PLANNED, due_on__gte=since)
    return list(rows.select_for_update(no_key=True).order_by("due_on"))


def set_amount(pledge: Pledge, amount_ore: int) -> None:
    """A higher sum from the first draw that can be told in time, a lower one at once."""
    lower = amount_ore < pledge.amount_ore
    Pledge.objects.filter(pk=pledge.pk).update(amount_ore=amount_ore)
    pledge.amount_ore = amount_ore
    if lower:
        _replan_queued(pledge)
    since = clock.today() if lower else planning.soonest()
    touched = [row for row in planned(pledge, since) if lower or not row.retried]
    for row in touched:
        row.amount_ore = amount_ore
        row.save(update_fields=["amount_ore"])
    announce_change(pledge, [row for row in touched if not row.retried])


def set_day(pledge: Pledge, *, by: str) -> None:
    """Periods move to the pledge's day, where that can be told in time and no pause forbids it.

    One that would come within `LEAST_GAP` of the draw before it is left out.
    """
    earliest, moved = planning.soonest(), []
    for row in planned(pledge, clock.today()):
        due_on = schedule.due_day(row.period, pledge.day)
        kept = due_on < earliest or due_on == row.due_on or row.retried
        if kept or (pledge.not_before is not None and due_on < pledge.not_before):
            continue
        if _too_near(row, due_on):
            moving.instalment(row, "skipped", by=by, reason="day")
            continue
        row.due_on = due_on
        row.save(update_fields=["due_on"])
        moved.append(row)
    announce_change(pledge, sorted(moved, key=lambda row: row.due_on))


def _too_near(row: Instalment, due_on: date) -> bool:
    """Whether another draw of the pledge lies less than two weeks before a day."""
    others = Instalment.objects.filter(pledge_id=row.pledge_id, period__lt=row.period)
    drawn = others.filter(state__in=["planned", "collecting", "paid", "missed"])
    return drawn.filter(due_on__gt=due_on - schedule.LEAST_GAP).exists()


def wake(pledge: Pledge, *, by: str) -> None:
    """Periods that a pause left out go on, with the sum and the day that the pledge has now."""
    skipped = pledge.instalments.filter(state=Instalment.State.SKIPPED, reason="pause")
    for row in skipped.select_for_update(no_key=True):
        due_on = schedule.due_day(row.period, pledge.day)
        if due_on >= planning.soonest():
            _plan_again(pledge, row, due_on, None, by, "resumed")


def take_back(pledge: Pledge, row: Instalment, *, by: str) -> None:
    """A period that was left out is drawn after all, with the sum and day of now.

    Its notice holds when it told as much on that day; else it is told anew. Raises
    PledgeError("too_late").
    """
    due_on, notice = schedule.due_day(row.period, pledge.day), row.notice
    holds = (
        notice is not None
        and notice.withdrawn_at is None
        and notice.sent_at is not None
        and notice.amount_ore >= pledge.amount_ore
        and due_on == row.due_on
    )
    in_a_pause = pledge.not_before is not None and due_on < pledge.not_before
    if in_a_pause or due_on < (bankdays.add(clock.today(), 2) if holds else planning.soonest()):
        raise PledgeError("too_late")
    _plan_again(pledge, row, due_on, notice if holds else None, by, "unskip")
    if not holds and pledge.state in {Pledge.State.ACTIVE, Pledge.State.PENDING}:
        planning.make_notice(pledge, Notice.Kind.RESUME, row)


def _plan_again(
    pledge: Pledge, row: Instalment, due_on: date, notice: Notice | None, by: str, reason: str
) -> None:
    moving.instalment(
        row, "planned", by=by, reason=reason, due_on=due_on, amount_ore=pledge.amount_ore,
        notice_id=notice.pk if notice else None,
    )  # fmt: skip


def _replan_queued(pledge: Pledge) -> None:
    """Draws that no file holds yet go back to their period."""
    queued = Collection.objects.filter(
        instalment__pledge=pledge, state=Collection.State.QUEUED
    ).select_related("instalment", "mandate")
    ending.recall_draws(list(queued.select_for_update(of=("self",))), "plan", by="system:pledges")


def announce_change(pledge: Pledge, touched: list[Instalment]) -> None:
    """One notice of the change, from its first draw that can be told in time.

    Draws before it keep the notice of the higher sum that they had: less than announced is no
    surprise (user manual, 2012, 3.2: a sum higher than could be expected is).
    """
    earliest = planning.soonest()
    told = [row for row in touched if row.due_on >= earliest]
    if told and pledge.state in {Pledge.State.ACTIVE, Pledge.State.PENDING}:
        planning.make_notice(pledge, Notice.Kind.CHANGE, told[0])
