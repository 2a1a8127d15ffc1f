"""How a record of 80 positions is described, read and written. Plain Python.

A `Layout` is a list of fields. From it follow one regular expression that reads a good line in one
step, a slower walk that finds the column of a bad one, and the writer. Positions count from 1.
Source of the rules: Bankgirot's technical manual of August 2014, 6.1.3-4 (80 positions, ISO 8859-1;
numbers right-aligned with zeros, text left-aligned with blanks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import methodcaller
from typing import Any, Generic, TypeVar

from fundraise.providers.autogiro.errors import FormatError

WIDTH = 80
R = TypeVar("R", bound=tuple[Any, ...])
Line = tuple[int, Any]  # the number of a line and its record
# What may be written in a text; the manual names no set, so what every bank can show.
TEXT = re.compile(r"[A-Za-z0-9 ÅÄÖÉÜåäöéü.,:;/()+'&-]*")
NEGATIVE = "åJKLMNOPQR"  # the last digit 0-9 of a sum below zero (manual 8.5)


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a record. `name` is empty for what carries nothing (constants and filler)."""

    name: str
    length: int
    pattern: str
    error: str
    read: Callable[[str], Any] | None
    write: Callable[[Any], str]
    expected: str = ""


def _same(text: str) -> str:
    return text


_BARE = methodcaller("lstrip", "0 ")  # of digits, or of blanks alone


def const(text: str) -> Field:
    """Always the same text."""
    return Field("", len(text), re.escape(text), "constant", None, lambda _v: text, text)


def filler(length: int) -> Field:
    """Written blank; read whatever it holds: Bankgirot's examples have zeros and TABs there."""
    return Field("", length, f".{{{length}}}", "constant", None, lambda _v: " " * length)


def zeros(length: int) -> Field:
    """Written as zeros; read whatever it holds."""
    return Field("", length, f".{{{length}}}", "constant", None, lambda _v: "0" * length)


def number(name: str, length: int) -> Field:
    """A whole number, filled with zeros."""
    return Field(
        name, length, rf"\d{{{length}}}", "digits", int, lambda v: _number(name, v, length)
    )


def number_or_blank(name: str, length: int) -> Field:
    """A whole number, or blank for None."""
    return Field(
        name,
        length,
        rf"\d{{{length}}}| {{{length}}}",
        "digits_or_blank",
        _NumberOrNone().__getitem__,
        lambda v: " " * length if v is None else _number(name, v, length),
    )


def code(name: str, length: int, one_of: str = "") -> Field:
    """Digits that are a code: kept with their zeros. `one_of` narrows what may stand there."""
    pattern = one_of or rf"\d{{{length}}}"
    return Field(name, length, pattern, "digits", _same, lambda v: _digits(name, v, length))


def code_or_blank(name: str, length: int) -> Field:
    """A code, or nothing."""
    return Field(
        name,
        length,
        rf"\d{{{length}}}| {{{length}}}",
        "digits_or_blank",
        str.strip,
        lambda v: _digits(name, v, length) if v else " " * length,
    )


def long_number(name: str, length: int, *, blank: bool = False) -> Field:
    """A number that names something (payer, bankgiro): read without its zeros, "" when it is none.

    `blank`: written blank when it is none, else as zeros.
    """

    def write(value: str) -> str:
        if not value and blank:
            return " " * length
        return _digits(name, value.rjust(length, "0"), length)

    return Field(name, length, rf"\d{{{length}}}| {{{length}}}", "digits_or_blank", _BARE, write)


def account(name: str) -> Field:
    """16 digits, clearing and account; "" when there is none (zeros or blanks, both are in use)."""
    return _whole(name, 16)


def identity(name: str) -> Field:
    """12 digits of a person (century first) or an organisation (00 first); "" when none."""
    return _whole(name, 12)


def _whole(name: str, length: int) -> Field:
    none = {"0" * length, " " * length}
    return Field(
        name,
        length,
        rf"\d{{{length}}}| {{{length}}}",
        "digits_or_blank",
        lambda text: "" if text in none else text,
        lambda v: _digits(name, v, length) if v else " " * length,
    )


def text(name: str, length: int) -> Field:
    """Text, left-aligned; read without the blanks behind it."""
    return Field(
        name, length, f".{{{length}}}", "constant", str.rstrip, lambda v: _text(name, v, length)
    )


def signed(name: str, length: int) -> Field:
    """A sum, negative when its last digit has the sign folded in; plain digits are read as such.

    Zero is written as zeros. A damaged last character is read as å (a remark says so).
    """
    return Field(
        name,
        length,
        rf"\d{{{length - 1}}}.",
        "signed",
        read_signed,
        lambda v: _signed(name, v, length),
    )


def read_signed(text: str) -> int:
    """-70600 from "00000070600å"; a last character that is no sign and no digit counts as å."""
    last = text[-1]
    if last.isascii() and last.isdigit():
        return int(text)
    digit = NEGATIVE.index(last) if last in NEGATIVE else 0
    return -int(text[:-1] + str(digit))


