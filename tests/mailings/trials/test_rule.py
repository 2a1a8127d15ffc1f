"""A winner is announced rarely when there is none, and soon when there is one."""

from __future__ import annotations

import math
import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.trials.rule import FirstGift, Race, log_mixture
from mailings.trials.size import Usual, people_per_version, smallest_seen

SUMS = [50_00, 100_00, 100_00, 200_00, 200_00, 500_00, 1_000_00, 5_000_00]
USUAL = Usual(rate=0.01, mean_ore=sum(SUMS) / len(SUMS), variation=1.8)
RUNS = 20_000 if os.environ.get("SCALE") == "full" else 600
GIVERS = 240


def race(versions: str, *, shares: dict[str, int] | None = None) -> Race:
    return Race(
        shares or dict.fromkeys(versions, 1),
        expected_ore2=GIVERS * USUAL.mean_square / 2,
        cap_ore=10_000_00,
    )


def ever_won(versions: str, chance: random.Random, weights: list[float]) -> str:
    """Look after every single gift, as nobody does: the hardest test of looking often."""
    running = race(versions)
    for _ in range(GIVERS):
        had = chance.choices(versions, weights)[0]
        running.add([FirstGift(had, chance.choice(SUMS))])
        if winner := running.verdict().winner:
            return winner
    return ""


@pytest.mark.parametrize("versions", ["AB", "ABC"])
def test_at_most_one_in_twenty_runs_of_equal_versions_has_a_winner(versions: str) -> None:
    chance = random.Random(2026)
    runs = RUNS if versions == "AB" else RUNS // 4
    false = sum(bool(ever_won(versions, chance, [1.0] * len(versions))) for _ in range(runs))

    # Four standard errors above the promise is what chance alone never reaches.
    assert false / runs <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / runs) * (RUNS < 20_000)


def test_three_times_the_givers_win_almost_always_and_never_the_wrong_version() -> None:
    chance = random.Random(7)
    won = [ever_won("AB", chance, [1.0, 3.0]) for _ in range(100)]

    assert won.count("B") >= 75
    assert won.count("A") <= 1


def test_of_three_versions_two_equal_ones_are_no_winner_over_each_other() -> None:
    chance = random.Random(11)
    won = [ever_won("ABC", chance, [2.0, 2.0, 0.5]) for _ in range(100)]

    assert won.count("A") + won.count("B") <= 12
    assert won.count("C") == 0


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(SUMS)), max_size=40))
def test_the_order_within_a_look_and_the_number_of_looks_change_nothing(
    gifts: list[tuple[str, int]],
) -> None:
    at_once, one_by_one = race("AB"), race("AB")
    made = [FirstGift(had, ore) for had, ore in gifts]
    at_once.add(made)
    for gift in made:
        one_by_one.add([gift])

    assert at_once.verdict() == one_by_one.verdict()


def test_an_uneven_split_is_no_advantage() -> None:
    nine_of_ten = race("AB", shares={"A": 9, "B": 1})
    nine_of_ten.add([FirstGift("A", 100_00)] * 90 + [FirstGift("B", 100_00)] * 10)

    assert nine_of_ten.verdict().winner == ""
    assert nine_of_ten.verdict().evidence["A", "B"] < 1


def test_one_very_large_gift_decides_nothing() -> None:
    running = race("AB")
    running.add([FirstGift("A", 2_000_000_00)])

    assert running.verdict().winner == ""


@given(st.floats(-1e6, 1e6), st.floats(1, 1e9))
def test_the_evidence_is_a_number_however_far_out(total: float, spread: float) -> None:
    assert math.isfinite(log_mixture(total, spread, 8 / 1e6))


def test_versions_without_people_or_expectations_are_refused() -> None:
    for bad in ({"A": 1}, {"A": 1, "B": 0}):
        with pytest.raises(ValueError, match="two versions"):
            Race(bad, expected_ore2=1, cap_ore=1)
    with pytest.raises(ValueError, match="above zero"):
        Race({"A": 1, "B": 1}, expected_ore2=0, cap_ore=1)


# --- The size -------------------------------------------------------------------------------------
def test_a_smaller_difference_takes_more_people_and_the_two_questions_agree() -> None:
    fifth = people_per_version(USUAL, more=0.2)

    assert people_per_version(USUAL, more=0.5) < fifth < people_per_version(USUAL, more=0.1)
    assert people_per_version(USUAL, more=0.2, versions=4) > fifth
    assert smallest_seen(USUAL, fifth) == pytest.approx(0.2, rel=0.01)


def test_the_size_is_larger_than_of_one_look_at_the_end_and_of_its_order() -> None:
    # Two means, 5 % two-sided, power 80 %: 2 (1.96 + 0.84)^2 s^2 / d^2.
    d = 0.2 * USUAL.rate * USUAL.mean_ore
    one_look = 2 * 2.8**2 * USUAL.rate * USUAL.mean_square / d**2

    assert one_look < people_per_version(USUAL, more=0.2) < 3 * one_look


def test_nothing_is_reckoned_from_nothing() -> None:
    with pytest.raises(ValueError, match="a rate"):
        people_per_version(Usual(rate=0, mean_ore=100), more=0.2)
