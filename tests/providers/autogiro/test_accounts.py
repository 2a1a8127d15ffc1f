"""Accounts, bankgiro numbers and identities as people type them."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraise.providers.autogiro import numbers
from fundraise.providers.autogiro.accounts import (
    AccountError,
    bank_of,
    banks,
    read_account,
    read_two,
)

RIGHT = [
    ("1200 1111126", "1200000001111126", "Danske Bank"),
    ("3032 0050017", "3032000000050017", "Nordea"),
    ("5102 0158751", "5102000000158751", "SEB"),
    ("7000 1111116", "7000000001111116", "Swedbank"),
    ("9270 1111129", "9270000001111129", "ICA Banken"),
    ("2300 1111133", "2300000001111133", "Ålandsbanken"),
    ("4000 1111112", "4000000001111112", "Nordea"),
    ("9150 1111134", "9150000001111134", "Skandiabanken"),
    ("3300 8009286249", "3300008009286249", "Nordea"),
    ("9180 1234567897", "9180001234567897", "Danske Bank"),
    ("9570 1234567897", "9570001234567897", "Sparbanken Syd"),
    ("6000 301 286 698", "6000000301286698", "Handelsbanken"),
    ("8424-4, 983 189 224-6", "8424009831892246", "Swedbank"),
    ("84244 9831892246", "8424009831892246", "Swedbank"),
    ("842449831892246", "8424009831892246", "Swedbank"),
    ("8214-9 9234726124", "8214009234726124", "Swedbank"),
    ("9500 2109189", "9500000002109189", "Plusgirot"),
    ("clnr 5102 konto 015 87 51", "5102000000158751", "SEB"),
    ("Clearing: 6000, kontonummer: 301.286.698", "6000000301286698", "Handelsbanken"),
    ("cl 6000 kto 301286698", "6000000301286698", "Handelsbanken"),
    ("(5102) 015_87_51 (mitt lönekonto)", "5102000000158751", "SEB"),
    ("kontonr 0158751, clearingnr 5102", "5102000000158751", "SEB"),
    ("SEB 5102 0158751", "5102000000158751", "SEB"),
    ("Länsförsäkringar Bank 9020–1111138", "9020000001111138", "Länsförsäkringar Bank"),
    ("Nordea personkonto 3300 800928-6249", "3300008009286249", "Nordea"),
    ("５１０２ ０１５８７５１", "5102000000158751", "SEB"),
    ("6789123456789", "6789000123456789", "Handelsbanken"),
    ("5102\u00a00158\u202f751", "5102000000158751", "SEB"),
]


@pytest.mark.parametrize(("typed", "field16", "bank"), RIGHT)
def test_any_notation_is_one_account(typed: str, field16: str, bank: str) -> None:
    account = read_account(typed)
    assert (account.field16, account.bank, account.warnings) == (field16, bank, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("  - ", "empty"),
        ("5102", "short"),
        ("5102 01587", "short"),
        ("5102 01587511", "long"),
        ("5102 0158752", "check"),
        ("6789 123456788", "check"),
        ("8424-1 9831892246", "fifth"),
        ("SE35 5000 0000 0549 1000 0003", "iban"),
        ("iban: se3550000000054910000003", "iban"),
        ("19800928-6249", "identity"),
        ("571018-4622", "identity"),
        ("040101-1234", "identity"),
        ("anna@example.se", "signs"),
        ("lönekontot", "signs"),
        ("51O2 0158751", "signs"),
        ("0102 0158751", "clearing"),
    ],
)
def test_what_can_be_no_account_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(AccountError) as found:
        read_account(typed)
    assert found.value.code == code


def test_an_unknown_clearing_number_warns_and_does_not_refuse() -> None:
    account = read_account("9991 1234567")
    assert account.warnings == ("unknown_bank", "unchecked")
    assert account.field16 == "9991000001234567"


def test_a_number_that_its_bank_can_not_check_warns() -> None:
    assert read_account("8105 12345678").warnings == ("unchecked",)


def test_a_bank_outside_autogiro_warns() -> None:
    assert read_account("9550 1111111").warnings[0] == "not_in_autogiro"


def test_what_could_be_a_personal_number_warns_where_it_can_be_an_account_too() -> None:
    assert read_account("800928-6249").warnings[-1] == "identity"


def test_clearing_and_account_may_stand_in_two_fields() -> None:
    for clearing, number in (
        ("5102", "015 87 51"),
        ("SEB 5102", "5102-0158751"),
        ("", "51020158751"),
        ("clearing 5102", "konto 0158751"),
    ):
        assert read_two(clearing, number).field16 == "5102000000158751"
    assert read_two("8424-4", "983 189 224-6").field16 == "8424009831892246"
    assert read_two("3300", "3300062068").number == "3300062068"
    with pytest.raises(AccountError) as found:
        read_two("5102", "")
    assert (found.value.code, found.value.bank) == ("short", bank_of("5102"))


def test_an_account_is_never_shown_whole() -> None:
    account = read_account("5102 0158751")
    assert account.masked == "5102-…751"
    assert "0158751" not in repr(account)


def test_no_two_banks_share_a_clearing_number() -> None:
    ranges = list(banks())
    assert all(a.last < b.first for a, b in itertools.pairwise(ranges))
    assert bank_of("3300") is not bank_of("3301")
    assert bank_of("330") is None


@given(st.text(max_size=40))
def test_nothing_typed_crashes(typed: str) -> None:
    with contextlib.suppress(AccountError):
        assert len(read_account(typed).field16) == 16


# --- Other numbers --------------------------------------------------------------------------------
def test_bankgiro_numbers_have_a_check_digit() -> None:
    assert numbers.clean_bankgiro("991-2346") == "9912346"
    assert numbers.shown_bankgiro("9912346") == "991-2346"
    for wrong in ("990-2346", "991234", "099-12346", "abc-defg"):
        with pytest.raises(ValueError, match="no bankgiro"):
            numbers.clean_bankgiro(wrong)


def test_identities_have_twelve_digits() -> None:
    assert numbers.identity12("19811228-9874") == "198112289874"
    assert numbers.identity12("802000-0009") == "008020000009"
    with pytest.raises(ValueError, match="no identity"):
        numbers.identity12("811228")
