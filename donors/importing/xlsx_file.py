"""A member list as XLSX, by python-calamine, which gives each cell the value Excel last showed.

The library makes room for every cell between the first and the last, and gives each cell a copy of
its text; so a small file could ask for more memory than there is. What it would ask for is counted
first, over the bytes as they unpack and not as the file says they do.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from donors.importing.table import MOST_COLUMNS, MOST_ROWS, FileRefused, Table, tabulated

MOST_FILES = 500
MOST_UNPACKED = 150_000_000
MOST_CELL_TEXT = 300_000_000
OLE = b"\xd0\xcf\x11\xe0"  # Excel before 2007, and any workbook locked with a password
PLACE = re.compile(rb"""\br\s*=\s*["']\s*\$?([A-Za-z]{0,9})\$?([0-9]{1,20})""")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
TEXT = re.compile(rb"<(?:\w+:)?si[\s>].*?</(?:\w+:)?si>", re.DOTALL)
Value = int | float | str | bool | time | date | datetime | timedelta


def read_xlsx(body: bytes, sheet: int = 0) -> Table:
    """The table on one sheet. Raises FileRefused."""
    if body.startswith(OLE):
        raise FileRefused("xls_or_locked")
    _refuse_bombs(body)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
        names = [
            found.name for found in workbook.sheets_metadata if found.typ == SheetTypeEnum.WorkSheet
        ]
        if not 0 <= sheet < len(names):
            raise FileRefused("no_such_sheet")
        rows = workbook.get_sheet_by_name(names[sheet]).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError):
        rows, names = None, []
    if rows is None:
        raise FileRefused("xlsx_broken")
    return tabulated("xlsx", _texts(rows), sheets=names)


def _texts(rows: list[list[Value]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(rows, start=1):
        yield number, [text_of(cell) for cell in cells]


def text_of(value: Value) -> str:
    """A cell as a person would type it: whole numbers without a point, days as 2026-11-02."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


# --- Small files that unpack to more than there is room for ---------------------------------------
def _refuse_bombs(body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        parts = []
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise FileRefused("xlsx_broken")
    if len(parts) > MOST_FILES:
        raise FileRefused("too_large_unpacked")
    left, cells, longest = MOST_UNPACKED, 0, 0
    for part in parts:
        content = _unpacked(body, part, left)
        left -= len(content)
        if part.filename.lower().endswith((".xml", ".bin")):
            _refuse_far_cells(content)
            cells += sum(1 for _found in CELL.finditer(content))
            longest = max(longest, *(len(text[0]) for text in TEXT.finditer(content)), 0)
    if cells * longest > MOST_CELL_TEXT and longest > 500:
        raise FileRefused("too_large_unpacked")


def _unpacked(body: bytes, part: zipfile.ZipInfo, most: int) -> bytes:
    """A part's bytes, counted as they come: what the file says of its sizes may be a lie."""
    head = part.header_offset
    name, extra = (int.from_bytes(body[head + at : head + at + 2], "little") for at in (26, 28))
    begins = head + 30 + name + extra
    packed = body[begins : begins + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflated(packed, most + 1)
    else:
        raise FileRefused("xlsx_broken")
    if len(content) > most:
        raise FileRefused("too_large_unpacked")
    return content


def _inflated(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
    except zlib.error:
        pass
    raise FileRefused("xlsx_broken")


def _refuse_far_cells(content: bytes) -> None:
    """No cell may lie so far out that the room before it fills the memory."""
    for column, row in set(PLACE.findall(content)):
        if int(row) > MOST_ROWS + 20:
            raise FileRefused("too_many_rows")
        if _number_of(column) > MOST_COLUMNS:
            raise FileRefused("too_many_columns", int(row))


def _number_of(column: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number
