"""A table as CSV, XLSX and JSON, row by row, without Django.

Each writer gets the same columns and the same values: whole öre, days, aware times, text. Text
that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any, Protocol
from zoneinfo import ZoneInfo

import xlsxwriter

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_SHEET_ROWS = 1_048_576 - 2  # the head and the foot
BOM = b"\xef\xbb\xbf"

Value = str | int | bool | date | datetime | None


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    CODE = "code"
    MONEY = "money"
    NUMBER = "number"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a file: its name for machines, its title for people, its kind."""

    name: str
    title: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file is of: its title, its language, its columns, and words for machines."""

    title: str
    language: str
    heads: Sequence[Head]
    about: Mapping[str, Any]


class Writer(Protocol):
    """One file: rows one after the other, then how many they were and their sums by column."""

    def row(self, values: Sequence[Value]) -> None: ...

    def end(self, number: int, said: str, sums: Mapping[str, int]) -> None: ...


class TooManyRows(ValueError):
    """More rows than a sheet of a spreadsheet can hold."""


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) else text


def one_line(text: str) -> str:
    """A cell of a CSV file stays on its line: each row is a line, and a line a row."""
    return text.replace("\r", " ").replace("\n", " ") if "\r" in text or "\n" in text else text


def kronor(ore: int) -> Decimal:
    """Öre as kronor with two decimals."""
    return Decimal(ore).scaleb(-2)


def local(at: datetime) -> datetime:
    """The time on a clock in Sweden, without a zone."""
    return at.astimezone(STOCKHOLM).replace(tzinfo=None, microsecond=0)


class CsvWriter:
    """UTF-8 with a mark; semicolon and decimal comma in Swedish, comma and point in English."""

    def __init__(self, file: IO[bytes], sheet: Sheet) -> None:
        file.write(BOM)
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self.comma = sheet.language == "sv"
        self.delimiter = ";" if self.comma else ","
        self._out = csv.writer(self._text, delimiter=self.delimiter)
        self._heads = sheet.heads
        self._out.writerow([harmless(head.title) for head in sheet.heads])

    def row(self, values: Sequence[Value]) -> None:
        """One row."""
        self._out.writerow(
            [self._cell(h.kind, v) for h, v in zip(self._heads, values, strict=True)]
        )

    def end(self, number: int, said: str, sums: Mapping[str, int]) -> None:
        """The foot."""
        foot = [self._cell(h.kind, sums[h.name]) if h.name in sums else "" for h in self._heads]
        self._out.writerow([harmless(said), *foot[1:]])
        self._text.detach()

    def _cell(self, kind: Kind, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, datetime):
            return f"{local(value):%Y-%m-%d %H:%M:%S}"
        if isinstance(value, date):
            return value.isoformat()
        if kind == Kind.MONEY:
            plain = f"{kronor(int(value)):.2f}"
            return plain.replace(".", ",") if self.comma else plain
        return str(value) if kind == Kind.NUMBER else one_line(harmless(str(value)))

    def raw(self, lines: bytes) -> None:
        """Whole rows that PostgreSQL has written (csv_sql.py), each ended by a line feed alone."""
        self._text.buffer.write(lines.replace(b"\n", b"\r\n"))


class XlsxWriter:
    """A workbook of one sheet with real numbers, days and times; at most a row in memory."""

    def __init__(self, file: IO[bytes], sheet: Sheet) -> None:
        options = {"constant_memory": True, "in_memory": False}
        self._book = xlsxwriter.Workbook(file, options)
        self._sheet = self._book.add_worksheet(_sheet_name(sheet.title))
        self._heads = sheet.heads
        self._formats = self._make_formats(bold=False)
        self._bold = self._make_formats(bold=True)
        self._line = 0
        for at, head in enumerate(sheet.heads):
            self._sheet.set_column(at, at, _width(head))
            self._sheet.write_string(0, at, harmless(head.title), self._bold[Kind.TEXT])
        self._sheet.freeze_panes(1, 0)

    def row(self, values: Sequence[Value]) -> None:
        """One row. Raises TooManyRows."""
        self._line += 1
        if self._line > MOST_SHEET_ROWS:
            raise TooManyRows
        for at, (head, value) in enumerate(zip(self._heads, values, strict=True)):
            self._write(at, head.kind, value, self._formats)

    def end(self, number: int, said: str, sums: Mapping[str, int]) -> None:
        """The foot, and the file is whole."""
        self._sheet.autofilter(0, 0, self._line, len(self._heads) - 1)
        self._line += 1
        self._write(0, Kind.TEXT, said, self._bold)
        for at, head in enumerate(self._heads):
            if at and head.name in sums:
                self._write(at, head.kind, sums[head.name], self._bold)
        self._book.close()

    def _write(self, at: int, kind: Kind, value: Value, formats: dict[Kind, Any]) -> None:
        if value is None or value == "":
            return
        form = formats[kind]
        if isinstance(value, datetime):
            self._sheet.write_datetime(self._line, at, local(value), form)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._line, at, value, form)
        elif kind == Kind.MONEY:
            self._sheet.write_number(self._line, at, float(kronor(int(value))), form)
        elif kind == Kind.NUMBER:
            self._sheet.write_number(self._line, at, int(value), form)
        else:
            self._sheet.write_string(self._line, at, harmless(str(value)), form)

    def _make_formats(self, *, bold: bool) -> dict[Kind, Any]:
        written = {
            Kind.TEXT: "@",
            Kind.CODE: "@",
            Kind.MONEY: "#,##0.00",
            Kind.NUMBER: "#,##0",
            Kind.DAY: "yyyy-mm-dd",
            Kind.TIME: "yyyy-mm-dd hh:mm",
        }
        return {
            kind: self._book.add_format({"num_format": form, "bold": bold})
            for kind, form in written.items()
        }


class JsonWriter:
    """One object: what it is, the columns, the rows with codes and öre, number and sums."""

    def __init__(self, file: IO[bytes], sheet: Sheet) -> None:
        self._file, self._heads, self._first = file, sheet.heads, True
        columns = [{"name": h.name, "title": h.title, "kind": h.kind.value} for h in sheet.heads]
        head = json.dumps({**sheet.about, "columns": columns}, ensure_ascii=False)
        file.write(head[:-1].encode() + b', "rows": [')

    def row(self, values: Sequence[Value]) -> None:
        """One row."""
        named = {h.name: _json(v) for h, v in zip(self._heads, values, strict=True)}
        self._file.write(b"\n" if self._first else b",\n")
        self._file.write(json.dumps(named, ensure_ascii=False).encode())
        self._first = False

    def end(self, number: int, said: str, sums: Mapping[str, int]) -> None:
        """Number and sums."""
        tail = json.dumps({"number": number, "sums": dict(sums)}, ensure_ascii=False)
        self._file.write(b"\n], " + tail[1:].encode() + b"\n")


FORMATS: dict[str, tuple[Callable[[IO[bytes], Sheet], Writer], str]] = {
    "csv": (CsvWriter, "text/csv; charset=utf-8"),
    "xlsx": (XlsxWriter, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (JsonWriter, "application/json"),
}


def _json(value: Value) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(STOCKHOLM).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _sheet_name(title: str) -> str:
    kept = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)
    return kept.strip()[:31] or "1"


def _width(head: Head) -> int:
    least = {Kind.MONEY: 14, Kind.NUMBER: 9, Kind.DAY: 11, Kind.TIME: 17}.get(head.kind, 18)
    return max(least, len(head.title) + 2)


def content_type(form: str) -> str:
    """The media type of a file that is kept."""
    return "application/pdf" if form == "pdf" else FORMATS[form][1]
