"""From a day's statement to the files that are handed out, some of them late, twice or damaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from fundraise.sandbox import bankdays
from fundraise.sandbox.bank import csv_files, messages, swish_report
from fundraise.sandbox.bank.camt import Issue
from fundraise.sandbox.bank.knobs import Dice
from fundraise.sandbox.bank.moves import Statement

ENDS = {"camt.053": "xml", "camt.054": "xml", "csv": "csv", "swish": "csv"}
BALANCE_OFF, DETAILS_OFF = 1_00, 50_00
CAMT = ("camt.053", "camt.054")
# Which faults can strike which kind of file.
STRIKES = {
    "file.balance": ("camt.053", "csv"), "file.details": CAMT, "file.currency": CAMT,
    "file.cut": tuple(ENDS), "file.missing": ("camt.053", "csv"), "notice.late": ("camt.054",),
    "notice.absent": ("camt.054",), "file.again": tuple(ENDS), "file.reissued": CAMT,
}  # fmt: skip
BROKEN = ("file.balance", "file.details", "file.currency", "file.cut")


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is handed out; `of` is the day that it tells of."""

    name: str
    kind: str
    account: str
    of: date
    data: bytes
    # Which fault it shows, or "right" when it makes one good.
    note: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was done on purpose; `right_on` is when it comes right, None for never."""

    day: date
    name: str
    account: str
    subject: str
    right_on: date | None = None


@dataclass
class Handout:
    dice: Dice
    # Files of earlier days that come later, with their day.
    queue: list[tuple[date, File]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # How many files of a name there have been.
    count: int = 0

    def of(self, day: date, statements: Iterable[Statement]) -> list[File]:
        """The files of a day, those that were due from before first."""
        found = [file for due, file in self.queue if due <= day]
        self.queue = [(due, file) for due, file in self.queue if due > day]
        for statement in statements:
            for kind in statement.account.files:
                found += self._handed(kind, statement, day)
        return found

    def _handed(self, kind: str, statement: Statement, day: date) -> list[File]:
        right = self.make(kind, statement, day)
        if right is None:
            return []
        fault = self._fault(right, statement)
        late = bankdays.after(day, max(1, self.dice.knobs.late_days))
        if fault in BROKEN:
            broken = self._broken(fault, right, statement)
            self._later(fault, right, day, late)
            return [broken]
        if fault in ("file.missing", "notice.late"):
            self._later(fault, right, day, late if self.dice.knobs.late_days else None)
            return []
        if fault == "notice.absent":
            self._later(fault, right, day, None)
            return []
        if fault:
            self._twice(fault, right, statement, day)
        return [right]

    def _fault(self, file: File, statement: Statement) -> str:
        """The first that falls of those that can strike this file; a file has one at most."""
        for name, kinds in STRIKES.items():
            able = _can_show(name, file.kind, statement)
            if file.kind in kinds and able and self.dice.falls(name, file.account):
                return name
        return ""

    def _later(self, fault: str, right: File, day: date, when: date | None) -> None:
        self.faults.append(Fault(day, fault, right.account, right.name, when))
        if when is not None:
            self.queue.append((when, replace(right, name=self._again(right), note="right")))

    def _twice(self, fault: str, right: File, statement: Statement, day: date) -> None:
        following = bankdays.after(day)
        copy = replace(right, name=self._again(right), note=fault)
        if fault == "file.reissued":
            made = self.make(right.kind, statement, day)
            copy = replace(made, name=copy.name, note=fault) if made else copy
        self.faults.append(Fault(day, fault, right.account, copy.name, following))
        self.queue.append((following, copy))

    def _again(self, file: File) -> str:
        """Another name for what comes once more."""
        self.count += 1
        stem, _, end = file.name.rpartition(".")
        return f"{stem}-{self.count}.{end}"

    def make(self, kind: str, statement: Statement, day: date, **wrong: Any) -> File | None:
        """One file; None when the day has nothing for it."""
        self.count += 1
        number = statement.account.number
        ident = f"{kind[-3:]}{number[-10:]}{statement.day:%y%m%d}N{self.count}"
        issue = Issue(ident, day, statement.account.version, **wrong)
        data = content(kind, statement, issue)
        name = f"{kind}_{number}_{statement.day:%Y%m%d}.{ENDS[kind]}"
        return File(name, kind, number, statement.day, data, id=ident) if data else None

    def _broken(self, fault: str, right: File, statement: Statement) -> File:
        if fault == "file.cut":
            return replace(right, data=cut(right.data), note=fault)
        wrong: dict[str, dict[str, Any]] = {
            "file.balance": {"balance_off": BALANCE_OFF},
            "file.details": {"details_off": DETAILS_OFF},
            "file.currency": {"currency": "EUR"},
        }
        found = self.make(right.kind, statement, right.of, **wrong[fault])
        return replace(found or right, name=right.name, note=fault)

    def __getstate__(self) -> dict[str, Any]:
        """Kept without its dice, which are the bank's."""
        return {**self.__dict__, "dice": None}


def _can_show(fault: str, kind: str, statement: Statement) -> bool:
    """Whether a reader can see it: one row alone has no running balance to break."""
    if fault == "file.details":
        return _tells_parts(kind, statement)
    return fault != "file.balance" or kind != "csv" or len(statement.entries) > 1


def _tells_parts(kind: str, statement: Statement) -> bool:
    """Whether the file's first shown payment can be made to differ from its line."""
    sums = any(entry.batch for entry in statement.entries)
    if kind == "camt.054":
        return sums
    alone = any(not entry.batch for entry in statement.entries)
    return alone or (sums and statement.account.parts_in == "camt.053")


def cut(data: bytes) -> bytes:
    """As when a transfer breaks: the last third is missing."""
    return data[: len(data) * 2 // 3]


def content(kind: str, statement: Statement, issue: Issue) -> bytes | None:
    if kind == "camt.053":
        return messages.statement(statement, issue)
    if kind == "camt.054":
        return messages.notice(statement, issue)
    if kind == "swish":
        return swish_report.made(statement)
    if not statement.entries:
        return None
    return csv_files.made(statement.account, [statement], issue.balance_off)


def days_between(statements: Iterable[Statement], first: date, last: date) -> Iterator[Statement]:
    for statement in statements:
        if first <= statement.day <= last:
            yield statement
