"""Periods that are planned already follow a changed sum or day, and the change is announced."""

from __future__ import annotations

from datetime import date

from fundraise import bankdays, clock
from fundraise.pledges.models import Collection, Instalment, Notice, Pledge
from fundraise.pledges.services import ending, planning
from fundraise.pledges.times import times_on


def soonest() -> date:
    """The first day that can still be announced in time."""
    today = clock.today()
    return bankdays.add(today, times_on(today).notice)


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
    since = clock.today() if lower else soonest()
    touched = [row for row in planned(pledge, since) if not row.retried]
    for row in touched:
        row.amount_ore = amount_ore
        row.save(update_fields=["amount_ore"])
    announce_change(pledge, touched)


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
    earliest = soonest()
    told = [row for row in touched if row.due_on >= earliest]
    if told and pledge.state in {Pledge.State.ACTIVE, Pledge.State.PENDING}:
        planning.make_notice(pledge, Notice.Kind.CHANGE, told[0])