def is_damaged(text: str) -> bool:
    """Whether a signed sum's last character is neither a digit nor a sign."""
    return not (text[-1].isascii() and text[-1].isdigit()) and text[-1] not in NEGATIVE


class _NumberOrNone(dict[str, int | None]):
    """Numbers that come again and again, found without a call into Python; never many of them."""

    MOST = 10_000

    def __missing__(self, text: str) -> int | None:
        if len(self) >= self.MOST:
            self.clear()
        value = self[text] = int(text) if text.strip() else None
        return value


def _number(name: str, value: int, length: int) -> str:
    if value < 0 or value >= 10**length:
        raise FormatError("value", field=name, why=f"it does not fit in {length} digits")
    return str(value).rjust(length, "0")


def _digits(name: str, value: str, length: int) -> str:
    if len(value) != length or not (value.isascii() and value.isdigit()):
        raise FormatError("value", field=name, why=f"it must be {length} digits")
    return value


def _text(name: str, value: str, length: int) -> str:
    if len(value) > length:
        raise FormatError("value", field=name, why=f"it is longer than {length} characters")
    if not TEXT.fullmatch(value) or value != value.rstrip():
        raise FormatError("value", field=name, why="a character in it is not allowed")
    return value.ljust(length)


def _signed(name: str, value: int, length: int) -> str:
    if value >= 0:
        return _number(name, value, length)
    digits = _number(name, -value, length)
    return digits[:-1] + NEGATIVE[int(digits[-1])]


@dataclass(frozen=True)
class Layout(Generic[R]):
    """One kind of record: its fields in order, 80 positions together, and the tuple it becomes."""

    record: type[R]
    fields: Sequence[Field]
    pattern: re.Pattern[str] = field(init=False, repr=False)
    marks: re.Pattern[str] = field(init=False, repr=False)
    readers: tuple[tuple[int, Callable[[str], Any]], ...] = field(init=False, repr=False)
    absent: tuple[Any, ...] = field(init=False, repr=False)  # what only the other layout has

    def __post_init__(self) -> None:
        width = sum(one.length for one in self.fields)
        if width > WIDTH:
            raise ValueError(f"{self.record}: {width} positions")
        object.__setattr__(self, "fields", [*self.fields, *_rest(WIDTH - width)])
        parts = [f"({one.pattern})" if one.read else f"(?:{one.pattern})" for one in self.fields]
        object.__setattr__(self, "pattern", re.compile("".join(parts), re.DOTALL))
        marks = "".join(
            one.pattern if one.expected else f".{{{one.length}}}" for one in self.fields
        )
        object.__setattr__(self, "marks", re.compile(marks, re.DOTALL))
        reads = enumerate(one.read for one in self.fields if one.read)
        object.__setattr__(self, "readers", tuple((n, read) for n, read in reads if read != _same))
        named: Any = self.record
        beyond = named._fields[self.pattern.groups :]
        object.__setattr__(self, "absent", tuple(named._field_defaults[name] for name in beyond))

    @property
    def begins(self) -> str:
        """The two signs that every such record begins with."""
        return self.fields[0].expected[:2]

    def is_like(self, line: str) -> bool:
        """Whether a line has all that always stands in such a record, whatever else is wrong."""
        return self.marks.match(line) is not None

    def read(self, line: str, at: int = 0) -> R:
        """The record of a line of 80 characters. Raises FormatError with line and column."""
        found = self.pattern.fullmatch(line)
        if found is None:
            raise self._what_is_wrong(line, at)
        values: list[Any] = [*found.groups(), *self.absent]
        for n, read in self.readers:
            values[n] = read(values[n])
        return tuple.__new__(self.record, values)  # as its own _make does, in one step

    def write(self, record: R) -> str:
        """The line of a record, 80 characters. Raises FormatError when a value does not fit."""
        values = iter(record)
        return "".join(one.write(next(values) if one.read else None) for one in self.fields)

    def raw(self, line: str, name: str) -> str:
        """The characters of a field as they stand."""
        first = 0
        for one in self.fields:
            if one.name == name:
                return line[first : first + one.length]
            first += one.length
        raise KeyError(name)

    def _what_is_wrong(self, line: str, at: int) -> FormatError:
        first = 0
        for one in self.fields:
            part = line[first : first + one.length]
            if re.fullmatch(one.pattern, part, re.DOTALL) is None:
                column = first + 1 + _first_wrong(one, part)
                shown = {"field": one.name.replace("_", " ")} if one.name else {}
                if one.error == "constant":
                    shown = {"expected": one.expected.strip() or "nothing"}
                return FormatError(one.error, at, column, **shown)
            first += one.length
        return FormatError("too_long", at, WIDTH + 1)


def _rest(length: int) -> Iterable[Field]:
    return [filler(length)] if length else []


def _first_wrong(one: Field, part: str) -> int:
    """How far into a field the first character is that can't stand there."""
    if one.expected:
        pairs = enumerate(zip(part, one.expected, strict=False))
        return next((n for n, (has, wants) in pairs if has != wants), 0)
    return next((n for n, char in enumerate(part) if not (char.isascii() and char.isdigit())), 0)
