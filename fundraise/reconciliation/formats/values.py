"""Sums, days and numbers as the formats write them. Each raises ValueError for what is none."""

from __future__ import annotations

import re
from datetime import date, datetime

from fundraise.clock import STOCKHOLM
from fundraise.money import MAX_ORE

NOT_PROVIDED = {"NOTPROVIDED", "NOTAPPLICABLE", "NOREF", "NONREF", "-"}
_ODD = re.compile(r"[^0-9A-Za-zÅÄÖåäö]")
_WHOLE_DIGITS = 13
IBAN = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}\Z")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\Z")


def ore(text: str) -> int:
    """Öre from "1234.5" as XML has it: a point, no sign, no third decimal that is not 0."""
    whole, point, part = text.strip().partition(".")
    part = part.rstrip("0")
    if not (whole or point) or len(part) > 2 or len(whole) > _WHOLE_DIGITS:
        raise ValueError("amount")
    digits = whole + part.ljust(2, "0")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("amount")
    return within(int(digits))


def signed_ore(text: str) -> int:
    """The same, with a sign before it."""
    plain = text.strip()
    return -ore(plain[1:]) if plain.startswith("-") else ore(plain.removeprefix("+"))


def within(amount: int) -> int:
    """No account of ours moves more in one line: a larger sum is a column read wrongly."""
    if abs(amount) > 100 * MAX_ORE:
        raise ValueError("amount")
    return amount


def day(text: str) -> date:
    """A day from "2026-11-26", or the day in Stockholm of "2026-11-26T23:30:00Z"."""
    plain = text.strip()
    if len(plain) == 10:
        return date.fromisoformat(plain)
    if plain[10:11] == "T":
        at = datetime.fromisoformat(plain)
        return at.date() if at.tzinfo is None else at.astimezone(STOCKHOLM).date()
    return date.fromisoformat(plain[:10]) if plain[10:11] in {"Z", "+", "-"} else _no_day()


def _no_day() -> date:
    raise ValueError("day")


def number(text: str) -> str:
    """An account's, a giro's or a reference's signs without blanks and hyphens: "5050-1055"."""
    return _ODD.sub("", text).upper()


def provided(text: str) -> str:
    """A reference, or nothing where a bank writes that there is none."""
    plain = text.strip()
    return "" if plain.upper() in NOT_PROVIDED else plain


def phone(text: str) -> str:
    """ "+46…" from "070-123 45 67", "0046701234567" or "+46-701234567"; nothing when it is none."""
    digits = re.sub(r"\D", "", text)
    if text.strip().startswith("+"):
        pass
    elif digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = "46" + digits[1:]
    elif not digits.startswith("46"):
        return ""
    return "+" + digits if 8 <= len(digits) <= 15 else ""


def country(text: str) -> str:
    """Two letters, or nothing when it is no country."""
    plain = text.strip().upper()
    return plain if len(plain) == 2 and plain.isascii() and plain.isalpha() else ""


def country_of_bank(account: str, bic: str) -> str:
    """Where an account lies: the IBAN's country, else that of its bank's code, else nothing."""
    if IBAN.match(account):
        return account[:2]
    return bic[4:6] if _BIC.match(bic) else ""
