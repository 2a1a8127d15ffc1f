"""How a pledge is said to its giver: days, rhythm, ways, states, and why a wish can't be met."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise.pledges import words
from fundraise.pledges.errors import OF_THE_ACCOUNT
from fundraise.pledges.models import Mandate, Pledge
from fundraise.providers.account_words import NUMBER_TAKEN

Text = str | Promise
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
    **dict.fromkeys(OF_THE_ACCOUNT, NUMBER_TAKEN),
    "not_received": gettext_lazy("This mandate has been answered already, or has run out."),
}


def refusal(code: str) -> str:
    """Why a wish could not be met; nothing was changed."""
    return str(REFUSALS.get(code, "")) or _("That could not be done. Nothing has been changed.")


day, every = words.on, words.every
drawn_on = words.which_day


def way(pledge: Pledge, mandate: Mandate | None) -> str:
    """ "Autogiro, Swedbank …246"; never a whole number."""
    name = _("Card") if pledge.method == "card" else _("Autogiro")
    hint = mandate.account_hint if mandate is not None else ""
    return f"{name}, {hint}" if hint else name
