"""Two spellings of one thing meet, and what is no such thing is refused without being repeated."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors import normalise
from donors.errors import InvalidValue
from donors.values import OrganisationName, PersonName, PostalAddress


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" anna@Example.SE ", "anna@example.se"),
        ("Anna.Lind@example.se", "Anna.Lind@example.se"),
        ("a@xn--rksmrgs-5wao1o.se", "a@räksmörgås.se"),
    ],
)
def test_an_address_is_kept_as_it_is_written_to(typed: str, kept: str) -> None:
    assert normalise.clean_email(typed) == kept


def test_case_does_not_part_two_addresses() -> None:
    assert normalise.email_key("Anna.Lind@example.se") == normalise.email_key(
        "anna.lind@EXAMPLE.se"
    )


@pytest.mark.parametrize("typed", ["070-174 06 05", "+46 70 1740605", "0046701740605"])
def test_a_phone_number_without_a_country_is_swedish(typed: str) -> None:
    assert normalise.clean_phone(typed) == "+46701740605"


def test_a_foreign_phone_number_keeps_its_country() -> None:
    assert normalise.clean_phone("+47 22 11 11 11") == "+4722111111"


def test_a_swedish_postcode_is_written_with_its_space() -> None:
    address = PostalAddress((" Storgatan  1 ", ""), "SE-11122", " Ort", "se")
    clean = normalise.clean_address(address)
    assert clean == PostalAddress(("Storgatan 1",), "111 22", "Ort", "SE")


def test_case_and_spaces_do_not_part_two_addresses_in_the_street() -> None:
    one = PostalAddress(("Storgatan 1 B",), "111 22", "Ort")
    two = PostalAddress(("STORGATAN 1B",), "11122", "ort")
    assert normalise.address_key(one) == normalise.address_key(two)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("811228-9874", "198112289874"),
        ("19811228 9874", "198112289874"),
        ("811228–9874", "198112289874"),
        ("701063-2391", "197010632391"),
    ],
)
def test_a_personal_number_is_twelve_digits_and_may_be_a_coordination_number(
    typed: str, kept: str
) -> None:
    assert normalise.clean_personal_number(typed) == kept


@pytest.mark.parametrize("typed", ["556036-0793", "5560360793", "165560360793"])
def test_an_organisation_number_is_ten_digits(typed: str) -> None:
    assert normalise.clean_organisation_number(typed) == "5560360793"


def test_a_personal_number_is_no_organisation_number() -> None:
    with pytest.raises(InvalidValue, match="organisation_number_invalid"):
        normalise.clean_organisation_number("8112289874")


def test_an_identity_number_is_shown_without_its_last_four() -> None:
    assert normalise.masked("198112289874") == "19811228-****"


@pytest.mark.parametrize(
    ("clean", "typed", "code"),
    [
        (normalise.clean_email, "anna.planterad", "email_invalid"),
        (normalise.clean_email, "planterad@" + "x" * 10_000, "email_invalid"),
        (normalise.clean_phone, "planterad", "phone_invalid"),
        (normalise.clean_phone, "0701", "phone_invalid"),
        (normalise.clean_personal_number, "811228-9875", "personal_number_invalid"),
        (normalise.clean_personal_number, "811228-T874", "personal_number_invalid"),
        (normalise.clean_personal_number, "８１1228-9874", "personal_number_invalid"),
        (normalise.clean_organisation_number, "planterad", "organisation_number_invalid"),
    ],
)
def test_a_refusal_holds_nothing_of_what_was_typed(
    clean: Callable[[str], str], typed: str, code: str
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        clean(typed)
    assert refusal.value.code == code
    assert refusal.value.__context__ is None
    assert typed not in "".join(traceback.format_exception_only(refusal.value))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (PostalAddress((), "111 22", "Ort"), "postal_incomplete"),
        (PostalAddress(("Storgatan 1",), "111 22", " "), "postal_incomplete"),
        (PostalAddress(("Storgatan 1",), "1112", "Ort"), "postcode_invalid"),
        (PostalAddress(("Storgatan 1",), "111 22", "Ort", "Sverige"), "postal_incomplete"),
        (PostalAddress(("x" * 201,), "111 22", "Ort"), "postal_too_long"),
    ],
)
def test_half_an_address_is_refused(address: PostalAddress, code: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        normalise.clean_address(address)
    assert refusal.value.code == code


def test_a_name_keeps_its_letters_and_loses_its_tricks() -> None:
    name = PersonName("  Åsa\u202e \x00 ", "von\n Ek 🎈")
    assert normalise.clean_name(name) == PersonName("Åsa", "von Ek 🎈")


def test_a_name_of_another_script_is_kept() -> None:
    assert normalise.clean_name(OrganisationName("جمعية")) == OrganisationName("جمعية")


@pytest.mark.parametrize(
    ("given", "code"),
    [("", "name_missing"), ("x" * 201, "name_too_long"), ("x" * 10_000, "name_too_long")],
)
def test_no_name_and_an_endless_name_are_refused(given: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        normalise.clean_name(PersonName(given, ""))
    assert refusal.value.code == code


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InvalidValue, match="name_invalid"):
        normalise.clean_name(PersonName("\ud800", ""))


def test_names_meet_whatever_their_case_spaces_and_composition() -> None:
    assert normalise.name_key("ÅSA  Ek") == normalise.name_key("A\u030asa ek ")


@given(typed=st.text(max_size=60))
def test_anything_typed_is_either_cleaned_for_good_or_refused(typed: str) -> None:
    for clean in (
        normalise.clean_email,
        normalise.clean_phone,
        normalise.clean_personal_number,
        normalise.clean_organisation_number,
        lambda text: normalise.clean_name(PersonName(text, "")).full,
    ):
        try:
            once = clean(typed)
        except InvalidValue:
            continue
        assert clean(once) == once


def test_a_name_and_an_address_never_show_in_a_repr() -> None:
    things = (
        PersonName("Anna", "Lind"),
        OrganisationName("Lind AB"),
        PostalAddress(("Lindgatan 1",), "111 22", "Lindby"),
    )
    for thing in things:
        assert "Lind" not in f"{thing} {thing!r}"
