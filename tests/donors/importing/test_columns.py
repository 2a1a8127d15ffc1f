"""Which column holds what: suggested by heading, then by content, never twice."""

from __future__ import annotations

import pytest

from donors.importing.columns import FIELDS, SYNONYMS, faults, suggest
from donors.importing.csv_file import read_csv


def suggested(header: str, *rows: str) -> list[str]:
    return suggest(read_csv("\n".join([header, *(rows or ["x;" * header.count(";")])]).encode()))


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            "Förnamn;Efternamn;E-postadress;Mobil;c/o;Gatuadress;Postnr;Ort;Språk;Taggar",
            "given family email phone co address postcode city language tags",
        ),
        ("NAMN;e-post;TELEFON:;Medlem sedan;Källa", "name email phone basis_on basis_source"),
        ("First name;Surname;E-Mail Address;Zip code;Town", "given family email postcode city"),
        ("Medlem;Mejl;Mobilnummer;Hemtelefon;Adress 1", "name email phone phone address"),
        ("Namn;Organisation;E-post", "name  email"),
        ("Organisation;E-post;Land", "organisation email country"),
        ("Förnamn;Namn;E-post;E-mail", "given  email "),
    ],
)
def test_headings_are_known_in_both_languages(header: str, fields: str) -> None:
    assert suggested(header) == fields.split(" ")


def test_what_a_heading_does_not_say_the_cells_may() -> None:
    rows = [f"Medlem {n};m{n}@example.se;111 2{n};070-174 06 0{n};{n}" for n in range(5)]
    assert suggested("Namn;Kolumn B;;Nr hem;Antal", *rows) == [
        "name", "email", "postcode", "phone", "",
    ]  # fmt: skip


def test_the_columns_of_an_error_file_are_left_out() -> None:
    assert suggested("Namn;E-post;Rad;Utfall;Vad som är fel", "A;a@b.se;11122;Fel;x")[2:] == [
        "", "", "",
    ]  # fmt: skip


def test_every_field_has_headings_and_is_known_to_the_choice() -> None:
    assert set(SYNONYMS) == set(FIELDS)
    assert faults(list(FIELDS)) == []
    assert faults(["name", "name", "phone", "phone"]) == ["field_twice"]
    assert faults(["email", "bank"]) == ["field_unknown", "name_column_missing"]
