"""The party-finance law in plain Python: sums first, bands then, limits by day."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise.reporting.party import rules
from fundraise.reporting.party.rules import Band, Contribution, GiverYear, Kind

AMOUNTS = {2024: 57_300_00, 2025: 58_800_00, 2026: 59_200_00}
SHARES = {"small": 5, "member_fee": 10, "anonymous": 50, "named": 500}
DAY = date(2026, 3, 1)
LIMITS = rules.limits(2026, AMOUNTS, SHARES)


def gift(number: int, giver: str | None, kronor: int, **more: object) -> Contribution:
    return Contribution(number, giver, DAY, kronor * 100, **more)  # type: ignore[arg-type]


def test_limits_are_those_of_the_law_and_a_missing_year_says_so() -> None:
    old = rules.limits(2024, AMOUNTS, SHARES)
    assert (old.small_ore, old.member_fee_ore, old.anonymous_ore, old.named_ore) == (
        286_50, 573_00, 2_865_00, 28_650_00,
    )  # fmt: skip
    assert (LIMITS.small_ore, LIMITS.anonymous_ore, LIMITS.named_ore) == (
        296_00, 2_960_00, 29_600_00,
    )  # fmt: skip
    assert not LIMITS.is_missing
    late = rules.limits(2027, AMOUNTS, SHARES)
    assert (late.is_missing, late.base_year, late.base_ore) == (True, 2026, 59_200_00)
    assert rules.limits(2026, AMOUNTS, SHARES, anonymous=0).anonymous_ore == 0


def test_a_rule_holds_from_its_day() -> None:
    dated = [("2018-04-01", SHARES), ("2027-01-01", {**SHARES, "anonymous": 0})]
    assert rules.shares_on(dated, date(2026, 12, 31))["anonymous"] == 50
    assert rules.shares_on(dated, date(2027, 1, 1))["anonymous"] == 0
    with pytest.raises(ValueError, match="2018-03-31"):
        rules.shares_on(dated, date(2018, 3, 31))
    assert rules.due_on(2026) == date(2027, 7, 1)
    assert rules.repay_by(2026) == date(2027, 3, 31)


def test_small_gifts_of_one_giver_become_one_that_is_not_small() -> None:
    known = {"identified": True}
    rows = rules.sum_givers([gift(n, "anna", 100, **(known if n == 1 else {})) for n in (1, 2, 3)])
    assert rows == [GiverYear("anna", 300_00, 3, Kind.PERSON, identified=True)]
    assert rules.band_of(rows[0], LIMITS) == Band.KINDS
    assert rules.band_of(GiverYear("a", 296_00, 1, Kind.PERSON, identified=False), LIMITS) == (
        Band.SMALL
    )
    assert rules.band_of(GiverYear("a", 29_600_00, 1, Kind.OTHER, identified=True), LIMITS) == (
        Band.KINDS
    )
    assert rules.band_of(GiverYear("a", 29_600_01, 1, Kind.OTHER, identified=True), LIMITS) == (
        Band.NAMED
    )


def test_gifts_of_nobody_known_stand_each_by_itself_and_nothing_left_is_no_gift() -> None:
    rows = rules.sum_givers([gift(1, None, 200), gift(2, None, 200), gift(3, "x", 0)])
    assert [(row.giver, row.ore) for row in rows] == [("money:1", 200_00), ("money:2", 200_00)]
    assert rules.sort_into_bands(rows, LIMITS).small_ore == 400_00


def test_a_year_in_bands_adds_up() -> None:
    rows = rules.sum_givers(
        [
            gift(1, "anna", 296, identified=True),
            gift(2, "björn", 297, identified=True),
            gift(3, "firma", 20_000, identified=True, kind=Kind.OTHER),
            gift(4, "firma", 10_000, kind=Kind.OTHER, form="goods"),
            gift(5, "kretsen", 5_000, identified=True, kind=Kind.WITHIN),
            gift(6, None, 297),
            gift(7, None, 10_000),
        ]
    )
    bands = rules.sort_into_bands(rows, LIMITS)
    assert (bands.small_ore, bands.small_givers) == (296_00, 1)
    assert bands.kinds_ore == {
        Kind.PERSON: 297_00, Kind.WITHIN: 5_000_00, Kind.OTHER: 30_000_00,
    }  # fmt: skip
    assert bands.anonymous_ore == (2_960_00, 297_00)
    assert bands.surplus_ore == 7_040_00
    assert [row.giver for row in bands.named] == ["firma"]
    assert bands.in_kind_ore == 10_000_00
    assert bands.total_ore + bands.surplus_ore == sum(row.ore for row in rows)


def test_a_limit_of_nothing_leaves_nothing_of_nobody_known() -> None:
    none = rules.limits(2026, AMOUNTS, SHARES, anonymous=0)
    rows = rules.sum_givers([gift(1, None, 100), gift(2, "anna", 100, identified=True)])
    bands = rules.sort_into_bands(rows, none)
    assert (bands.small_ore, bands.small_givers, bands.surplus_ore) == (100_00, 1, 100_00)


def test_the_authoritys_own_example_and_a_limit_that_ends_in_the_year() -> None:
    base = rules.part(47_300_00, 50)  # 2020
    assert rules.surplus([gift(1, None, 10_000)], lambda _day: base) == {1: 7_635_00}

    def limit_on(day: date) -> int:
        return base if day < date(2026, 7, 1) else 0

    early = Contribution(1, "x", date(2026, 2, 1), 1_000_00)
    late = Contribution(2, "x", date(2026, 8, 1), 500_00)
    assert rules.surplus([late, early], limit_on) == {2: 500_00}
    more = Contribution(3, "x", date(2026, 3, 1), 2_000_00)
    assert rules.surplus([late, early, more], limit_on) == {3: 635_00, 2: 500_00}


def test_who_need_not_file() -> None:
    said = {"public_ore": 100_000_00, "fees_ore": 50_000_00, "members": 40, "within_ore": 9_000_00}
    small = rules.freed(LIMITS, total_ore=162_279_99, always_files=False, **said)
    assert small.fees_ore == 40 * 592_00
    assert (small.counted_ore, small.is_freed) == (29_599_99, True)
    edge = rules.freed(LIMITS, total_ore=162_280_00, always_files=False, **said)
    assert (edge.counted_ore, edge.is_freed) == (29_600_00, False)
    assert not rules.freed(LIMITS, total_ore=0, always_files=True, **said).is_freed
