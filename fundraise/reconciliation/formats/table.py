"""A CSV as statements, by a mapping: our profiles and what a treasurer saved go the same way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import IO

from fundraise.reconciliation.formats import cells
from fundraise.reconciliation.formats.base import FormatError, Head, Kind, Line, Statement
from fundraise.reconciliation.formats.columns import Columns, fits
from fundraise.reconciliation.formats.limits import LIMITS, Limits
from fundraise.reconciliation.formats.mapper import Mapping
from fundraise.reconciliation.formats.movements import Movement, movement_of
from fundraise.reconciliation.formats.rows import (
    DELIMITERS,
    Row,
    delimiter_of,
    encoding_of,
    lines,
    rows,
)
from fundraise.reconciliation.formats.running import Running

SAMPLE = 30  # rows among which the header must stand


class TableReader:
    """Reads by one mapping."""

    def __init__(self, mapping: Mapping, limits: Limits = LIMITS) -> None:
        self.mapping = mapping
        self.kind = Kind(mapping.kind)
        self.version = f"csv 1 {mapping.name}"[:40]
        self._limits = limits

    def statements(self, file: IO[bytes]) -> Iterator[Statement]:
        """One, or one for each run of rows of an account. Raises FormatError."""
        movements = Movements(*open_table(file, self.mapping, self._limits), self._limits)
        while movements.peek() is not None:
            statement = TableStatement(self.mapping, movements)
            yield statement
            for _line in statement.lines():
                pass
        movements.must_be_whole()


def sample_of(file: IO[bytes], encoding: str, limits: Limits = LIMITS) -> list[str]:
    """The first lines, and the file wound back."""
    found = list(islice(lines(file, encoding, limits), SAMPLE))
    file.seek(0)
    return found


def delimiter_for(mapping: Mapping, sample: list[str]) -> str:
    """The mapping's own, else the one with which the header fits best, else the likeliest."""
    if mapping.delimiter:
        return mapping.delimiter
    likely = delimiter_of(sample)
    if not mapping.has_header:
        return likely
    every = (likely, *(sign for sign in DELIMITERS if sign != likely))
    return max(every, key=lambda sign: header_in(mapping, sample, sign))


def header_in(mapping: Mapping, sample: list[str], delimiter: str) -> int:
    """How well the best of the first rows fits as the mapping's header; 0 when none does."""
    best = 0
    with suppress(FormatError):  # a broken row below it is told when the rows are read
        for _number, row in rows(sample, delimiter):
            best = max(best, fits(mapping, row))
    return best


def open_table(file: IO[bytes], mapping: Mapping, limits: Limits) -> tuple[Columns, Iterator[Row]]:
    """The columns and the rows below the header. Raises FormatError."""
    encoding = encoding_of(file, limits)
    delimiter = delimiter_for(mapping, sample_of(file, encoding, limits))
    source = rows(lines(file, encoding, limits), delimiter, limits)
    for _row in islice(source, mapping.skip_rows):
        pass
    if not mapping.has_header:
        return Columns(mapping, []), (row for row in source if not _tells_delimiter(row))
    for _number, row in islice(source, SAMPLE):
        if fits(mapping, row):
            return Columns(mapping, row), source
    raise FormatError("no_header")


def _tells_delimiter(row: Row) -> bool:
    return row[1][0].lower().startswith("sep=")


class Movements:
    """The movements of a table, one after the other, with a look at the next."""

    def __init__(self, columns: Columns, source: Iterator[Row], limits: Limits) -> None:
        self._columns, self._limits = columns, limits
        self._source = source
        self._seen = 0
        self._last: Row | None = None
        self._movements = self._read()
        self._next = next(self._movements, None)

    def peek(self) -> Movement | None:
        """The next, which stays."""
        return self._next

    def take(self) -> None:
        """Go on."""
        self._next = next(self._movements, None)

    def must_be_whole(self) -> None:
        """At the end. Raises FormatError when the file is cut, or nothing says that it is empty."""
        mark = self._columns.mapping.ends_with
        if mark and (self._last is None or self._last[1][0] != mark):
            raise FormatError("no_end", "" if self._last is None else f"row {self._last[0]}")
        if not self._seen and not mark:
            raise FormatError("no_rows")

    def _read(self) -> Iterator[Movement]:
        for number, row in self._source:
            self._last = (number, row)
            movement = movement_of(self._columns, number, row)
            if movement is None:
                continue
            self._seen += 1
            if self._seen > self._limits.lines:
                raise FormatError("too_many", f"row {number}")
            yield movement


class TableStatement:
    """The rows of one account. Its days and balances are known when its lines are read."""

    def __init__(self, mapping: Mapping, movements: Movements) -> None:
        first = movements.peek()
        account = mapping.account or (first.account if first is not None else "")
        kind = cells.account_kind(account, mapping.account_kind) if account else ""
        self._mapping, self._movements = mapping, movements
        self._head = Head(account, kind, Kind(mapping.kind), servicer=mapping.bank)
        self._running = Running(newest_first=mapping.newest_first, by_day=mapping.balance == "day")
        self._lines = self._read()

    def head(self) -> Head:
        return self._head

    def lines(self) -> Iterator[Line]:
        """The lines that are not taken yet. Raises FormatError."""
        return self._lines

    def _read(self) -> Iterator[Line]:
        first: date | None = None
        last: date | None = None
        while (movement := self._movements.peek()) is not None:
            if not self._is_same(movement):
                break
            line = movement.line
            self._running.add(line.at, line.booked_on, line.amount_ore, movement.balance_ore)
            first = min(first or line.booked_on, line.booked_on)
            last = max(last or line.booked_on, line.booked_on)
            yield line
            self._movements.take()
        opening, closing = self._running.ends()
        self._head = replace(
            self._head, from_day=first, to_day=last,
            opening_ore=opening, closing_ore=closing,
        )  # fmt: skip

    def _is_same(self, movement: Movement) -> bool:
        """Whether a movement is of this account. Raises FormatError where it must be."""
        known = self._head.account
        if self._mapping.account or not movement.account or movement.account == known:
            return True
        if not known:
            kind = cells.account_kind(movement.account, self._mapping.account_kind)
            self._head = replace(self._head, account=movement.account, account_kind=kind)
            return True
        if self._mapping.many_accounts:
            return False
        raise FormatError("two_accounts", movement.line.at)


def is_table(mapping: Mapping, sample: list[str]) -> bool:
    """Whether all of the first rows read well by a mapping that has no header."""
    columns, delimiter = Columns(mapping, []), delimiter_for(mapping, sample)
    try:
        table = [pair for pair in rows(sample, delimiter) if not _tells_delimiter(pair)]
        found = [movement_of(columns, number, row) for number, row in table[mapping.skip_rows :]]
    except FormatError:
        return False
    if any(found):
        return True
    marks = {row[0] for _number, row in table}
    return mapping.only is not None and bool(mapping.ends_with) and mapping.ends_with in marks
