"""The lines of a month's checklist and of its pack, in words."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.checks import DIFFERS, NOT_APPLICABLE, OK, WAITING
from fundraise.reconciliation.models import Item, QueueItem

Text = str | Promise

LINES: dict[str, Text] = {
    "earlier": _("Earlier months that are still open"),
    "numbers": _("Series whose numbers have a gap"),
    "suspense": _("Money from the bank that is not placed yet"),
    "queue": _("Things of the month that nobody has settled"),
    "proof": _("The daily proof of the month's last day has not been done"),
}
LETTERS: dict[str, Text] = {
    "A": _("Bank account in the books = the bank's statement"),
    "B": _("The card provider in the books = its own balance"),
    "C": _("Gifts = income in the books"),
    "D": _("Autogiro: sent = paid, refused and waiting"),
    "E": _("Every line of the bank is matched or in the queue"),
    "F": _("Receipts and reports = the books"),
    "G": _("Journals are numbered without gaps, and unchanged since they left"),
    "H": _("Debt for anonymous gifts = what waits to be paid back"),
}
STATUS: dict[str, Text] = {
    OK: _("Agrees"),
    DIFFERS: _("Differs"),
    WAITING: _("Waits for a file"),
    NOT_APPLICABLE: _("Does not apply"),
}
OPEN = {**dict(Item.State.choices), **dict(QueueItem.Code.choices)}


def line(key: str, name: str = "") -> str:
    """A line by its key: "earlier", or a letter of the daily proof with the check's own name."""
    letter, colon, source = key.partition(":")
    if colon:
        return f"{letter}. {LETTERS.get(letter, letter)}: {name or source}"
    return str(LINES[key])


def who(by: str) -> str:
    """Who did it, by name."""
    kind, _colon, key = by.partition(":")
    if kind == "staff" and key.isdigit():
        user = User.objects.filter(pk=int(key)).first()
        if user is not None:
            return user.get_full_name() or user.get_username()
    return say("the system") if kind == "system" else by
