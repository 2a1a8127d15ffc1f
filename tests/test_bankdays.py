"""Bank days of Sweden."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise import bankdays


@pytest.mark.parametrize(
    "closed",
    [
        "2026-01-01", "2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14",
        "2026-06-19", "2026-12-24", "2026-12-25", "2026-12-31", "2025-06-06", "2026-11-28",
    ],
)  # fmt: skip
def test_the_banks_are_closed(closed: str) -> None:
    assert not bankdays.is_bank_day(date.fromisoformat(closed))


@pytest.mark.parametrize("open_day", ["2026-01-05", "2026-04-02", "2026-06-18", "2026-10-30"])
def test_the_eves_by_custom_alone_are_bank_days(open_day: str) -> None:
    assert bankdays.is_bank_day(date.fromisoformat(open_day))


def test_counting_passes_over_christmas_and_new_year() -> None:
    start = date(2026, 12, 22)
    assert bankdays.add(start, 1) == date(2026, 12, 23)
    assert bankdays.add(start, 2) == date(2026, 12, 28)
    assert bankdays.add(start, 6) == date(2027, 1, 5)
    assert bankdays.add(date(2027, 1, 7), -1) == date(2027, 1, 5)
    assert bankdays.between(start, date(2027, 1, 7)) == 7
    assert bankdays.between(date(2027, 1, 7), start) == -7
    assert bankdays.on_or_after(date(2026, 12, 24)) == date(2026, 12, 28)
    assert bankdays.on_or_before(date(2026, 12, 27)) == date(2026, 12, 23)


def test_the_last_bank_day_never_leaves_its_month() -> None:
    last = [bankdays.last_of_month(date(2026, month, 1)) for month in range(1, 13)]
    assert [day.month for day in last] == list(range(1, 13))
    assert (last[4], last[11]) == (date(2026, 5, 29), date(2026, 12, 30))
