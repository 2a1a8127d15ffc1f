"""Why a gift did not come, in a sentence for its giver: no code, no blame."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fundraise.pledges.models import Pledge
from fundraise.providers import autogiro_words

FUNDS = {"1", "insufficient_funds"}  # a status of the payment specification, a card's code
ACCOUNT = {"2", "02"}
NO_MANDATE = {"01"}
STOPPED = {"03", "bank"}  # the payer, or the payer's bank, has stopped this draw


def sentence(pledge: Pledge, code: str) -> str:
    """What happened. `code` is an instalment's reason, a draw's, or a mandate's pair."""
    information, plus, comment = code.partition("+")
    if plus:
        return str(autogiro_words.mandate(information, comment).giver) or _ended()
    if code in FUNDS:
        return _("There was not enough money, so your gift was not drawn this time.")
    if pledge.method == "card":
        return _("Your card could not be drawn on.")
    if code in ACCOUNT:
        return _("Your account does not allow us to draw from it any more.")
    if code in NO_MANDATE:
        return _ended()
    if code in STOPPED:
        return _("Your gift was stopped at your bank this time.")
    return _("Your gift could not be drawn this time.")


def _ended() -> str:
    return _("Your autogiro has ended at the bank.")
