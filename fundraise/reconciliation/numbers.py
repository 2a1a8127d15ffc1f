"""The numbers that a bank's files call an account by, checked and written in one way."""

from __future__ import annotations

from stdnum import iban, luhn
from stdnum.exceptions import ValidationError as WrongNumber

from fundraise.providers.autogiro.numbers import is_bankgiro
from fundraise.reconciliation.models import AccountNumber

Kind = AccountNumber.Kind


class NumberError(ValueError):
    """The number is none of its kind. `kind` says of which."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def clean(kind: str, typed: str) -> str:
    """Digits and letters only. Raises NumberError."""
    number = "".join(char for char in typed.upper() if char.isascii() and char.isalnum())
    if kind not in Kind.values or not _RIGHT[Kind(kind)](number):
        raise NumberError(kind)
    return number


def _is_iban(number: str) -> bool:
    try:
        iban.validate(number, check_country=False)
    except WrongNumber:
        return False
    return True


def _is_bban(number: str) -> bool:
    return number.isdigit() and 9 <= len(number) <= 17


def _is_plusgiro(number: str) -> bool:
    return number.isdigit() and 4 <= len(number) <= 8 and bool(luhn.is_valid(number))


def _is_swish(number: str) -> bool:
    return number.isdigit() and len(number) == 10 and number.startswith(("123", "90"))


_RIGHT = {
    Kind.IBAN: _is_iban,
    Kind.BBAN: _is_bban,
    Kind.BANKGIRO: is_bankgiro,
    Kind.PLUSGIRO: _is_plusgiro,
    Kind.SWISH: _is_swish,
}
