"""What stands in a cell of a CSV, as banks write it: sums, days, accounts, names."""

from __future__ import annotations

import functools
import re
from datetime import date, datetime

from fundraise.reconciliation.formats import values

MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "\u2011": "-", "－": "-"})
_UNIT = re.compile(r"(?:sek|kr\.?|:-)\Z", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+\Z")
PATTERNS = {
    "YYYY-MM-DD": "%Y-%m-%d", "YYYY/MM/DD": "%Y/%m/%d", "YYYY.MM.DD": "%Y.%m.%d",
    "YYYYMMDD": "%Y%m%d", "DD-MM-YYYY": "%d-%m-%Y", "DD/MM/YYYY": "%d/%m/%Y",
    "DD.MM.YYYY": "%d.%m.%Y", "MM/DD/YYYY": "%m/%d/%Y",
}  # fmt: skip


def ore(text: str, decimal: str = "") -> int:
    """Öre from "1 234,50", "-39.00", "−1.234,5", "100,00-" or "(20 kr)".

    Raises ValueError for what is none, and for "1.234", which could mean two things, where no
    decimal sign is told.
    """
    plain = "".join(text.translate(MINUS).split()).replace("'", "")
    plain = _UNIT.sub("", plain)
    sign = 1
    if plain.startswith("(") and plain.endswith(")"):
        sign, plain = -1, plain[1:-1]
    if plain.startswith("-") or plain.endswith("-"):
        sign, plain = -sign, plain.removeprefix("-") if plain[0] == "-" else plain[:-1]
    plain = plain.removeprefix("+")
    return sign * values.ore(_pointed(plain, decimal)) if plain else _none()


def _pointed(plain: str, decimal: str) -> str:
    """With a point before the decimals and nothing between the thousands."""
    last = max(plain.rfind(","), plain.rfind("."))
    if last < 0:
        return plain
    mark, whole, part = plain[last], plain[:last], plain[last + 1 :]
    several = plain.count(mark) > 1
    if several or (decimal and mark != decimal):  # it parts thousands only
        return _ungrouped(plain) if several or _GROUPED.match(plain) else _no_amount()
    if not decimal and len(part) == 3 and _GROUPED.match(plain) and not _other(whole, mark):
        return _no_amount()  # a thousand, or one and decimals
    if _other(whole, mark) or mark in whole:
        whole = _ungrouped(whole)
    return f"{whole}.{part}"


def _other(whole: str, mark: str) -> bool:
    return ("." if mark == "," else ",") in whole


def _ungrouped(text: str) -> str:
    if not _GROUPED.match(text) or ("," in text and "." in text):
        return _no_amount()
    return re.sub(r"[.,]", "", text)


def _no_amount() -> str:
    raise ValueError("amount")


def _none() -> int:
    raise ValueError("amount")


@functools.lru_cache(maxsize=4096)
def day(text: str, formats: tuple[str, ...]) -> date:
    """A day, written in one of the formats; a time behind it is left out. Raises ValueError."""
    plain = text.strip().translate(MINUS)
    for name in formats:
        length = len(name)
        if len(plain) > length and plain[length] not in " T":
            continue
        try:
            return datetime.strptime(plain[:length], PATTERNS[name]).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError("day")


def account_kind(number: str, told: str = "") -> str:
    """IBAN where it looks like one, else what the mapping tells, else clearing and account."""
    if values.IBAN.match(number):
        return "iban"
    return told if told and told != "iban" else "bban"


def turned_name(text: str) -> str:
    """ "EK,ANNA MARIA" is "ANNA MARIA EK"."""
    last, comma, first = text.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else text
