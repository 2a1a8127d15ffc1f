"""Pieces that sentences about segments are made of: lists, stretches of days, ranges, sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundraise.money import format_kronor


def listed(words: Sequence[object]) -> str:
    """ "a, b or c"."""
    texts = [str(word) for word in words]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {_('or')} {texts[-1]}"


def when(period: Mapping[str, Any]) -> str:
    """A stretch of days, to stand last in a clause."""
    if "year" in period:
        year = period["year"]
        if year == 0:
            return _("this year")
        return _("last calendar year") if year == -1 else _("%(n)s years ago") % {"n": -year}
    if "last" in period:
        return _period(period["last"], period["unit"], last=True)
    if "before" in period:
        return _period(period["before"], period["unit"], last=False)
    if "from" in period and "to" in period:
        return _("from %(first)s to %(last)s") % {"first": period["from"], "last": period["to"]}
    if "from" in period:
        return _("from %(first)s on") % {"first": period["from"]}
    return _("until %(last)s") % {"last": period["to"]}


def _period(number: int, unit: str, *, last: bool) -> str:
    if unit == "days":
        if last:
            text = ngettext("in the last %(n)s day", "in the last %(n)s days", number)
        else:
            text = ngettext("more than %(n)s day ago", "more than %(n)s days ago", number)
    elif last:
        text = ngettext("in the last %(n)s month", "in the last %(n)s months", number)
    else:
        text = ngettext("more than %(n)s month ago", "more than %(n)s months ago", number)
    return text % {"n": number}


def ranged(args: Mapping[str, Any], shown: Callable[[int], str]) -> str:
    low, high = args.get("at_least"), args.get("at_most")
    if low is not None and high is not None:
        return _("between %(low)s and %(high)s") % {"low": shown(low), "high": shown(high)}
    if low is not None:
        return _("at least %(n)s") % {"n": shown(low)}
    return _("at most %(n)s") % {"n": shown(high or 0)}


def last_of(args: Mapping[str, Any]) -> int:
    """The number that is said last of a range, which the noun goes by."""
    high = args.get("at_most")
    return int(args.get("at_least", 0) if high is None else high)


def quoted(text: object) -> str:
    return _("“%(text)s”") % {"text": text}


def kronor(ore: int) -> str:
    return format_kronor(ore)
