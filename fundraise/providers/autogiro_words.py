"""What Bankgirot's codes say, in the reader's language: what happened, what staff do, what a giver
may be told.

The meanings stand in `autogiro.codes` in English and are msgids; here they become words, with what
follows beside them. A missed draw is no debt, and every text for givers says so.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from fundraise.providers.autogiro import codes
from fundraise.providers.autogiro.errors import REASONS, Remark
from fundraise.providers.mandate_words import NO_PAIR, PAIRS, RULELESS

Text = str | Promise


class Said(NamedTuple):
    """A code in words. `giver` is empty where there is nothing to tell or to ask."""

    what: Text
    then: Text = ""
    giver: Text = ""


NOTHING = _("Nothing is needed.")
OWE_NOTHING = _("Nothing was drawn this time. You owe nothing.")
NEXT_MONTH = _(
    "The gift counts as missed, not as a debt. One more try may be made if it is announced in time;"
    " else the next draw is the ordinary one."
)
STATUS_THEN: dict[str, tuple[Text, Text]] = {
    "0": (NOTHING, _("Your gift was drawn. Thank you.")),
    "1": (NEXT_MONTH, _("There was not enough money on the account. You owe nothing.")),
    "2": (
        _("The account is closed, or its autogiro is. Stop drawing and ask for a new account."),
        _("The account does not allow draws any more. You owe nothing. Choose a new account."),
    ),
    "4": (
        _("Wait for the bank's mandate advice before the next draw is sent."),
        OWE_NOTHING,
    ),
    "9": (
        _("Wait: the bank tries again for up to three bank days, and a later report says how."),
        _("The bank tries to draw your gift again within a few days."),
    ),
}
OURS = _("The fault is ours: correct it and send the draw anew in the next file.")
SETTING = _("Compare the bankgiro number in the settings with the bank's agreement.")
NEW_ACCOUNT = _("The account is closed or not approved. Ask for a new account.")
REJECTION_THEN: dict[str, tuple[Text, Text]] = {
    "01": (
        _("The mandate has ended at the bank. Send nothing more on it; ask for a new mandate."),
        _("Nothing was drawn: the bank has no mandate from you. You owe nothing."),
    ),
    "02": (NEW_ACCOUNT, OWE_NOTHING),
    "03": (_("The payer has stopped draws at the bank. Ask before anything more is sent."), ""),
    "04": (_("Ask the giver for the right bankgiro number and make a new mandate."), OWE_NOTHING),
    "05": (SETTING, ""),
    "06": (OURS, ""),
    "07": (OURS, ""),
    "08": (OURS, ""),
    "09": (_("Paying out needs an agreement with the bank. Refund in another way."), ""),
    "10": (SETTING, ""),
    "12": (OURS, ""),
    "13": (_("The file came too late. Move the gift to the next day that can be announced."), ""),
    "15": (SETTING, ""),
    "24": (
        _("Lower the gift with the giver, or have the bank raise the largest sum."),
        OWE_NOTHING,
    ),
}
LOOK = _("Nothing was done. Look whether it was drawn before anything is sent anew.")
CHANGE_THEN: dict[str, Text] = {
    **dict.fromkeys(("01", "02", "04", "05", "06", "13", "22"), LOOK),
    **dict.fromkeys(("10", "11"), SETTING),
    **dict.fromkeys(("12", "14", "18"), NOTHING),
    "15": _("Nothing was done. A recurring order is cancelled whole and ordered anew."),
}
REFUND_THEN: dict[str, Text] = {
    "01": _("The money went back. End the mandate and the pledge; keep the proof of the mandate."),
    "02": _("The money went back. End the mandate and the pledge."),
    "03": _("The money went back. Check the notice of the sum before the next draw."),
}


def mandate(information: str, comment: str) -> Said:
    """What an advice about a mandate says; the pair of codes decides."""
    known = PAIRS.get((information, comment)) or PAIRS.get((information, ""))
    if known is not None:
        return Said(*known)
    if information not in codes.INFORMATION or comment not in codes.MANDATE_COMMENTS:
        return Said(gettext(codes.UNKNOWN) + f" ({information}+{comment})", RULELESS)
    first, second = codes.INFORMATION[information], codes.MANDATE_COMMENTS[comment]
    if not second:
        return Said(gettext(first), RULELESS)
    return Said(NO_PAIR % {"first": gettext(first), "second": gettext(second)}, RULELESS)


def status(code: str) -> Said:
    """What became of a draw, as the payment specification says; a code no manual names is a no."""
    code = code.strip() or "0"
    then, giver = STATUS_THEN.get(code, (RULELESS, OWE_NOTHING))
    return Said(_meaning(codes.STATUSES, code), then, giver)


def rejection(code: str) -> Said:
    """Why Bankgirot took no draw from our file."""
    then, giver = REJECTION_THEN.get(code, (RULELESS, ""))
    return Said(_meaning(codes.REJECTIONS, code), then, giver)


def change(code: str) -> Said:
    """What became of a cancellation or a change."""
    return Said(_meaning(codes.CHANGE_COMMENTS, code), CHANGE_THEN.get(code, RULELESS))


def change_kind(code: str) -> Text:
    """What a cancellation or a change is about (its record's code)."""
    return _meaning(codes.CHANGE_KINDS, code)


def refund(code: str) -> Said:
    """Why the payer's bank took a draw back."""
    return Said(_meaning(codes.REFUND_CODES, code), REFUND_THEN.get(code, RULELESS))


def period(code: str) -> Text:
    """How often an order at Bankgirot is drawn."""
    return _meaning(codes.PERIODS, code.strip())


def reason(remark: Remark) -> Text:
    """What is wrong with a file, without its line and column."""
    values = {
        name: pgettext("record", value) if name in {"field", "what"} else value
        for name, value in remark.values
    }
    return gettext(REASONS[remark.code]) % values


def place(remark: Remark) -> str:
    """Where in a file it is wrong; empty when it is all of the file."""
    if not remark.line:
        return ""
    if not remark.column:
        return gettext("Line %(line)s") % {"line": remark.line}
    return gettext("Line %(line)s, position %(column)s") % {
        "line": remark.line,
        "column": remark.column,
    }


def _meaning(table: dict[str, str], code: str) -> Text:
    known = table.get(code)
    return gettext(known) if known else f"{gettext(codes.UNKNOWN)} ({code})"
