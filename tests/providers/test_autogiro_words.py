"""Every code of Bankgirot's is said in both languages, with what follows from it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils import translation

from fundraise.providers import account_words, autogiro_words, mandate_words
from fundraise.providers.autogiro import codes, kinds, orders
from fundraise.providers.autogiro.errors import REASONS, FormatError, Remark
from fundraise.providers.autogiro.layout import Layout
from tests.give.texts import KEYWORDS

ROOT = Path(__file__).resolve().parents[2]
PART = ROOT / "fundraise/locale/parts/autogiro.po"
MODULES = (autogiro_words, mandate_words, account_words)
TABLES = {
    "status": codes.STATUSES,
    "rejection": codes.REJECTIONS,
    "change": codes.CHANGE_COMMENTS,
    "change_kind": codes.CHANGE_KINDS,
    "refund": codes.REFUND_CODES,
    "period": codes.PERIODS,
}
# What the manual says can come together (technical manual 8.3).
PAIRS = {
    "03": "04 09 21 29 30 33",
    "04": "09 10 20 21 23 29 30 32",
    "05": "04 10 21 29 30 32 33",
    "10": "33",
    "42": "03 05 32",
    "43": "07",
    "44": "98",
    "46": "02",
}


def both(name: str, *given: str) -> tuple[list[str], list[str]]:
    """What a function of the words answers in English and in Swedish."""
    said = []
    for language in ("en", "sv"):
        with translation.override(language):
            found = getattr(autogiro_words, name)(*given)
            said.append([str(part) for part in found] if isinstance(found, tuple) else [str(found)])
    return said[0], said[1]


def parts() -> set[str]:
    """Every part of a record that a reason may name."""
    found = set[str]()
    sealed: list[Layout[Any]] = [orders.SEAL_OPENING, orders.SEAL_END]
    for kind in kinds.BY_NAME.values():
        for layout in (kind.opening, kind.end, *kind.records.values(), *sealed):
            fields = layout.fields if layout else []
            found |= {one.name.replace("_", " ") for one in fields if one.name}
    return found


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_code_is_said_in_both_languages(name: str) -> None:
    for code in TABLES[name]:
        english, swedish = both(name, code)
        assert [one for one in english if one and one in swedish] == [], code
        assert [bool(one) for one in english] == [bool(one) for one in swedish]
        assert english[0]


def test_every_pair_of_mandate_codes_says_what_follows_in_both_languages() -> None:
    for information, comment in itertools.product(codes.INFORMATION, codes.MANDATE_COMMENTS):
        english, swedish = both("mandate", information, comment)
        assert [one for one in english if one and one in swedish] == [], (information, comment)
        assert english[0]
        assert english[1]
    known = {(first, one) for first, comments in PAIRS.items() for one in comments.split()}
    ruleless = [
        pair for pair in known if autogiro_words.mandate(*pair)[1] == mandate_words.RULELESS
    ]
    assert ruleless == []


def test_a_missed_draw_is_no_debt_and_a_closed_account_asks_for_a_new_one() -> None:
    with translation.override("sv"):
        closed, empty = autogiro_words.status("2"), autogiro_words.status("1")
        assert "Be om ett nytt konto." in str(closed.then) + str(
            autogiro_words.rejection("02").then
        )
        assert "Sluta dra och be om ett nytt konto." in str(closed.then)
        for said in (closed, empty, autogiro_words.rejection("01")):
            assert "Du är inte skyldig något." in str(said.giver)
        assert autogiro_words.status(" ").what == "Draget"


def test_a_code_that_nobody_knows_is_said_with_its_sign() -> None:
    with translation.override("sv"):
        assert autogiro_words.rejection("77").what == "En kod som vi inte känner till (77)"
        assert autogiro_words.mandate("77", "32").what == "En kod som vi inte känner till (77+32)"
        unheard = autogiro_words.mandate("04", "98")
        assert unheard.what == (
            "Nytt medgivande som vi skickade – Betalarens bankgironummer är stängt"
        )
        assert str(unheard.then) == "Ingen regel känner till koden. Titta på den och fråga banken."


def test_what_is_wrong_with_a_file_is_said_in_swedish_with_its_place() -> None:
    remark = FormatError("digits", 3, 32, field="amount ore").remark
    with translation.override("sv"):
        assert autogiro_words.reason(remark) == "Fältet ”belopp” måste vara siffror."
        assert autogiro_words.place(remark) == "Rad 3, position 32"
        assert autogiro_words.place(Remark("empty")) == ""
        names = ("field", "record", "expected", "said", "found", "what", "why")
        values = tuple((name, "day") for name in names)
        for code in REASONS:
            assert autogiro_words.reason(Remark(code, 1, 1, values)) != REASONS[code] % dict(values)


def test_no_text_is_missing_and_none_is_left_over() -> None:
    said, named = set[str](), set[str]()
    with PART.open("rb") as file:
        for message in read_po(file, locale="sv"):
            if message.id:
                (named if message.context == "record" else said).add(str(message.id))
    wanted = {text for table in TABLES.values() for text in table.values()}
    wanted |= {*codes.INFORMATION.values(), *codes.MANDATE_COMMENTS.values(), *REASONS.values()}
    wanted.add(codes.UNKNOWN)
    for module in MODULES:
        with Path(str(module.__file__)).open("rb") as file:
            wanted |= {str(one[1]) for one in extract("python", file, keywords=KEYWORDS)}
    assert said ^ (wanted - {""}) == set()
    assert parts() - named == set()
