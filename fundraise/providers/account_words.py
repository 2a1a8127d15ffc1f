"""What is said beside an account while it is typed: its bank, what is wrong, where to find it.

`look(text)` is for one field in any notation, `look_at_two` for clearing and account apart. Nothing
that was typed is repeated, so an answer can be logged and shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundraise.providers.autogiro.accounts import (
    AccountError,
    BankAccount,
    bank_of,
    read_account,
    read_two,
)
from fundraise.providers.autogiro.banks import Bank

Text = str | Promise
OK, WARN, ERROR = "ok", "warn", "error"

NUMBER_TAKEN = _(
    "That bankgiro number has a mandate with us already, or had one a few days ago. Contact us, or "
    "give an account number instead."
)
ERRORS: dict[str, Text] = {
    "empty": _("Write your clearing number and your account number."),
    "signs": _("Write digits only: first the clearing number, then the account number."),
    "iban": _(
        "That is an IBAN. Write the clearing number and the account number instead; the bank's app"
        " shows them beside it."
    ),
    "clearing": _("A clearing number does not begin with 0. Write its four digits first."),
    "short": _("Digits are missing: write the clearing number and then the whole account number."),
    "long": _("That is too many digits: write the clearing number and then the account number."),
    "check": _("A digit is wrong. Compare the number with the bank's, digit by digit."),
    "fifth": _("The clearing number's fifth digit is wrong. Leave it out, or compare the number."),
    "identity": _(
        "That looks like a personal identity number. If it is your personal account at Nordea,"
        " write 3300 before it."
    ),
}
COUNTED = {
    "short": _(
        "Digits are missing: %(bank)s has %(digits)s digits after the clearing number, and here are"
        " %(found)s."
    ),
    "long": _(
        "That is too many digits: %(bank)s has %(digits)s digits after the clearing number, and"
        " here are %(found)s."
    ),
}
WARNINGS: dict[str, Text] = {
    "not_in_autogiro": _(
        "%(bank)s may not take part in autogiro. Take an account at another bank if you have one."
    ),
    "unknown_bank": _(
        "We know no bank with that clearing number. Compare it once more; if it is right, go on."
    ),
    "identity": _(
        "That could be a personal identity number. If it is your personal account at Nordea, write"
        " 3300 before it; if it is an account number, go on."
    ),
    "unchecked": _("We can't check that number. Compare it once more; if it is right, go on."),
}
# Where the number stands, for banks that differ from the rest.
HELP: dict[str, Text] = {
    "Danske Bank": _(
        "Four digits of clearing number (12, 13, 24 or 91 first), then seven or ten digits of"
        " account number. Both stand in the app under the account's details."
    ),
    "Handelsbanken": _(
        "The clearing number begins with 6 and has four digits; it often stands apart from the"
        " account number, which has eight or nine. Both stand in the app under the account's"
        " details."
    ),
    "Nordea": _(
        "A personal account (personkonto) is 3300 and then your personal identity number, ten"
        " digits. Other accounts have eleven digits, and the first four are the clearing number."
    ),
    "Plusgirot": _("The clearing number is 9500 or 9960, then your plusgiro number."),
    "SEB": _(
        "Eleven digits under the account's name in the app. The first four, with a 5 or 91 first,"
        " are the clearing number."
    ),
    "Swedbank": _(
        "The clearing number often begins with 8 and may have a fifth digit after a dash (8327-9);"
        " it stands beside the account number in the app. The fifth digit may be left out."
    ),
}
GENERAL = _(
    "Four digits of clearing number, then %(digits)s digits of account number. Both stand in the"
    " bank's app under the account's details."
)
ANYWHERE = _(
    "The clearing number has four digits and stands first. The bank's app shows both numbers under"
    " the account's details."
)


@dataclass(frozen=True, slots=True)
class Look:
    """What to say of what was typed. `state` is ok, warn (it may be sent) or error."""

    state: str
    code: str
    said: Text
    bank: str = ""
    account: BankAccount | None = None


def look(typed: str) -> Look:
    """One field, in any notation."""
    return _look(lambda: read_account(typed))


def look_at_two(clearing: str, number: str) -> Look:
    """Clearing number and account number in a field each."""
    return _look(lambda: read_two(clearing, number))


def help_for(bank: Bank | None) -> Text:
    """Where at this bank the number stands, and how long it is."""
    if bank is None:
        return ANYWHERE
    return HELP.get(bank.name) or str(GENERAL) % {"digits": digits_of(bank)}


def digits_of(bank: Bank) -> str:
    """How many digits follow the clearing number: `7`, `8–9`."""
    shortest, longest = bank.lengths
    return str(longest) if shortest == longest else f"{shortest}–{longest}"


def of_clearing(clearing: str) -> Look:
    """What can be said when only the clearing number is there (four digits, or Swedbank's five)."""
    bank = bank_of(clearing[:4])
    if bank is None:
        return Look(WARN, "unknown_bank", WARNINGS["unknown_bank"])
    if not bank.in_autogiro:
        said = str(WARNINGS["not_in_autogiro"]) % {"bank": bank.name}
        return Look(WARN, "not_in_autogiro", said, bank.name)
    return Look(OK, "", "", bank.name)


def _look(read: Callable[[], BankAccount]) -> Look:
    try:
        account = read()
    except AccountError as error:
        return Look(ERROR, error.code, _error(error), error.bank.name if error.bank else "")
    for code in WARNINGS:
        if code in account.warnings:
            said = str(WARNINGS[code]) % {"bank": account.bank}
            return Look(WARN, code, said, account.bank, account)
    return Look(OK, "", "", account.bank, account)


def _error(error: AccountError) -> Text:
    if error.bank is None or error.code not in COUNTED:
        return ERRORS[error.code]
    values = {"bank": error.bank.name, "digits": digits_of(error.bank), "found": error.found}
    return str(COUNTED[error.code]) % values
