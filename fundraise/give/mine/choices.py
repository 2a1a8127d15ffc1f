"""What can be chosen on the pages of a monthly gift, worked out from its rhythm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.utils.translation import gettext as _

from fundraise import bankdays, clock
from fundraise.give import links
from fundraise.give.mine import words
from fundraise.money import format_kronor
from fundraise.pledges import queries
from fundraise.pledges.models import Instalment, Pledge
from fundraise.pledges.models.pledge import LAST_BANK_DAY
from fundraise.pledges.services.changing import LONGEST_PAUSE_DAYS
from fundraise.pledges.times import times_on

STEP_ORE = 10_00  # offers are whole tens of kronor
MOST_PAUSES = 12


@dataclass(frozen=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Stuck:
    """A draw that is past the cut-off."""

    day: str
    amount_ore: int


def stuck(pledge: Pledge) -> list[Stuck]:
    """What a stop, a pause or a skip can't reach any more, with day and sum."""
    return [Stuck(words.day(row.due_on), row.amount_ore) for row in queries.unstoppable(pledge.pk)]


def sum_from(typed: str, pledge: Pledge) -> int:
    """The sum that the form opens with: an offer's, when it is one, else the pledge's own."""
    ore = int(typed) if typed.isdecimal() and len(typed) < 12 else 0
    fits = pledge.campaign.minimum_ore <= ore <= pledge.campaign.maximum_ore
    return ore if fits else pledge.amount_ore


def days(chosen: int) -> list[Choice]:
    """Every day that each month has, and the last bank day."""
    numbers = [*range(1, 29), LAST_BANK_DAY]
    return [Choice(str(number), _day_label(number), number == chosen) for number in numbers]


def _day_label(number: int) -> str:
    if number == LAST_BANK_DAY:
        return _("The last bank day of the month")
    return _("Day %(day)s") % {"day": number}


def to_skip(pledge: Pledge) -> Instalment | None:
    """The gift that a skip leaves out."""
    coming = pledge.instalments.filter(state__in=["planned", "collecting"])
    return coming.filter(due_on__gt=clock.today()).order_by("due_on").first()


def is_skipped(pledge: Pledge, period: str) -> bool:
    """Whether the period that a form names is left out already: the other of two presses."""
    skipped = pledge.instalments.filter(state=Instalment.State.SKIPPED)
    return any(row.period.isoformat() == period for row in skipped)


def after(pledge: Pledge, coming: Instalment | None) -> str:
    """The day of the gift after the one that is skipped."""
    if coming is None:
        return ""
    rhythm = queries.rhythm_of(pledge)
    following = next(rhythm.periods(after=coming.period), None)
    return words.day(rhythm.due_in(following)) if following is not None else ""


def pauses(pledge: Pledge) -> list[Choice]:
    """The days that the gift may go on, after leaving out one gift and up to a year's."""
    today, rhythm = clock.today(), queries.rhythm_of(pledge)
    first = bankdays.add(today, times_on(today).notice)
    latest = today + timedelta(days=LONGEST_PAUSE_DAYS)
    coming = (rhythm.due_in(period) for period in rhythm.periods())
    later = [due for due in islice(coming, 240) if first <= due <= latest]
    left_out = to_skip(pledge)
    if left_out is not None:
        later = [due for due in later if due > left_out.due_on]
    return [Choice(due.isoformat(), words.day(due)) for due in later[:MOST_PAUSES]]


def instead_of_stopping(pledge: Pledge, language: str) -> list[Choice]:
    """What may suit better, as addresses of the ordinary pages. Beside the stop, never before."""
    if pledge.state != Pledge.State.ACTIVE:
        return []
    found = []
    half = _half(pledge)
    if half is not None:
        url = f"{links.own('amount', language, pledge.ref)}?sum={half}"
        words_ = _("Lower it to %(sum)s") % {"sum": format_kronor(half)}
        found.append(Choice(url, words_))
    paused = pauses(pledge)
    if paused:
        until = paused[min(2, len(paused) - 1)]
        url = f"{links.own('pause', language, pledge.ref)}?until={until.value}"
        found.append(Choice(url, _("Pause it until %(day)s") % {"day": until.label}))
    return found


def _half(pledge: Pledge) -> int | None:
    half = pledge.amount_ore // 2 // STEP_ORE * STEP_ORE
    return half if pledge.campaign.minimum_ore <= half < pledge.amount_ore else None
