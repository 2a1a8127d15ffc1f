"""XLSX: numbers, days and formulas as a person would read them; workbooks that are traps."""

from __future__ import annotations

from datetime import date

import pytest
import xlsxwriter

from donors.importing import files, xlsx_file
from donors.importing.table import FileRefused
from donors.importing.xlsx_file import read_xlsx
from tests.donors.importing.workbooks import changed, workbook, written

HEADER = ["Namn", "Mobil", "Postnr", "Medlem sedan"]
ANNA = ["Anna Lind", 701740605, 11122, date(2009, 5, 1)]
SHEET = "xl/worksheets/sheet1.xml"


def test_numbers_and_days_are_read_as_a_person_would_type_them() -> None:
    table = read_xlsx(workbook([HEADER, ANNA]))
    assert table.header == tuple(HEADER)
    assert table.lines[0].cells == ("Anna Lind", "701740605", "11122", "2009-05-01")
    assert (table.kind, table.sheets, table.lines[0].number) == ("xlsx", ("Sheet1",), 2)


def test_a_formula_gives_the_value_that_was_shown() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Namn", "E-post"])
        sheet.write(1, 0, "Anna Lind")
        sheet.write_formula(1, 1, '=LOWER("ANNA@EXAMPLE.SE")', None, "anna@example.se")

    assert read_xlsx(written(write)).lines[0].cells == ("Anna Lind", "anna@example.se")


def test_a_merged_heading_stands_over_its_first_column() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "Medlemslista")
        sheet.write(1, 0, "Namn")
        sheet.merge_range(1, 1, 1, 2, "Telefon")
        sheet.write_row(2, 0, ["Anna Lind", "08-123 45 67", "070-174 06 05"])

    table = read_xlsx(written(write))
    assert table.header == ("Namn", "Telefon", "")
    assert table.lines[0].cells == ("Anna Lind", "08-123 45 67", "070-174 06 05")
    assert table.lines[0].number == 3


def test_another_sheet_is_read_by_its_place() -> None:
    body = workbook([["Info", "text"], ["a", "b"]], [HEADER, ANNA])
    assert read_xlsx(body, 1).lines[0].cells[0] == "Anna Lind"
    with pytest.raises(FileRefused, match="no_such_sheet"):
        read_xlsx(body, 2)


def refusal(body: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        files.read(body, most=20_000_000)
    return refused.value.code


def test_old_excel_locked_and_broken_workbooks_are_refused() -> None:
    assert refusal(b"\xd0\xcf\x11\xe0" + b"x" * 100) == "xls_or_locked"
    assert refusal(b"PK\x03\x04 and then nothing") == "xlsx_broken"
    assert refusal(workbook([HEADER, ANNA])[:-200]) == "xlsx_broken"
    broken = changed(workbook([HEADER, ANNA]), SHEET, lambda xml: xml[: len(xml) // 2])
    assert refusal(broken) == "xlsx_broken"


def test_a_cell_far_away_is_refused_before_room_is_made_for_it() -> None:
    body = workbook([HEADER, ANNA])
    far_down = changed(body, SHEET, lambda xml: xml.replace(b'r="A2"', b'r="A1048576"'))
    assert refusal(far_down) == "too_many_rows"
    far_right = changed(body, SHEET, lambda xml: xml.replace(b'r="B2"', b'r="XFD2"'))
    assert refusal(far_right) == "too_many_columns"
    implied = changed(body, SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="1048570"'))
    assert refusal(implied) == "too_many_rows"


def test_a_small_file_that_unpacks_to_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_UNPACKED", 100_000)
    padded = changed(workbook([HEADER, ANNA]), SHEET, lambda xml: xml + b" " * 200_000)
    assert len(padded) < 10_000
    assert refusal(padded) == "too_large_unpacked"


def test_one_long_text_shown_in_very_many_cells_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_CELL_TEXT", 1_000_000)
    body = workbook([HEADER, *[["A" * 2_000, "B", "C", "D"]] * 600])
    assert len(body) < 50_000
    assert refusal(body) == "too_large_unpacked"


def test_a_file_above_the_largest_size_is_not_even_looked_into() -> None:
    with pytest.raises(FileRefused, match="too_large"):
        files.read(b"PK\x03\x04" + b"x" * 100, most=100)
