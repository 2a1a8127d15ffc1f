"""How pages write a part of something: never a per cent without what it is of."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fundraise.console.templatetags.staff import number
from fundraise.language import SWEDISH

register = template.Library()


@register.filter
def part_of(value: int, whole: int) -> str:
    """ "1,4 % of 12 400"; empty of nothing."""
    if not whole:
        return ""
    shown = f"{value * 100 / whole:.1f}"
    if get_language() == SWEDISH:
        shown = shown.replace(".", ",")
    return _("%(percent)s %% of %(whole)s") % {"percent": shown, "whole": number(whole)}
