"""A stretch of days, as it is written in a condition and as it falls on a day. Plain Python.

{"from": "2026-01-01", "to": "2026-06-30"} (one of them may be missing), {"last": 90, "unit":
"days"} or "months" (today is among them), {"before": 12, "unit": "months"} (longer ago than that),
{"year": 0} (this calendar year; -1 the last one).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

When = Mapping[str, Any]
Span = tuple[date | None, date | None]

UNITS = ("days", "months")
LONGEST = {"days": 3660, "months": 240}
OLDEST_YEAR = -50


def check(raw: object) -> bool:
    """Whether it is a stretch of days."""
    if not isinstance(raw, Mapping):
        return False
    names = set(raw)
    if names == {"year"}:
        return type(raw["year"]) is int and OLDEST_YEAR <= raw["year"] <= 0
    if names in ({"last", "unit"}, {"before", "unit"}):
        number, unit = raw.get("last", raw.get("before")), raw["unit"]
        return unit in UNITS and type(number) is int and 1 <= number <= LONGEST[unit]
    if not names or not names <= {"from", "to"}:
        return False
    first, last = (_day(raw[name]) if name in raw else None for name in ("from", "to"))
    if any(name in raw and day is None for name, day in (("from", first), ("to", last))):
        return False
    return first is None or last is None or first <= last


def span(when: When, today: date) -> Span:
    """The first and the last day of it; None where it has no end."""
    if "year" in when:
        year = today.year + int(when["year"])
        return date(year, 1, 1), date(year, 12, 31)
    if "last" in when:
        return back(today, int(when["last"]), when["unit"]), today
    if "before" in when:
        return None, back(today, int(when["before"]), when["unit"]) - timedelta(days=1)
    return _day(when.get("from")), _day(when.get("to"))


def back(day: date, number: int, unit: str) -> date:
    """So many days or months earlier; the last day of a shorter month."""
    if unit == "days":
        return day - timedelta(days=number)
    months = day.year * 12 + day.month - 1 - number
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def holds(when: Span, day: date | None) -> bool:
    """Whether a day falls in it."""
    first, last = when
    return day is not None and (first is None or first <= day) and (last is None or day <= last)


def _day(raw: object) -> date | None:
    if not isinstance(raw, str) or len(raw) != 10:
        return None
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None
