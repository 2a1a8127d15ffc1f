"""A day with gifts as one number: the days since 2000, times 2^46, plus the öre up to and with it.

The numbers of a donor rise with the days, and the sum stands in the lower 46 bits (seven hundred
billion kronor), also of a day before 2000. The same numbers stand in migration 0003.
"""

from __future__ import annotations

from datetime import date

EACH_DAY = 1 << 46
SUM = EACH_DAY - 1
FIRST = date(2000, 1, 1)


def end_of(day: date) -> int:
    """Not below any number of the day or one before it, and below all of later days."""
    return ((day - FIRST).days + 1) * EACH_DAY - 1
