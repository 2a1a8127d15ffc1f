from __future__ import annotations

from django import template

from fundraise.money import format_kronor

register = template.Library()


@register.filter
def kronor(ore: int) -> str:
    """ "1 200 kr" with narrow no-break spaces."""
    return format_kronor(ore)
