"""What a field may hold: sums, days, numbers (4B 5.9-5.10)."""

from __future__ import annotations

import re
from datetime import date

_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def ore_of(text: str) -> int | None:
    """A sum in öre; None for a comma, a plus, a space or a third decimal."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    minus, kronor, decimals = match.groups()
    ore = int(kronor) * 100 + int((decimals or "0").ljust(2, "0"))
    return -ore if minus else ore


def day_of(text: str) -> date | None:
    """A day written YYYYMMDD; None when there is none."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_number(text: str) -> bool:
    """Digits alone."""
    return bool(re.fullmatch("[0-9]+", text))
