"""A member list as CSV, as Excel, Numbers and member registers write it.

UTF-8 with or without a byte order mark, UTF-16 with one, or Windows-1252; a semicolon, comma or tab
between; cells in quotes may hold line breaks; `sep=;` as the first line, as Excel writes.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from donors.importing.table import FileRefused, Table, tabulated

SEPARATORS = ";\t,"
SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
LOOKED_AT = 25
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(body: bytes) -> Table:
    """The table. Raises FileRefused."""
    text, first = decoded(body), 1
    told = SEP_LINE.match(text)
    if told:
        text, first = text[told.end() :], 2
    separator = told[1] if told else _separator(text)
    return tabulated("csv", _rows(text, separator, first))


def decoded(body: bytes) -> str:
    """The text of the file. Raises FileRefused with the place of what can't be read."""
    for mark, name in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _checked(_in(body, name))
    try:
        return _checked(body.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(_in(body, "cp1252"))


def _in(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line, column = _place(body[: error.start].decode("latin-1"))
    raise FileRefused("encoding_unknown", line, column)


def _checked(text: str) -> str:
    """Text without NUL: with it, the file is of another kind."""
    at = text.find("\x00")
    if at >= 0:
        raise FileRefused("not_text", *_place(text[:at]))
    return text


def _place(before: str) -> tuple[int, int]:
    """The line and the character after what comes before."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _separator(text: str) -> str:
    """The sign that parts the first rows into most cells, all alike."""
    return max(SEPARATORS, key=lambda sign: _evenness(text, sign))


def _evenness(text: str, separator: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        widths = [len(row) for row in islice(reader, LOOKED_AT) if row]
    except csv.Error:
        return 0
    many = [width for width in widths if width > 1]
    return max((width * many.count(width) for width in set(many)), default=0)


def _rows(text: str, separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line that it begins on. Raises FileRefused."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 0
    try:
        for cells in reader:
            yield begins + first, cells
            begins = reader.line_num
    except csv.Error:
        place = begins + first
    else:
        return
    raise FileRefused("quotes_broken", place)
