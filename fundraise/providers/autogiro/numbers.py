"""Numbers that name somebody: bankgiro, payer, identity. Plain Python.

Source: Bankgirot's technical manual, August 2014 (payer numbers: digits, at most 16, not zero;
identity: 12 digits, 00 before an organisation's ten). A bankgiro number's last digit is modulus 10.
"""

from __future__ import annotations

from fundraise.providers.autogiro.accounts import luhn


def is_bankgiro(number: str) -> bool:
    """Seven or eight digits with a right check digit."""
    return len(number) in {7, 8} and _plain(number) and number[0] != "0" and luhn(number)


def shown_bankgiro(number: str) -> str:
    """`991-2346` or `5050-1055`, as it is printed."""
    return f"{number[:-4]}-{number[-4:]}"


def clean_bankgiro(typed: str) -> str:
    """The digits of what was typed. Raises ValueError when it is no bankgiro number."""
    digits = "".join(char for char in typed if not char.isspace() and char not in "-–")
    if not is_bankgiro(digits):
        raise ValueError("no bankgiro number")
    return digits


def identity12(number: str) -> str:
    """A personal number of 12 digits, or an organisation's ten with 00 before them.

    Raises ValueError; whether the digits are right was checked where they were typed (samordnings-
    nummer too, by `donors.normalise`).
    """
    digits = number.replace("-", "")
    if not _plain(digits):
        raise ValueError("no identity number")
    if len(digits) == 10:
        return "00" + digits
    if len(digits) == 12:
        return digits
    raise ValueError("no identity number")


def _plain(text: str) -> bool:
    return text.isascii() and text.isdigit()
