"""How days and rhythms of a pledge are said, in the language that is active."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.pledges.models.pledge import LAST_BANK_DAY


def on(day: date) -> str:
    """ "28 december"; with its year when that is not this one."""
    return date_format(day, "j F" if day.year == clock.today().year else "j F Y")


def listed(days: Sequence[date]) -> str:
    """ "28 december, 28 januari 2027 och 1 mars 2027"."""
    words = [on(day) for day in days]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def every(interval_months: int) -> str:
    """ "every month"."""
    return {
        1: _("every month"),
        3: _("every quarter"),
        6: _("every half-year"),
        12: _("every year"),
    }[interval_months]


def which_day(day: int) -> str:
    """ "the 28th", "the last bank day"."""
    return _("the last bank day") if day == LAST_BANK_DAY else _("the %(nth)s") % {"nth": nth(day)}


def rhythm(day: int, interval_months: int) -> str:
    """ "the 28th, every month"."""
    return _("%(day)s, %(every)s") % {"day": which_day(day), "every": every(interval_months)}


def nth(day: int) -> str:
    """ "28th"; in Swedish "28:e"."""
    if get_language() == "sv":
        return f"{day}:{'a' if day % 10 in {1, 2} and day not in {11, 12} else 'e'}"
    ending = "th" if day in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
