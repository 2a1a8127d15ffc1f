"""How staff pages write sums, times and states."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign, Fund
from fundraise.clock import STOCKHOLM
from fundraise.console import (
    badges,
    change_words,
    decline_reasons,
    duties,
    log_words,
    reasons,
    words,
)
from fundraise.console.days import day
from fundraise.gifts.models import Channel
from fundraise.language import SWEDISH
from fundraise.money import format_kronor, format_number

NO_BREAK_SPACE = "\u00a0"
register = template.Library()
register.filter("day", day)


@register.filter
def titled(campaign: Campaign) -> str:
    """A campaign's title in the language of whoever reads."""
    return campaign.title(get_language() or SWEDISH)


@register.filter
def named(fund: Fund) -> str:
    """A fund's name in the language of whoever reads."""
    return fund.name(get_language() or SWEDISH)


@register.filter
def kronor(ore: int) -> str:
    """ "1 200 kr" with narrow no-break spaces."""
    return format_kronor(ore)


@register.filter
def whole_kronor(ore: int) -> str:
    """ "1 200 kr", rounded down to whole kronor: for a pace, never for a booked sum."""
    return format_kronor(ore // 100 * 100)


@register.filter
def number(value: int) -> str:
    """ "12 345" with narrow no-break spaces."""
    return format_number(value * 100)


@register.filter
def when(at: datetime | None) -> str:
    """ "28 mars 2027 14.32" in Stockholm; a dash when it has not happened."""
    if at is None:
        return "–"
    local = at.astimezone(STOCKHOLM)
    clock = f"{local:%H.%M}" if get_language() == SWEDISH else f"{local:%H:%M}"
    return f"{day(local.date())} {clock}"


@register.filter
def local_day(at: datetime | None) -> str:
    """The day of a moment in Stockholm."""
    return day(at.astimezone(STOCKHOLM).date()) if at is not None else "–"


@register.filter
def lasting(time: timedelta) -> str:
    """ "3 hours", in the largest unit that says it well."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}


@register.filter
def badge(state: str, kind: str) -> SafeString:
    """A state as shape, colour and word."""
    found = badges.badge(kind, state)
    return format_html(
        '<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>',
        found.tone,
        found.shape,
        found.word,
    )


@register.filter
def channel(value: str) -> str:
    """How the money came, in words; a dash while nobody knows."""
    return str(Channel(value).label) if value else "–"


@register.filter
def actor(name: str) -> str:
    """Who did it."""
    return words.actor(name)


@register.filter
def failure(code: str) -> words.Text:
    """Why a refund failed."""
    return reasons.failure(code)


@register.filter
def failure_advice(code: str) -> words.Text:
    """What to do about a refund that failed."""
    return reasons.failure_advice(code)


@register.filter
def payout_failure(code: str) -> words.Text:
    """Why a payout failed."""
    return decline_reasons.payout(code)


@register.filter
def payout_advice(code: str) -> words.Text:
    """What to do about a payout that failed."""
    return decline_reasons.payout_advice(code)


@register.filter
def dispute_advice(code: str) -> words.Text:
    """What to do about a dispute."""
    return reasons.dispute_advice(code)


@register.filter
def dispute_reason(code: str) -> words.Text:
    """Why a bank takes money back."""
    return reasons.dispute_reason(code)


@register.filter
def alarm(code: str) -> words.Text:
    """What an alarm is about."""
    return duties.alarm(code)


@register.filter
def capped(value: int, cap: int) -> str:
    """ "1 000+" when counting stopped at the cap."""
    return f"{number(cap)}+" if value > cap else number(value)


@register.filter
def breakable(code: str) -> SafeString:
    """A dotted code that may be broken after a dot, for narrow screens."""
    return format_html_join(mark_safe(".<wbr>"), "{}", ((part,) for part in code.split(".")))


@register.simple_tag
def short(ref: object) -> str:
    """The first eight signs of a ref, enough to recognise a row by."""
    return str(ref)[:8]


@register.filter
def work_kind(kind: str) -> words.Text:
    """What long work is about."""
    return words.work_kind(kind)


@register.filter
def line_kind(code: str) -> words.Text:
    """What a line of a provider's balance is."""
    return reasons.line_kind(code)


@register.filter
def purpose(code: str) -> words.Text:
    """What a donor's data may be used for."""
    return words.PURPOSES.get(code, code)


@register.filter
def ground(code: str) -> words.Text:
    """On which ground."""
    return words.GROUNDS.get(code, code)


@register.filter
def browser(user_agent: str) -> str:
    """A browser and what it runs on, as far as they say it themselves."""
    name = next((word for sign, word in words.BROWSERS if sign in user_agent), "")
    system = next((word for sign, word in words.SYSTEMS if sign in user_agent), "")
    return " · ".join(filter(None, [name, system])) or "–"


@register.simple_tag
def sideways(name: str) -> SafeString:
    """For the frame of a table that scrolls sideways: the keyboard reaches it, by a name."""
    label = _("Table: %(name)s") % {"name": name}
    return format_html('role="region" tabindex="0" aria-label="{}"', label)


@register.filter
def change(action: str) -> str:
    """What was changed."""
    return change_words.change(action)


@register.filter
def differences(line: ChangeLine) -> list[str]:
    """What was before and after, field by field."""
    return log_words.differences(line.before, line.after)
