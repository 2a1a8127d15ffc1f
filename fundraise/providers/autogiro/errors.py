"""What is wrong with a file: where and why. Plain Python.

A file with one wrong line is refused whole (`FormatError`). What Bankgirot's own examples get wrong
is a `Remark`: the file is read, and a person may look.
"""

from __future__ import annotations

from dataclasses import dataclass

# Every reason, in English; the pages have the Swedish. %(…)s is filled from `values`.
REASONS: dict[str, str] = {
    "empty": "The file has no record.",
    "unknown_file": "No file that Bankgirot or the bank sends begins like this.",
    "not_latin_1": "The file is not written in ISO 8859-1 or ASCII.",
    "unknown_record": "A record %(record)s does not belong in this kind of file.",
    "too_long": "The line goes on after position 80.",
    "control_character": "Here stands a character that can't be printed.",
    "digits": "%(field)s must be digits.",
    "digits_or_blank": "%(field)s must be digits or blank.",
    "constant": "Here must stand %(expected)s.",
    "signed": "%(field)s must be digits, the last of them with its sign.",
    "after_end": "A record stands after the end record.",
    "before_opening": "A record stands before the opening record.",
    "no_end": "The end record is missing.",
    "no_records": "The section has no record.",
    "order": "A record %(record)s can't stand here.",
    "count": "The end record counts %(said)s of %(what)s; the file has %(found)s.",
    "sum": "The record says that %(what)s are %(said)s öre together; they are %(found)s öre.",
    "other_bankgiro": "The bankgiro number %(said)s is not the opening record's %(found)s.",
    "seal_missing": "The file has no seal.",
    "seal_wrong": "The seal is not right: the file was changed, or sealed with another key.",
    "seal_other_key": "The file is sealed with another key.",
    "title": "The line is no record and was left out.",
    "damaged_sign": "The sign in %(field)s is damaged; it was read as å.",
    "value": "%(field)s can't be written: %(why)s.",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something at a place in a file: line and column count from 1, 0 means all of it."""

    code: str
    line: int = 0
    column: int = 0
    values: tuple[tuple[str, str], ...] = ()

    @property
    def reason(self) -> str:
        """The reason in English."""
        return REASONS[self.code] % dict(self.values)

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else "the file"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.reason}"


class FormatError(Exception):
    """The file can't be used. `remark` says where and why, and never repeats what stands there."""

    def __init__(self, code: str, line: int = 0, column: int = 0, **values: object) -> None:
        kept = tuple((name, str(value)) for name, value in values.items())
        self.remark = Remark(code, line, column, kept)
        super().__init__(str(self.remark))

    @property
    def code(self) -> str:
        return self.remark.code
