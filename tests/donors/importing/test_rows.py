"""A row's cells as a person of the register, or the code of what is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.importing.columns import FIELDS
from donors.importing.rows import Ground, Row, RowError, cells_of, read_row
from donors.importing.terms import Terms, source_code
from donors.values import OrganisationName, PersonName, PostalAddress

TODAY = date(2026, 11, 25)


def row(terms: Terms | None = None, **cells: str) -> Row:
    found = cells_of(tuple(cells), tuple(cells.values()))
    return read_row(2, found, terms or Terms(), TODAY)


def fault(terms: Terms | None = None, **cells: str) -> tuple[str, str]:
    with pytest.raises(RowError) as refused:
        row(terms, name="A", **cells)
    return refused.value.code, refused.value.field


def test_a_name_is_parted_at_its_last_space_or_its_comma() -> None:
    assert row(name="Anna Maria Lind").name == PersonName("Anna Maria", "Lind")
    assert row(name="Lind, Anna Maria").name == PersonName("Anna Maria", "Lind")
    assert row(name="Madonna").name == PersonName("Madonna", "")
    assert row(given="Anna", family="af Lind", name="x").name == PersonName("Anna", "af Lind")
    assert row(organisation="Hamn AB, Väst").name == OrganisationName("Hamn AB, Väst")


def test_numbers_that_lost_their_zero_are_phones_all_the_same() -> None:
    for text in ("701740605", "0701740605", "+46 70 174 06 05", "'+46701740605", "46701740605"):
        assert row(name="A", phone=text).phones == ("+46701740605",)
    assert fault(phone="7.0174E+08") == ("number_shortened", "phone")


def test_an_address_takes_its_co_line_and_its_country() -> None:
    found = row(name="A", co="Ek", address="Box 1", postcode="11122", city="Ort").postal
    assert found == PostalAddress(("c/o Ek", "Box 1"), "111 22", "Ort")
    abroad = row(name="A", address="Gate 1", postcode="0150", city="Oslo", country="Norge").postal
    assert abroad == PostalAddress(("Gate 1",), "0150", "Oslo", "NO")
    assert fault(address="Gatan 1", postcode="0150", city="Oslo") == ("postcode_invalid", "address")
    assert fault(city="Ort", country="Mordor") == ("country_unknown", "address")


def test_tags_are_words_each_once() -> None:
    terms = Terms(tags="Medlem 2026")
    assert row(terms, name="A", tags="kassör; Medlem  2026|,KASSÖR").tags == (
        "kassör",
        "Medlem 2026",
    )
    assert fault(tags="x" * 61) == ("tag_too_long", "tags")
    assert fault(tags=",".join(map(str, range(31)))) == ("too_many_tags", "tags")


@pytest.mark.parametrize("text", ["2026-11-02", "20261102", "2026/11/02", "2026-11-02 00:00:00"])
def test_a_day_is_written_year_first(text: str) -> None:
    terms = Terms(basis="membership", basis_source="Registret")
    assert row(terms, name="A", basis_on=text).ground == Ground(
        "membership", date(2026, 11, 2), "registret"
    )


def test_a_source_is_kept_as_a_code() -> None:
    assert source_code("Medlemsregistret Öst 2026!") == "medlemsregistret_ost_2026"
    assert source_code("2026 års lista") == "list_2026_ars_lista"
    assert source_code("…") == ""


CELLS = st.text(max_size=40) | st.sampled_from(
    ["a@b.se", "070-174 06 05", "2026-11-02", "medlem", "samtycke", "Lind, Anna", "=1+1", "11122"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FIELDS), CELLS), st.sampled_from(["", "membership"]))
def test_any_text_in_any_cell_is_a_row_or_a_code(cells: dict[str, str], basis: str) -> None:
    try:
        read = row(Terms(basis=basis, basis_on=TODAY, basis_source="x"), **cells)
    except RowError as refused:
        assert refused.field in FIELDS  # noqa: PT017 - either end is fine, no other is
    else:
        assert read.name.full
