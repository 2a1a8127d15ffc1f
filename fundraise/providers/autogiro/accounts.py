"""Swedish bank accounts: which bank a clearing number is, whether a number can be right, and how it
is written in the 16 positions of an autogiro record. Plain Python.

Source: Bankgirot's list of the banks' account numbers, editions of 2020-08-21 and 2024-02-22 (as
given in public tables). The list changes several times a year, so it is data with a date; an
unknown clearing number is a warning, and so is a wrong check digit where a bank has numbers that
can't be checked. Numbers are checked when a person types them, never when a report is read:
Bankgirot's own examples fail.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from fundraise.providers.autogiro.banks import RANGES, Bank, Check

_SIGNS = re.compile(r"[\s\u00a0\u202f.,:;/()_–—-]+")
_WORDS = re.compile(r"\b[^\W\d_]{2,}\b")  # `konto`, a bank's name; never a letter among digits
_CLEARING_WORD = re.compile(r"(?i)\b(?:clearing(?:nr|nummer|number)?|clnr|clr|cl)\b")
_IBAN = re.compile(r"(?i)(?:iban\W*)?[a-z]{2}\d{2}(?:\s?[a-z0-9]){11,30}")
_STARTS = [bank.first for bank in RANGES]
SWEDBANK = range(8000, 9000)


class AccountError(ValueError):
    """What was typed is no account; `code` is empty, signs, iban, clearing, short, long, check,
    fifth or identity. `bank` is whose clearing number it was, `found` how many digits followed."""

    def __init__(self, code: str, bank: Bank | None = None, found: int = 0) -> None:
        super().__init__(code)
        self.code, self.bank, self.found = code, bank, found


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account as it is drawn from. `warnings`: unknown_bank, unchecked, not_in_autogiro,
    identity (what was typed could also be a personal number)."""

    clearing: str
    number: str = field(repr=False)
    bank: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def field16(self) -> str:
        """Clearing and account as the records have them (technical manual 7.2)."""
        return self.clearing + self.number.rjust(12, "0")

    @property
    def masked(self) -> str:
        """The clearing number and the last three digits, to recognise it by."""
        return f"{self.clearing}-…{self.number[-3:]}"


def bank_of(clearing: str) -> Bank | None:
    """The bank of a clearing number of four digits; None when no list has it."""
    if len(clearing) != 4 or not clearing.isdigit():
        return None
    number = int(clearing)
    at = bisect_right(_STARTS, number) - 1
    return RANGES[at] if at >= 0 and number <= RANGES[at].last else None


def read_account(typed: str) -> BankAccount:
    """An account from one field, in any notation: `8424-4, 983 189 224-6`, `clnr 5102 0158751`.

    Raises AccountError when it can't be one. Swedbank's fifth clearing digit is checked and
    dropped: it has no place in the records.
    """
    text = _in_order(unicodedata.normalize("NFKC", typed))
    digits = _digits(text)
    clearing = digits[:4]
    bank = bank_of(clearing)
    rest = _without_fifth(text, digits) if int(clearing) in SWEDBANK else digits[4:]
    is_identity = _may_be_identity(digits)
    try:
        account = _unknown(clearing, rest) if bank is None else _checked(bank, clearing, rest)
    except AccountError:
        if is_identity:
            raise AccountError("identity") from None
        raise
    return replace(account, warnings=(*account.warnings, "identity")) if is_identity else account


def read_two(clearing: str, number: str) -> BankAccount:
    """An account from two fields; a whole account in the second of them is understood too."""
    first, second = _plain(clearing), _plain(number)
    if first and second.startswith(first[:4]):
        try:
            return read_account(f"{clearing} {number}")
        except AccountError:
            return read_account(number)
    return read_account(f"{clearing} {number}")


def _plain(typed: str) -> str:
    return _SIGNS.sub("", _WORDS.sub(" ", unicodedata.normalize("NFKC", typed)))


