"""One row of a member list, read. Plain Python; what is wrong is a code and a field, no value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from donors import normalise
from donors.errors import InvalidValue
from donors.importing.columns import heading_key
from donors.importing.terms import BASIS_WORDS, LANGUAGE_WORDS, Terms, source_code
from donors.values import Name, OrganisationName, PersonName, PostalAddress

LONGEST_TAG = 60
MOST_TAGS = 30
BETWEEN_TAGS = re.compile(r"[;,|\n]")
LONGEST_PROOF = 100
COUNTRIES = {
    "sverige": "SE", "sweden": "SE", "norge": "NO", "norway": "NO", "danmark": "DK",
    "denmark": "DK", "finland": "FI", "tyskland": "DE", "germany": "DE", "storbritannien": "GB",
    "unitedkingdom": "GB", "usa": "US", "island": "IS", "iceland": "IS",
}  # fmt: skip
DAY = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
SHORTENED = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)
PROOF = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_:-]*")
T = TypeVar("T")
Cells = Mapping[str, Sequence[str]]


class RowError(Exception):
    """A row that is left out: why, and which field."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Ground:
    """Why we may keep the person: a legal basis with its date and source, a consent with proof."""

    basis: str
    on: date
    source: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A person or an organisation, as the list has it."""

    line: int
    name: Name = field(repr=False)
    email: str = field(default="", repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    postal: PostalAddress | None = field(default=None, repr=False)
    language: str = "sv"
    ground: Ground | None = None
    tags: tuple[str, ...] = field(default=(), repr=False)


def cells_of(columns: Sequence[str], cells: Sequence[str]) -> dict[str, list[str]]:
    """The filled cells by field; a quote that a program put before = + - @ is taken off."""
    found: dict[str, list[str]] = {}
    for name, cell in zip(columns, cells, strict=True):
        text = cell.strip()
        if len(text) > 1 and text[0] == "'" and text[1] in "=+-@":
            text = text[1:]
        if name and text:
            found.setdefault(name, []).append(text)
    return found


def read_row(line: int, cells: Cells, terms: Terms, today: date) -> Row:
    """The row. Raises RowError."""
    return Row(
        line=line,
        name=_field("name", lambda: normalise.clean_name(_name(cells))),
        email=_field("email", lambda: _email(_one(cells, "email"))),
        phones=_field("phone", lambda: _phones(cells.get("phone", ()))),
        postal=_field("address", lambda: _postal(cells)),
        language=_language(_one(cells, "language"), terms),
        ground=_ground(cells, terms, today),
        tags=_field("tags", lambda: _tags(cells, terms)),
    )


def _one(cells: Cells, name: str) -> str:
    return next(iter(cells.get(name, ())), "")


def _field(name: str, read: Callable[[], T]) -> T:
    """What `read` gives; what it refuses, with the field's name."""
    try:
        return read()
    except InvalidValue as error:
        code = error.code
    raise RowError(code, name)


def _name(cells: Cells) -> Name:
    """Given and family name, else the whole name, else an organisation."""
    given, family = _one(cells, "given"), _one(cells, "family")
    if given or family:
        return PersonName(given, family)
    whole = " ".join(_one(cells, "name").split())
    if not whole and (organisation := _one(cells, "organisation")):
        return OrganisationName(organisation)
    last, comma, first = whole.partition(",")
    if comma and first.strip():
        return PersonName(first, last)
    first, _space, last = whole.rpartition(" ")
    return PersonName(first or last, last if first else "")


def _email(text: str) -> str:
    return normalise.clean_email(text) if text else ""


def _phones(found: Sequence[str]) -> tuple[str, ...]:
    if any(SHORTENED.fullmatch(text) for text in found):
        raise InvalidValue("number_shortened")
    return tuple(dict.fromkeys(normalise.clean_phone(text) for text in found))


def _postal(cells: Cells) -> PostalAddress | None:
    """The address, when there is anything of one. Raises InvalidValue when it is not whole."""
    co, lines = _one(cells, "co"), cells.get("address", ())
    postcode, city = _one(cells, "postcode"), _one(cells, "city")
    if not (co or lines or postcode or city):
        return None
    if co and not co.casefold().startswith(("c/o", "co ")):
        co = f"c/o {co}"
    lines = (*((co,) if co else ()), *lines)
    country = _country(_one(cells, "country"))
    return normalise.clean_address(PostalAddress(tuple(lines), postcode, city, country))


def _country(text: str) -> str:
    word = heading_key(text)
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    if word and word not in COUNTRIES:
        raise InvalidValue("country_unknown")
    return COUNTRIES.get(word, "SE")


def _language(text: str, terms: Terms) -> str:
    if not text:
        return terms.language
    word = heading_key(text)
    if word not in LANGUAGE_WORDS:
        raise RowError("language_unknown", "language")
    return LANGUAGE_WORDS[word]


def _tags(cells: Cells, terms: Terms) -> tuple[str, ...]:
    """The row's own words and the list's, each once, however it is spelt."""
    found: dict[str, str] = {}
    for text in (*cells.get("tags", ()), terms.tags):
        for word in BETWEEN_TAGS.split(text):
            label = normalise.clean_text(word, longest=LONGEST_TAG, code="tag")
            if label:
                found.setdefault(normalise.name_key(label), label)
    if len(found) > MOST_TAGS:
        raise InvalidValue("too_many_tags")
    return tuple(found.values())


# --- Why we may -----------------------------------------------------------------------------------
def _ground(cells: Cells, terms: Terms, today: date) -> Ground | None:
    """The row's basis or the list's; None when neither says one. Raises RowError when not whole."""
    said = _one(cells, "basis")
    basis = BASIS_WORDS.get(heading_key(said), "") if said else terms.basis
    if said and not basis:
        raise RowError("basis_unknown", "basis")
    if not basis:
        return None
    on = read_day(_one(cells, "basis_on"), "basis_on") or terms.basis_on
    source = source_code(_one(cells, "basis_source") or terms.basis_source)
    proof = _one(cells, "basis_proof") or terms.basis_proof
    if on is None:
        raise RowError("basis_undated", "basis_on")
    if on > today:
        raise RowError("date_ahead", "basis_on")
    if not source:
        raise RowError("basis_unsourced", "basis_source")
    return Ground(basis, on, source, _proof(proof) if basis == "consent" else "")


def read_day(text: str, name: str) -> date | None:
    """A day written year first: 2026-11-02, 2026/11/02, 20261102. Raises RowError on any other."""
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else _no_day(name)
    except ValueError:
        pass
    return _no_day(name)


def _no_day(name: str) -> date:
    raise RowError("date_invalid", name)


def _proof(text: str) -> str:
    """What shows a consent: a form's number, never an address."""
    if not text:
        raise RowError("basis_unproved", "basis_proof")
    if not PROOF.fullmatch(text) or len(text) > LONGEST_PROOF:
        raise RowError("proof_invalid", "basis_proof")
    return text
