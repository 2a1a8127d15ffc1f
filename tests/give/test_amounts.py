from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from fundraise.give.amounts import OTHER, read_amount

LADDER = [100_00, 250_00, 500_00, 1_000_00]


def read(chosen: str = OTHER, typed: str = "") -> int:
    return read_amount(chosen, typed, ladder=LADDER, minimum_ore=20_00, maximum_ore=150_000_00)


def refusal(chosen: str = OTHER, typed: str = "") -> str:
    with translation.override("sv"), pytest.raises(ValidationError) as error:
        read(chosen, typed)
    return str(error.value.messages[0])


def test_a_chosen_card_is_the_amount() -> None:
    assert read("25000") == 250_00


@pytest.mark.parametrize("typed", ["1 000", "1000 kr", "1000,00", "１０００", "1\u202f000"])
def test_typing_is_choosing(typed: str) -> None:
    assert read("", typed) == 1_000_00
    assert read(OTHER, typed) == 1_000_00


def test_a_card_and_the_same_sum_typed_are_one_choice() -> None:
    assert read("25000", "250") == 250_00


def test_a_card_and_another_sum_are_asked_about() -> None:
    assert (
        refusal("25000", "300") == "Du har valt 250\u202fkr och skrivit 300\u202fkr. "
        "Vilket vill du ge?"
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "Den minsta gåvan här är 20\u202fkr."),
        ("19,99", "Den minsta gåvan här är 20\u202fkr."),
        ("-200", "Skriv ett belopp över noll."),
        ("0.001", "Skriv beloppet utan punkt eller komma för tusental, till exempel 1000."),
        ("10,1234", "Skriv högst två decimaler, till exempel 250,50."),
        ("1.000", "Skriv beloppet utan punkt eller komma för tusental, till exempel 1000."),
        (
            "1000000000000",
            "Den största gåvan här är 150\u202f000\u202fkr. Ring oss om du vill ge mer.",
        ),
        ("150001", "Den största gåvan här är 150\u202f000\u202fkr. Ring oss om du vill ge mer."),
        ("tvåhundra", "Skriv beloppet med siffror, till exempel 250."),
        ("2" + " " * 9_000 + "x", "Skriv beloppet med siffror, till exempel 250."),
        ("🎁", "Skriv beloppet med siffror, till exempel 250."),
        ("kr", "Skriv ett belopp."),
    ],
)
def test_each_unusable_amount_has_its_sentence(typed: str, sentence: str) -> None:
    assert refusal(OTHER, typed) == sentence


@pytest.mark.parametrize("chosen", ["", "12300", "nonsense", "١٠٠٠٠"])
def test_nothing_chosen_is_asked_for(chosen: str) -> None:
    assert refusal(chosen) == "Välj ett belopp."


def test_another_amount_without_a_sum_is_asked_for() -> None:
    assert refusal(OTHER) == "Skriv ett belopp."