def _in_order(text: str) -> str:
    """`konto 0158751, clearing 5102` with the clearing number first."""
    said = _CLEARING_WORD.search(text)
    if said is None or not any(char.isdigit() for char in text[: said.start()]):
        return text
    return f"{text[said.end() :]} {text[: said.start()]}"


def _digits(text: str) -> str:
    if _IBAN.fullmatch(text.strip()):
        raise AccountError("iban")
    digits = _SIGNS.sub("", _WORDS.sub(" ", text))
    if not digits:
        raise AccountError("signs" if text.strip(" -") else "empty")
    if not (digits.isascii() and digits.isdigit()):
        raise AccountError("signs")
    if len(digits) < 5:
        raise AccountError("short", bank_of(digits))
    if digits[0] == "0":
        raise AccountError("identity" if _may_be_identity(digits) else "clearing")
    return digits


def _may_be_identity(digits: str) -> bool:
    """Ten or twelve digits that begin with a day and end as a personal number does."""
    ten = digits[2:] if len(digits) == 12 and digits[:2] in {"19", "20"} else digits
    if len(ten) != 10 or not luhn(ten):
        return False
    day = int(ten[4:6])
    try:
        datetime.strptime(f"{ten[:4]}{day - 60 if day > 60 else day:02d}", "%y%m%d")  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _without_fifth(text: str, digits: str) -> str:
    """Swedbank's account after a clearing number of four or five digits.

    `8424-4 983…` says so by itself. Without a sign between, eleven digits that begin with a right
    fifth digit have one, as no account number is longer than ten.
    """
    groups = [group for group in _SIGNS.split(_WORDS.sub(" ", text)) if group]
    said = len(groups[0]) == 5 or (len(groups) > 1 and (len(groups[0]), len(groups[1])) == (4, 1))
    if said:
        if not luhn(digits[:5]):
            raise AccountError("fifth", bank_of(digits[:4]))
        return digits[5:]
    if len(digits) - 4 > 10 and luhn(digits[:5]):
        return digits[5:]
    return digits[4:]


def _unknown(clearing: str, rest: str) -> BankAccount:
    if not 2 <= len(rest) <= 12:
        raise AccountError("short" if len(rest) < 2 else "long", None, len(rest))
    return BankAccount(clearing, rest, "", ("unknown_bank", "unchecked"))


def _checked(bank: Bank, clearing: str, rest: str) -> BankAccount:
    shortest, longest = bank.lengths
    if not shortest <= len(rest) <= longest:
        raise AccountError("short" if len(rest) < shortest else "long", bank, len(rest))
    number = rest.rjust(bank.digits, "0")
    warnings = [] if bank.in_autogiro else ["not_in_autogiro"]
    if not _is_right(bank.check, clearing, number):
        if not bank.may_be_uncheckable:
            raise AccountError("check", bank, len(rest))
        warnings.append("unchecked")
    return BankAccount(clearing, number, bank.name, tuple(warnings))


def _is_right(check: Check, clearing: str, number: str) -> bool:
    if check is Check.MOD11_WITH_THREE:
        return mod11(clearing[1:] + number)
    if check is Check.MOD11_WITH_FOUR:
        return mod11(clearing + number)
    return luhn(number) if check is Check.LUHN else mod11(number)


def luhn(digits: str) -> bool:
    """Modulus 10: weights 1, 2, 1, 2 … from the right, products above nine less nine."""
    doubled = (n * 2 - 9 * (n > 4) if at % 2 else n for at, n in _from_right(digits))
    return sum(doubled) % 10 == 0


def mod11(digits: str) -> bool:
    """Modulus 11: weights 1 to 10 and again from 1, from the right."""
    return sum(n * (at % 10 + 1) for at, n in _from_right(digits)) % 11 == 0


def _from_right(digits: str) -> Iterator[tuple[int, int]]:
    return enumerate(int(digit) for digit in reversed(digits))


def banks() -> Iterable[Bank]:
    """Every range of the list, by clearing number."""
    return RANGES
