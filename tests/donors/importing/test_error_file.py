"""The rows that were left out come back with the reason, and are safe to open and to bring in."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from donors.importing import words
from donors.importing.error_file import error_file
from fundraise.audit.models import ReadLine
from tests.donors.importing.lists import ANNA, DAVID, counts, csv_of, imported

pytestmark = pytest.mark.django_db
WRONG = '=HYPERLINK("x");bo at example;+46 70 174 06 05;;;;;-1'


def read(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_file_holds_the_rows_left_out_and_why_and_no_formula() -> None:
    run = imported(csv_of(ANNA, WRONG))
    with override("en"):
        header, row = read(error_file(run=run, kind="csv", by=DAVID))
    assert header[0] == "Namn"
    assert row == ["'=HYPERLINK(\"x\")", "bo at example", "'+46 70 174 06 05", "", "", "", "",
                   "'-1", "3", "Error", "E-mail: It is no e-mail address."]  # fmt: skip


def test_who_takes_the_rows_out_is_written_down() -> None:
    run = imported(csv_of(ANNA, WRONG))
    error_file(run=run, kind="csv", by=DAVID)
    line = ReadLine.objects.get()
    assert (line.by, line.purpose, line.count) == (DAVID, "import.error_file", 1)


def test_in_a_workbook_every_cell_is_text() -> None:
    run = imported(csv_of(ANNA, WRONG))
    content = error_file(run=run, kind="xlsx", by=DAVID)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    _header, row = book.get_sheet_by_index(0).to_python()
    assert row[:3] == ['=HYPERLINK("x")', "bo at example", "+46 70 174 06 05"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_mended_error_file_is_brought_in_as_it_is(kind: str) -> None:
    run = imported(csv_of(ANNA, "Bo Ek;bo at example;+46701740605;;;;;"))
    content = error_file(run=run, kind=kind, by=DAVID)
    if kind == "csv":
        content = content.replace(b"bo at example", b"bo@example.se")
        assert counts(imported(content)) == {"created": 1}
    else:
        assert counts(imported(content)) == {"error": 1}


def test_every_code_has_a_sentence() -> None:
    from tests.donors.importing.codes import codes

    file_codes, row_codes = codes()
    assert file_codes <= set(words.FILE)
    assert row_codes <= set(words.ROW)
    assert len(file_codes) > 12
    assert len(row_codes) > 25
