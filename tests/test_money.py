from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraise.money import MAX_ORE, AmountError, format_kronor, parse_kronor, split_ore


@pytest.mark.parametrize(
    ("typed", "ore"),
    [
        ("200", 200_00),
        ("200 kr", 200_00),
        ("200kr.", 200_00),
        ("200:-", 200_00),
        ("200 SEK", 200_00),
        ("kr 200", 200_00),
        ("1 000", 1_000_00),
        ("1\u00a0000", 1_000_00),
        ("1\u202f000 kr", 1_000_00),
        ("12 345 678", 12_345_678_00),
        ("250,50", 250_50),
        ("250.5", 250_50),
        ("200,00", 200_00),
        ("0,01", 1),
        ("0", 0),
        ("２００", 200_00),  # full-width digits, as some keyboards write them
        (" 75 ", 75_00),
    ],
)
def test_what_people_type_is_understood(typed: str, ore: int) -> None:
    assert parse_kronor(typed) == ore


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("1.000", "unclear"),
        ("1,000", "unclear"),
        ("1.000,50", "unclear"),
        ("1.000.000", "unclear"),
        ("0.001", "unclear"),
        ("12,3456", "decimals"),
        ("-200", "negative"),
        ("−200", "negative"),
        ("tvåhundra", "letters"),
        ("200 EUR", "letters"),
        ("1e3", "letters"),
        ("0x10", "letters"),
        ("1 00", "letters"),
        ("10 00 000", "letters"),
        ("NaN", "letters"),
        ("١٠٠", "letters"),  # digits of another script: a sum must be read the same by all
        ("1000000000000", "size"),
        ("9" * 10_000, "size"),
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused(typed: str, code: str) -> None:
    with pytest.raises(AmountError) as refusal:
        parse_kronor(typed)
    assert refusal.value.code == code


@given(st.integers(0, MAX_ORE))
def test_what_is_written_is_read_back(ore: int) -> None:
    assert parse_kronor(format_kronor(ore)) == ore


@given(st.text(max_size=60))
def test_any_text_is_a_sum_or_a_refusal(typed: str) -> None:
    with suppress(AmountError):
        assert 0 <= parse_kronor(typed) <= MAX_ORE


@pytest.mark.parametrize(
    ("ore", "text"),
    [
        (0, "0 kr"),
        (200_00, "200 kr"),
        (1_200_00, "1 200 kr"),
        (250_50, "250,50 kr"),
        (-5_00, "−5 kr"),
    ],
)
def test_sums_are_written_the_swedish_way(ore: int, text: str) -> None:
    assert format_kronor(ore) == text.replace(" ", "\u202f")


@given(st.integers(0, MAX_ORE), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_shares_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    if sum(weights) == 0:
        with pytest.raises(ValueError, match="weights"):
            split_ore(total, weights)
        return
    shares = split_ore(total, weights)
    assert sum(shares) == total
    exact = [total * weight / sum(weights) for weight in weights]
    assert all(abs(share - part) <= 1 for share, part in zip(shares, exact, strict=True))


def test_the_odd_ore_goes_to_the_largest_remainder() -> None:
    assert split_ore(100, [1, 1, 1]) == [34, 33, 33]
    assert split_ore(5, [1, 2]) == [2, 3]
