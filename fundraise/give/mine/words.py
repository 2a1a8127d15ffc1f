"""How a pledge is said to its giver: days, rhythm, ways, states, and why a wish can't be met."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise import clock
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.models.pledge import LAST_BANK_DAY

Text = str | Promise
EVERY: dict[int, Text] = {
    1: gettext_lazy("every month"),
    3: gettext_lazy("every quarter"),
    6: gettext_lazy("every half-year"),
    12: gettext_lazy("every year"),
}
REASONS: dict[str, Text] = {
    "economy": gettext_lazy("My finances"),
    "mistake": gettext_lazy("It was a mistake"),
    "unwilling": gettext_lazy("I don't want to any more"),
    "other": gettext_lazy("Something else"),
}
REFUSALS: dict[str, Text] = {
    "ended": gettext_lazy("This monthly gift has ended, so nothing of it can be changed."),
    "amount": gettext_lazy("Write another sum."),
    "day": gettext_lazy("Choose another day."),
    "until": gettext_lazy("Choose a day from the list."),
    "not_active": gettext_lazy("That can be done when your bank has said yes to the autogiro."),
    "not_paused": gettext_lazy("Your gift is not paused any more."),
    "nothing_to_skip": gettext_lazy("There is no coming gift to skip just now."),
    "too_late": gettext_lazy("It is too late for that: the bank has the order already."),
    "not_undoable": gettext_lazy("It can't be undone any more. You can change it anew instead."),
    "has_waiting_mandate": gettext_lazy("We are still waiting for the bank's answer about it."),
    "no_payer_range": gettext_lazy("No new account can be taken here just now. Please call us."),
    "no_payer_number": gettext_lazy("No new account can be taken here just now. Please call us."),
    "not_received": gettext_lazy("This mandate has been answered already, or has run out."),
}


def refusal(code: str) -> str:
    """Why a wish could not be met; nothing was changed."""
    return str(REFUSALS.get(code, "")) or _("That could not be done. Nothing has been changed.")


def day(on: date) -> str:
    """ "28 March", with the year when it is another one."""
    return date_format(on, "j F" if on.year == clock.today().year else "j F Y")


def every(months: int) -> str:
    """ "every month"."""
    return str(EVERY[months])


def drawn_on(number: int) -> str:
    """ "on the 28th", or the bank day after it."""
    if number == LAST_BANK_DAY:
        return _("on the last bank day of the month")
    return _("on day %(day)s") % {"day": number}


def way(pledge: Pledge, mandate: Mandate | None) -> str:
    """ "Autogiro, Swedbank …246"; never a whole number."""
    name = _("Card") if pledge.method == "card" else _("Autogiro")
    hint = mandate.account_hint if mandate is not None else ""
    return f"{name}, {hint}" if hint else name
