"""How staff pages write what is monthly: how often, which day, which month, why not."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.translation import get_language

from fundraise.clock import STOCKHOLM
from fundraise.console import giro_kinds, pledge_words
from fundraise.console.tables import draws
from fundraise.console.words import Text
from fundraise.language import SWEDISH

register = template.Library()


@register.filter
def every(months: int) -> str:
    """How often."""
    return pledge_words.every(months)


@register.filter
def day_of(day: int) -> str:
    """The chosen day of the month."""
    return pledge_words.day_of(day)


@register.filter
def method(code: str) -> Text:
    """The way that the money is drawn."""
    return pledge_words.method(code)


@register.filter
def month_of(period: date) -> str:
    """A month with its year."""
    return draws.month_of(period)


@register.filter
def bank_answer(codes: str) -> str:
    """What a mandate's codes say."""
    return pledge_words.answer(codes)


@register.filter
def draw_reason(code: str) -> str:
    """Why a draw did not come."""
    return pledge_words.draw_reason(code)


@register.filter
def hour(at: datetime) -> str:
    """The hour of a moment in Stockholm."""
    local = at.astimezone(STOCKHOLM)
    return f"{local:%H.%M}" if get_language() == SWEDISH else f"{local:%H:%M}"


@register.filter
def giro_kind(code: str) -> Text:
    """What a file from Bankgirot is."""
    return giro_kinds.kind(code)


@register.filter
def giro_setting(code: str) -> Text:
    """Which setting keeps files from being made."""
    return giro_kinds.SETTINGS.get(code, code)
