from __future__ import annotations

from uuid import UUID

import pytest

from fundraise.give.presets import Preset, chosen, clean_reference, read_preset


def test_a_link_may_choose_in_swedish_and_in_english() -> None:
    asked = Preset(amount_ore=200_00, frequency="monthly", reference="nov-A", language="en")
    assert (
        read_preset({"belopp": "200", "frekvens": "manad", "ref": "nov-A", "lang": "en"}) == asked
    )
    assert (
        read_preset({"amount": "200", "frequency": "monthly", "ref": "nov-A", "lang": "en"})
        == asked
    )


def test_a_link_may_choose_every_rhythm_and_says_it_back() -> None:
    for language in ("sv", "en"):
        for every in (0, 1, 3, 6, 12):
            read = read_preset(chosen(250_50, every, language))
            often = ("monthly", every) if every else ("once", 1)
            assert (read.amount_ore, read.frequency, read.every) == (250_50, *often)
    assert chosen(200_00, 6, "sv") == {"belopp": "200", "frekvens": "halvar"}
    assert chosen(200_00, 0, "en") == {"amount": "200", "frequency": "once"}
    assert read_preset({"frekvens": "Halvår"}) == Preset(frequency="monthly", every=6)


@pytest.mark.parametrize(
    "query",
    [
        {"belopp": "1.000"},
        {"belopp": "-5"},
        {"belopp": "0"},
        {"belopp": "1" * 5000},
        {"frekvens": "varje vecka"},
        {"ref": "<script>"},
        {"ref": "a" * 41},
        {"lang": "de"},
        {"gift": "x"},
        {"name": "Anna", "email": "anna@example.org", "namn": "Anna", "epost": "a@example.org"},
    ],
)
def test_what_cannot_be_read_is_left_out(query: dict[str, str]) -> None:
    assert read_preset(query) == Preset()


def test_a_gift_that_waits_is_named_by_its_ref() -> None:
    ref = UUID("12345678-1234-5678-1234-567812345678")
    assert read_preset({"gift": str(ref)}).gift == ref


def test_a_reference_is_letters_digits_and_dashes() -> None:
    assert clean_reference("brev_2026-11") == "brev_2026-11"
    assert clean_reference("brev 11") == ""
