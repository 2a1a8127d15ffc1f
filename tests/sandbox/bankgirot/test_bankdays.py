"""The stand-in's own calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fundraise import bankdays as products
from fundraise.sandbox import bankdays

# Written down from calendars of the years: days from Monday to Friday without bank business.
CLOSED = {
    2026: "0101 0106 0403 0406 0501 0514 0619 1224 1225 1231",
    2027: "0101 0106 0326 0329 0506 0625 1224 1231",
    2028: "0106 0414 0417 0501 0525 0606 0623 1225 1226",
}


@pytest.mark.parametrize("year", CLOSED)
def test_days_without_business_are_those_of_the_calendar(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    weekdays = [day for day in days if day.year == year and day.weekday() < 5]
    closed = [f"{day:%m%d}" for day in weekdays if not bankdays.is_bank_day(day)]
    assert " ".join(closed) == CLOSED[year]


def test_it_agrees_with_the_products_calendar_which_it_does_not_know() -> None:
    for number in range(366 * 30):
        day = date(2024, 1, 1) + timedelta(days=number)
        assert bankdays.is_bank_day(day) is products.is_bank_day(day), day


def test_days_are_counted_over_easter() -> None:
    thursday, tuesday = date(2027, 3, 25), date(2027, 3, 30)
    assert bankdays.after(thursday) == tuesday
    assert bankdays.between(thursday, tuesday) == 1
    assert bankdays.on_or_after(date(2027, 3, 26)) == tuesday
    assert bankdays.on_or_before(date(2027, 3, 29)) == thursday
