"""What a giver is told about the tax: the same sentences on page, receipt and yearly statement.

Never that a gift lowers the tax: that hangs on its sum, on the giver's year and on the giver.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from fundraise.money import format_kronor
from fundraise.reporting.charity import rules


def of_year(year: int, *, lowers_tax: bool) -> str:
    """Which gifts of a year can count. `lowers_tax`: of the payee, as it was."""
    limits = _limits(year) if lowers_tax else None
    if limits is None:
        return _("These gifts give no tax reduction.")
    return _which(limits)


def of_gift(ore: int, year: int, *, lowers_tax: bool) -> str:
    """Whether one gift can count; of one that is too small, which ones do."""
    limits = _limits(year) if lowers_tax else None
    if limits is None:
        return _("This gift gives no tax reduction.")
    if ore < limits.gift_ore:
        return _which(limits)
    return _("This gift can count towards the tax reduction for gifts.")


def _limits(year: int) -> rules.Limits | None:
    try:
        return rules.limits_on(settings.CHARITY_RULES, year)
    except ValueError:  # before there was such a reduction
        return None


def _which(limits: rules.Limits) -> str:
    return _(
        "Gifts of at least %(gift)s each, together at least %(year)s in a year, can give a tax"
        " reduction."
    ) % {"gift": format_kronor(limits.gift_ore), "year": format_kronor(limits.year_ore)}
