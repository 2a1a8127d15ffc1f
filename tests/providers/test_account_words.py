"""What stands beside an account while it is typed, in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from fundraise.providers import account_words
from fundraise.providers.account_words import look, look_at_two
from fundraise.providers.autogiro.accounts import bank_of, banks


def texts() -> list[str]:
    """Everything that can be said, in the language of now."""
    tables = (account_words.ERRORS, account_words.COUNTED, account_words.WARNINGS)
    said = [str(text) for table in tables for text in table.values()]
    return said + [str(account_words.help_for(bank)) for bank in (None, *banks())]


def test_every_sentence_and_every_banks_help_is_in_both_languages() -> None:
    with translation.override("en"):
        english = texts()
    with translation.override("sv"):
        swedish = texts()
    assert [one for one, other in zip(english, swedish, strict=True) if one == other] == []
    assert set(account_words.HELP) <= {bank.name for bank in banks()}


@pytest.mark.parametrize(
    ("typed", "state", "bank", "begins"),
    [
        ("5102 0158751", "ok", "SEB", ""),
        ("8424-4 983 189 224-6", "ok", "Swedbank", ""),
        ("5102 01587", "error", "SEB", "Det saknas siffror: SEB har 7 siffror efter"),
        ("5102 01587511", "error", "SEB", "Det är för många siffror: SEB har 7 siffror"),
        ("6000 1", "error", "Handelsbanken", "Det saknas siffror: Handelsbanken har 8–9"),
        ("5102 0158752", "error", "SEB", "En siffra är fel."),
        ("571018-4622", "error", "", "Det ser ut som ett personnummer."),
        ("SE3550000000054910000003", "error", "", "Det där är ett IBAN."),
        ("9991 1234567", "warn", "", "Vi känner inte till någon bank"),
        ("8105 12345678", "warn", "Swedbank", "Vi kan inte kontrollera det numret."),
        ("9550 1111111", "warn", "Avanza Bank", "Avanza Bank är kanske inte med"),
        ("", "error", "", "Skriv ditt clearingnummer"),
    ],
)
def test_a_field_says_bank_state_and_what_to_do(
    typed: str, state: str, bank: str, begins: str
) -> None:
    with translation.override("sv"):
        found = look(typed)
        assert (found.state, found.bank) == (state, bank)
        assert str(found.said).startswith(begins)
    assert bool(found.said) is bool(begins)
    assert (found.account is None) is (state == "error")


def test_a_clearing_number_alone_has_its_bank_and_help() -> None:
    with translation.override("sv"):
        assert account_words.of_clearing("5102").bank == "SEB"
        assert account_words.of_clearing("84244").bank == "Swedbank"
        assert account_words.of_clearing("9991").state == "warn"
        avanza = account_words.of_clearing("9550")
        assert str(avanza.said).startswith("Avanza Bank är kanske inte med i autogiro.")
        said = str(account_words.help_for(bank_of("9270")))
        assert said.startswith("Fyra siffror clearingnummer, sedan 7 siffror kontonummer.")
        assert "3300" in str(account_words.help_for(bank_of("3300")))


def test_two_fields_are_one_account() -> None:
    found = look_at_two("8424-4", "983 189 224-6")
    assert (found.state, found.bank) == ("ok", "Swedbank")
    assert "983" not in repr(found)
    assert look_at_two("5102", "").state == "error"
