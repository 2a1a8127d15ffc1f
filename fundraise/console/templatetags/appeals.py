"""How the pages of appeals write their times."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from fundraise import clock
from fundraise.clock import STOCKHOLM
from fundraise.console.appeals import when
from fundraise.language import SWEDISH
from mailings.appeals.models import Appeal

register = template.Library()
# How what a batch in doubt heard begins, when it was not the carrier who said it.
HEARD: dict[str, Promise] = {
    "answer lost": gettext_lazy("The answer was lost on the way"),
    "the process ended": gettext_lazy("The process ended before the answer came"),
}


@register.filter
def heard(words: str) -> str | Promise:
    """What was heard of a request; what the carrier itself said stays in its own words."""
    return next((said for start, said in HEARD.items() if words.startswith(start)), words or "–")


@register.filter
def hour(appeal: Appeal) -> str:
    """ "18.03", with the zone where it is not Stockholm's."""
    at = appeal.started_at or appeal.send_at
    if at is None:
        return ""
    shown = when.short(at, appeal.zone).rpartition(" ")[2]
    return shown if appeal.zone == STOCKHOLM.key else f"{shown} {when.place(appeal.zone)}"


@register.filter
def hour_of(at: datetime) -> str:
    """The clock in Stockholm, with seconds."""
    local = at.astimezone(STOCKHOLM)
    return f"{local:%H.%M.%S}" if get_language() == SWEDISH else f"{local:%H:%M:%S}"


@register.filter
def leaves(appeal: Appeal) -> str:
    """The day and time by the appeal's own clock."""
    if appeal.send_at is None:
        return "–"
    return f"{when.wall(appeal.send_at, appeal.zone)}, {when.place(appeal.zone)}"


@register.filter
def leaves_in(appeal: Appeal) -> str:
    """ "om 2 dagar 3 tim"; what holds it when its time has come."""
    return when.until(appeal.send_at) if appeal.send_at is not None else "–"


@register.filter
def left(at: datetime) -> str:
    """How long until then, rounded up to a minute."""
    return when.lasting(max(at - clock.now(), when.MINUTE))
