"""The bytes of files, and what a spreadsheet reads from them."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fundraise.reporting.exports.writers import FORMATS, STOCKHOLM, Head, Kind, Sheet, harmless

AT = datetime(2026, 11, 25, 13, 5, 9, tzinfo=UTC)
HEADS = (
    Head("ref", "Gåva", Kind.CODE),
    Head("at", "Dag", Kind.TIME),
    Head("on", "Bokförd", Kind.DAY),
    Head("text", "Text", Kind.TEXT),
    Head("amount_ore", "Belopp, kr", Kind.MONEY),
    Head("tries", "Försök", Kind.NUMBER),
)
ROWS: list[tuple[Any, ...]] = [
    ("a1", AT, date(2026, 11, 24), 'Åsa; "sju"', 1_234_50, 3),
    ("=1+1", None, None, "\t-2", -50, 0),
]


def made(form: str, language: str = "sv") -> bytes:
    file = io.BytesIO()
    writer = FORMATS[form][0](file, Sheet("Gåvor: alla", language, HEADS, {"list": "gifts"}))
    for row in ROWS:
        writer.row(row)
    writer.end(2, "2 gåvor", {"amount_ore": 1_234_00, "tries": 3})
    return file.getvalue()


def test_swedish_csv_has_a_mark_semicolons_and_decimal_commas() -> None:
    assert made("csv").decode("utf-8") == (
        "\ufeffGåva;Dag;Bokförd;Text;Belopp, kr;Försök\r\n"
        'a1;2026-11-25 14:05:09;2026-11-24;"Åsa; ""sju""";1234,50;3\r\n'
        "'=1+1;;;'\t-2;-0,50;0\r\n"
        "2 gåvor;;;;1234,00;3\r\n"
    )


def test_english_csv_has_commas_and_decimal_points() -> None:
    assert made("csv", "en").decode("utf-8").splitlines()[1:] == [
        'a1,2026-11-25 14:05:09,2026-11-24,"Åsa; ""sju""",1234.50,3',
        "'=1+1,,,'\t-2,-0.50,0",
        "2 gåvor,,,,1234.00,3",
    ]


def test_workbook_holds_numbers_days_and_times() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(made("xlsx")))
    local = AT.astimezone(STOCKHOLM).replace(tzinfo=None)

    assert book.sheet_names == ["Gåvor  alla"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["Gåva", "Dag", "Bokförd", "Text", "Belopp, kr", "Försök"],
        [
            "a1",
            local,
            date(2026, 11, 24),
            'Åsa; "sju"',
            1234.5,
            3.0,
        ],
        ["'=1+1", "", "", "'\t-2", -0.5, 0.0],
        ["2 gåvor", "", "", "", 1234.0, 3.0],
    ]


def test_json_keeps_codes_and_whole_ore() -> None:
    told = json.loads(made("json"))

    assert told["list"] == "gifts"
    assert told["columns"][4] == {"name": "amount_ore", "title": "Belopp, kr", "kind": "money"}
    assert told["rows"] == [
        {
            "ref": "a1",
            "at": "2026-11-25T14:05:09+01:00",
            "on": "2026-11-24",
            "text": 'Åsa; "sju"',
            "amount_ore": 123450,
            "tries": 3,
        },
        {"ref": "=1+1", "at": None, "on": None, "text": "\t-2", "amount_ore": -50, "tries": 0},
    ]
    assert (told["number"], told["sums"]) == (2, {"amount_ore": 123400, "tries": 3})


@pytest.mark.parametrize("form", ["csv", "json"])
def test_file_without_rows_is_whole(form: str) -> None:
    file = io.BytesIO()
    writer = FORMATS[form][0](file, Sheet("Gåvor", "sv", HEADS, {}))
    writer.end(0, "0 gåvor", {})

    text = file.getvalue().decode("utf-8-sig")
    assert text.count("\n") == 2
    assert form == "csv" or json.loads(text)["rows"] == []


@given(st.text(max_size=20))
def test_no_text_begins_as_a_formula(text: str) -> None:
    said = harmless(text)

    assert said.lstrip(" \u00a0")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    assert said in {text, f"'{text}"}
