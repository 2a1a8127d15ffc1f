"""What a PDF says, in the language that is active."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.money import format_kronor
from fundraise.reporting import frozen, naming, wording
from fundraise.reporting.frozen import Payee
from fundraise.reporting.models import Receipt

Values = dict[str, object]


def of_receipt(receipt: Receipt, language: str, *, by: str) -> Values:
    """A receipt: the lines of the mail, with the giver's name among them."""
    gift, payee = receipt.gift, frozen.payee_on(receipt)
    receipt.language = language  # of this paper; the row stays
    giver = (_("Giver"), naming.name_of(gift, by=by))
    issued = (_("Issued"), date_format(clock.local_date(receipt.issued_at), "j F Y"))
    # The sum stands above them.
    facts = [giver, *wording.facts_of(receipt, gift, payee)[1:], (_("Address"), payee.address)]
    return {
        "language": language,
        "title": _("Receipt %(number)s") % {"number": receipt},
        "heading": _("Receipt"),
        "payee": payee.name,
        "sum": format_kronor(gift.amount_ore),
        "facts": [pair for pair in [*facts, issued] if pair[1]],
        "notes": wording.notes_of(gift, payee),
        "foot": foot_of(payee),
    }


def foot_of(payee: Payee) -> str:
    """The line at the bottom of a page."""
    return _("%(payee)s, organisation number %(number)s") % {
        "payee": payee.name,
        "number": payee.org_number,
    }
