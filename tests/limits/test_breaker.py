from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from fundraise.limits import breaker, services, tally
from fundraise.limits.breaker import Change, Figures, Rule
from fundraise.limits.models import Breaker, Tally
from tests.people import NOON

SCOPE = "account-1"
RULE = Rule(declines=20, percent=50, unpaid=300)
number = st.integers(0, 2_000)


@pytest.fixture(autouse=True)
def _rule(settings: Any) -> None:
    settings.BREAKER_DECLINES, settings.BREAKER_DECLINE_PERCENT = 4, 50
    settings.BREAKER_UNPAID, settings.BREAKER_CALM_MINUTES = 40, 30


def happen(kind: str, times: int, at: datetime = NOON) -> None:
    for _ in range(times):
        tally.count(SCOPE, kind, at)


@pytest.mark.parametrize(
    ("seen", "bad"),
    [
        (Figures(begun=20, declined=20), True),
        (Figures(begun=20, declined=19), False),  # too few to say anything
        (Figures(begun=60, declined=20, paid=20), True),  # half of the answers
        (Figures(begun=60, declined=20, paid=21), False),
        (Figures(begun=2_000, declined=150, paid=900), False),  # an appeal that went well
        (Figures(begun=300), True),  # opened and left
        (Figures(begun=300, paid=15), False),
        (Figures(), False),
    ],
)
def test_bad_is_many_declines_or_many_begun_and_hardly_any_paid(seen: Figures, bad: bool) -> None:
    assert RULE.is_bad(seen) is bad


@given(number, number, number)
def test_what_opens_it_never_closes_it(begun: int, declined: int, paid: int) -> None:
    seen = Figures(begun, declined, paid)
    assert not RULE.is_bad(seen) or RULE.halved().is_bad(seen)


@given(number, number, number, st.integers(0, 500))
def test_more_paid_gifts_never_open_it(begun: int, declined: int, paid: int, more: int) -> None:
    if not RULE.is_bad(Figures(begun, declined, paid)):
        assert not RULE.is_bad(Figures(begun, declined, paid + more))


@pytest.mark.django_db
def test_it_opens_once_and_closes_after_a_calm() -> None:
    happen("paid", 3)
    happen("declined", 3)
    assert (breaker.look(SCOPE, NOON), breaker.is_open(SCOPE)) == (None, False)
    happen("declined", 1)
    assert [breaker.look(SCOPE, NOON) for _ in range(2)] == [Change.OPENED, None]
    assert breaker.is_open(SCOPE)
    assert not breaker.is_open("account-2")
    later = NOON + timedelta(minutes=20)
    happen("declined", 2, later)  # half of what opens it keeps it open
    assert breaker.look(SCOPE, later) is None
    assert breaker.look(SCOPE, later + timedelta(minutes=29)) is None
    at_last = later + timedelta(minutes=30)
    assert [breaker.look(SCOPE, at_last) for _ in range(2)] == [Change.CLOSED, None]
    assert not breaker.is_open(SCOPE)


@pytest.mark.django_db
def test_each_opening_in_a_row_needs_a_calm_twice_as_long() -> None:
    now = NOON
    for minutes in (30, 60, 120):
        happen("declined", 9, now)
        assert breaker.look(SCOPE, now) is Change.OPENED
        assert breaker.look(SCOPE, now + timedelta(minutes=minutes - 1)) is None
        now += timedelta(minutes=minutes)
        assert breaker.look(SCOPE, now) is Change.CLOSED
    now += timedelta(hours=25)
    happen("declined", 9, now)
    assert breaker.look(SCOPE, now) is Change.OPENED
    assert Breaker.objects.get().openings == 1
    assert breaker.calm_of(20) == timedelta(hours=24)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_look_at_once_one_is_told() -> None:
    happen("declined", 9)

    def look(_number: int) -> Change | None:
        try:
            return breaker.look(SCOPE, NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(look, range(16))).count(Change.OPENED) == 1


@pytest.mark.django_db(transaction=True)
def test_a_flood_is_counted_to_the_last_one() -> None:
    def count(_number: int) -> None:
        try:
            happen("begun", 5)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count, range(40)))
    assert tally.totals(SCOPE, NOON) == {"begun": 200}
    assert Tally.objects.count() <= tally.SHARDS


@pytest.mark.django_db
def test_hours_are_told_newest_first_and_old_counts_are_forgotten() -> None:
    happen("begun", 2)
    happen("declined", 1, NOON + timedelta(minutes=59))
    happen("begun", 1, NOON + timedelta(hours=1))
    assert list(tally.by_hour(SCOPE, NOON).items()) == [
        (NOON + timedelta(hours=1), {"begun": 1}),
        (NOON, {"begun": 2, "declined": 1}),
    ]
    assert services.prune(NOON + timedelta(days=13)) == 0
    kept = Tally.objects.count()
    assert services.prune(NOON + timedelta(days=15)) == kept
    assert tally.totals(SCOPE, NOON) == {}
