"""The sums that a person is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.composing import ladder

ORE = st.integers(min_value=1, max_value=10**9)
STANDARD = (100_00, 250_00, 500_00, 1_000_00)


def _kronor(rungs: ladder.Rungs) -> tuple[int, ...]:
    assert all(ore % 100 == 0 for ore in rungs)
    return tuple(ore // 100 for ore in rungs)


@pytest.mark.parametrize(
    ("gave", "asked"),
    [
        (0, (100, 250, 500)),
        (1, (20, 30, 40)),
        (75, (80, 150, 250)),
        (100, (100, 150, 200)),
        (200, (200, 300, 400)),
        (350, (350, 600, 700)),
        (500, (500, 800, 1_000)),
        (1_234, (1_300, 1_900, 2_500)),
        (90_000, (90_000, 135_000, 150_000)),
        (150_000, (140_000, 145_000, 150_000)),
        (900_000, (140_000, 145_000, 150_000)),
    ],
)
def test_a_gift_once_gives_these_sums(gave: int, asked: tuple[int, ...]) -> None:
    assert _kronor(ladder.once(gave * 100, STANDARD, 20_00, 150_000_00)) == asked


@pytest.mark.parametrize(
    ("once", "now", "asked"),
    [
        (0, 0, (50, 100, 200)),
        (500, 0, (50, 80, 100)),
        (2_000, 0, (200, 300, 400)),
        (2_000, 200, (250, 300, 400)),
        (0, 50, (70, 80, 100)),
        (0, 20, (30, 40, 50)),
    ],
)
def test_a_tenth_a_month_or_more_than_now(once: int, now: int, asked: tuple[int, ...]) -> None:
    standard = (50_00, 100_00, 200_00, 500_00)
    assert _kronor(ladder.monthly(once * 100, now * 100, standard, 20_00, 150_000_00)) == asked


@given(base=st.just(0) | ORE, now=st.just(0) | ORE, low=ORE, width=ORE, monthly=st.booleans())
def test_a_ladder_rises_and_keeps_within_the_campaigns_limits(
    base: int, now: int, low: int, width: int, monthly: bool
) -> None:
    high = low + width
    rungs = (
        ladder.monthly(base, now, STANDARD, low, high)
        if monthly
        else ladder.once(base, STANDARD, low, high)
    )

    kronor_between = high // 100 - -(-low // 100) + 1
    assert all(ore % 100 == 0 for ore in rungs)
    assert list(rungs) == sorted(rungs)
    if kronor_between >= 3:
        assert len(set(rungs)) == 3
        assert low <= rungs[0]
        assert rungs[2] <= high


@given(base=ORE)
def test_nobody_is_asked_for_less_than_they_gave_where_the_campaign_takes_it(base: int) -> None:
    assert ladder.once(base, STANDARD, 1_00, 10**12)[0] >= base


@given(ore=ORE)
def test_a_friendly_sum_is_the_same_once_more_and_never_below(ore: int) -> None:
    made = ladder.friendly(ore)
    assert made >= ore
    assert ladder.friendly(made) == made
