"""A member list as rows of text, whatever file it came in. Plain Python; errors repeat no cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MOST_ROWS = 200_000
MOST_COLUMNS = 80  # a form may have 100 fields (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
LONGEST_CELL = 2_000
HEADER_WITHIN = 10  # rows that may stand above the headings


class FileRefused(Exception):
    """A file that is not read, whole: `code` says why, `line` and `column` where when it is known.

    Both are counted from 1, as a spreadsheet program shows them.
    """

    def __init__(self, code: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it stands in the file, and its cells under the header."""

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it."""

    kind: str
    header: tuple[str, ...] = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)
    sheets: tuple[str, ...] = field(default=(), repr=False)


def tabulated(
    kind: str, rows: Iterable[tuple[int, list[str]]], *, sheets: Sequence[str] = ()
) -> Table:
    """The table in numbered rows. Raises FileRefused when there is no header or a row is broken."""
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        raise FileRefused("file_empty")
    at = _header_at([cells for _number, cells in filled[:HEADER_WITHIN]])
    if at is None:
        raise FileRefused("no_header", filled[0][0])
    header_line, header = filled[at]
    width = _width(header, kind, [cells for _number, cells in filled[at:]])
    if width > MOST_COLUMNS:
        raise FileRefused("too_many_columns", header_line)
    if len(filled) - at - 1 > MOST_ROWS:
        raise FileRefused("too_many_rows")
    lines = tuple(Line(number, _fitted(number, cells, width)) for number, cells in filled[at + 1 :])
    if not lines:
        raise FileRefused("no_rows")
    names = tuple(" ".join(cell.split()) for cell in _fitted(header_line, header, width))
    return Table(kind, names, lines, tuple(sheets))


def _width(header: list[str], kind: str, rows: Sequence[list[str]]) -> int:
    """A spreadsheet's merged heading stands over its first column only; a CSV file has none."""
    used = [_used(header)] if kind == "csv" else [_used(row) for row in rows]
    return max(used)


def _used(cells: Sequence[str]) -> int:
    """How many cells there are up to the last that holds something."""
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _fitted(number: int, cells: list[str], width: int) -> tuple[str, ...]:
    """As many cells as the header has. Raises FileRefused: a cell too many, or one too long."""
    if _used(cells) > width:
        raise FileRefused("too_many_cells", number, width + 1)
    for place, cell in enumerate(cells[:width], start=1):
        if len(cell) > LONGEST_CELL:
            raise FileRefused("cell_too_long", number, place)
    return (*cells[:width], *[""] * (width - len(cells)))


def _header_at(rows: list[list[str]]) -> int | None:
    """The row with the most cells that name something we know; else the first without values."""
    from donors.importing.columns import names_something  # which reads tables

    known = [sum(names_something(cell) for cell in cells) for cells in rows]
    best = max(known)
    if best:
        return known.index(best)
    return 0 if not any(_is_value(cell) for cell in rows[0]) else None


def _is_value(cell: str) -> bool:
    """Whether a cell is a number or an address, which no heading is."""
    return "@" in cell or any(unicodedata.category(char) == "Nd" for char in cell)
