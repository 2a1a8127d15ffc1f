"""Which file is waited for: a wait has a day, and is late only after it."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise.reconciliation.proof.days import Waiting, waiting


@pytest.mark.parametrize(
    ("days", "last", "today", "expected"),
    [
        # Thursday's file comes on Friday; on Thursday nobody waits for it.
        ("bank_days", date(2026, 11, 25), date(2026, 11, 26), None),
        (
            "bank_days", date(2026, 11, 25), date(2026, 11, 27),
            Waiting(date(2026, 11, 26), date(2026, 11, 27)),
        ),
        # Over a weekend nothing is missing, and Friday's is due on Monday.
        (
            "bank_days", date(2026, 11, 26), date(2026, 11, 29),
            Waiting(date(2026, 11, 27), date(2026, 11, 30)),
        ),
        # Christmas Eve is no bank day in Sweden, nor the days after it.
        ("bank_days", date(2026, 12, 23), date(2026, 12, 28), None),
        ("weekly", date(2026, 11, 20), date(2026, 11, 26), None),
        (
            "weekly", date(2026, 11, 13), date(2026, 11, 26),
            Waiting(date(2026, 11, 20), date(2026, 11, 23)),
        ),
        ("monthly", date(2026, 10, 30), date(2026, 11, 29), None),
        (
            "monthly", date(2026, 9, 30), date(2026, 11, 2),
            Waiting(date(2026, 10, 30), date(2026, 11, 2)),
        ),
        ("none", date(2020, 1, 1), date(2026, 11, 26), None),
    ],
)  # fmt: skip
def test_a_file_is_waited_for_from_the_day_after_its_own(
    days: str, last: date, today: date, expected: Waiting | None
) -> None:
    assert waiting(days, 1, last=last, today=today) == expected


def test_it_is_late_after_its_due_day_and_not_on_it() -> None:
    wait = Waiting(date(2026, 11, 26), date(2026, 11, 27))
    assert [wait.is_late(date(2026, 11, day)) for day in (26, 27, 28)] == [False, False, True]
