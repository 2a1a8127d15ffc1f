"""When a pledge is due, and what its rules say of days."""

from __future__ import annotations

from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from fundraise import bankdays, clock
from fundraise.pledges import rules, schedule
from fundraise.pledges.schedule import Rhythm

DAYS = st.sampled_from([*range(1, 29), 31])
DATES = st.dates(date(2025, 1, 1), date(2030, 12, 31))


def test_the_first_day_is_the_first_chosen_day_eight_bank_days_away() -> None:
    assert schedule.first_day(28, date(2026, 11, 17)) == date(2026, 11, 30)
    assert schedule.first_day(28, date(2026, 11, 19)) == date(2026, 12, 28)
    assert schedule.first_day(31, date(2026, 12, 17)) == date(2027, 1, 29)
    assert schedule.first_day(31, date(2026, 12, 16)) == date(2026, 12, 30)


def test_a_day_that_moves_into_the_next_month_keeps_its_period() -> None:
    assert schedule.due_day(date(2026, 2, 1), 28) == date(2026, 3, 2)
    assert schedule.period_of_due(28, date(2026, 3, 2)) == date(2026, 2, 1)
    quarterly = Rhythm(3, 28, date(2026, 2, 1), ends_on=date(2026, 9, 1))
    assert schedule.following_days(quarterly, date(2026, 1, 31), 5) == [
        date(2026, 3, 2), date(2026, 5, 28), date(2026, 8, 28),
    ]  # fmt: skip


@given(DAYS, DATES)
def test_every_due_day_is_a_bank_day_and_leads_back_to_its_period(day: int, today: date) -> None:
    first = schedule.first_day(day, today)
    period = schedule.period_of_due(day, first)
    assert bankdays.is_bank_day(first)
    assert schedule.due_day(period, day) == first
    assert schedule.is_announced_in_time(today, first)
    before = schedule.due_day(schedule.add_months(period, -1), day)
    assert before < bankdays.add(today, 8)


def test_an_order_and_its_cancellation_never_stand_in_files_of_one_day() -> None:
    due, until = date(2026, 11, 30), time(17)
    thursday = datetime(2026, 11, 26, 10, tzinfo=clock.STOCKHOLM)  # the last file is of Friday
    assert rules.may_cancel(due, None, thursday, until)
    assert rules.may_cancel(due, date(2026, 11, 26), thursday, until)
    assert not rules.may_cancel(due, date(2026, 11, 27), thursday, until)
    friday_late = datetime(2026, 11, 27, 18, tzinfo=clock.STOCKHOLM)
    assert not rules.may_cancel(due, date(2026, 11, 26), friday_late, until)


def test_the_new_try_waits_for_payday_and_keeps_its_distance() -> None:
    asked = {"notice_bank_days": 8, "days_before_next": 10, "payday": 25}
    after_pay = rules.retry_day(date(2026, 11, 2), date(2026, 12, 28), **asked)
    assert after_pay == date(2026, 11, 26)
    early = rules.retry_day(date(2026, 11, 30), date(2026, 12, 28), **asked)
    assert early == date(2026, 12, 10)
    assert rules.retry_day(date(2026, 12, 9), date(2026, 12, 28), **asked) is None
