"""From what happened on a day to the files that are handed out, some of them late or damaged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.files import ReportFile, bytes_of, damaged, name_of
from fundraise.sandbox.bankgirot.knobs import Dice
from fundraise.sandbox.bankgirot.registers import Register
from fundraise.sandbox.bankgirot.sections import Deposit, Section, render

ORDER = ("specification", "advice", "rejected", "changes", "emandates")
DAMAGES = ("cut", "total", "customer")


@dataclass
class Handout:
    dice: Dice
    # Files of earlier days that come later, or once more, with their day.
    queue: list[tuple[date, ReportFile]] = field(default_factory=list)
    # Blocks until the payee gets its next specification.
    blocks: dict[str, list[rows.Block]] = field(default_factory=dict)
    deposits: list[Deposit] = field(default_factory=list)
    # How many files a day has had: their names tell the second.
    places: dict[date, int] = field(default_factory=dict)

    def of(self, day: date, todays: list[Day]) -> list[ReportFile]:
        """The files of a day, those that were due from before first."""
        found = [self._again(report, day) for due, report in self.queue if due <= day]
        self.queue = [(due, report) for due, report in self.queue if due > day]
        for sections in self._grouped(day, todays):
            for part in self._parts(sections):
                report = self.make(part)
                if report is not None:
                    found.extend(self._faulty(report))
        return found

    def _grouped(self, day: date, todays: list[Day]) -> Iterator[list[Section]]:
        """What belongs in one file: the same customer, kind and layout."""
        groups: dict[tuple[str, str, str], list[Section]] = {}
        for today in todays:
            for kind, found in self._contents(today).items():
                if found:
                    payee = today.register.payee
                    key = (payee.customer, kind, payee.layout)
                    groups.setdefault(key, []).append(Section(today.register, kind, day, found))
        yield from groups.values()

    def _contents(self, today: Day) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {
            "specification": self._due_blocks(today),
            "advice": today.advice,
            "rejected": today.rejected,
            "changes": today.changes,
            "emandates": today.emandates,
        }
        return {kind: found[kind] for kind in ORDER}

    def _due_blocks(self, today: Day) -> list[rows.Block]:
        payee = today.register.payee
        kept = self.blocks.setdefault(payee.bankgiro, [])
        kept += today.blocks if payee.stopped else _without_stopped(today.blocks)
        following = bankdays.after(today.date)
        ends = {
            "daily": True,
            "weekly": following.isocalendar()[:2] != today.date.isocalendar()[:2],
            "monthly": following.month != today.date.month,
        }
        if not ends[payee.specification]:
            return []
        self.blocks[payee.bankgiro] = []
        # The order of the manual: deposits, withdrawals, refunds.
        return sorted(kept, key=lambda block: block.kind)

    def _parts(self, sections: list[Section]) -> list[list[Section]]:
        if not self.dice.falls("file.split"):
            return [sections]
        *others, last = sections
        first, *rest = last.halves()
        return [[*others, first], *([half] for half in rest)]

    def make(self, sections: list[Section]) -> ReportFile | None:
        """One file; None when nothing of it can be told in the payee's layout."""
        kind, day, payee = sections[0].kind, sections[0].day, sections[0].register.payee
        place = self.places.get(day, 0)
        name, stamp = name_of(kind, payee.customer, day, place)
        signed = not self.dice.knobs.plain_sums
        lines = [line for section in sections
                 for line in render(section, stamp, self.deposits, signed=signed)]  # fmt: skip
        if not lines:
            return None
        self.places = {day: place + 1}
        return ReportFile(name, kind, payee.customer, day, bytes_of(lines))

    def _faulty(self, report: ReportFile) -> list[ReportFile]:
        """The file as it comes today: right, damaged, or not yet."""
        following = bankdays.after(report.written)
        if self.dice.falls("file.again"):
            self.queue.append((following, replace(report, note="again")))
        if self.dice.falls("file.late"):
            later = bankdays.after(report.written, self.dice.knobs.late_days)
            self.queue.append((later, report))
            return []
        how = self.dice.pick("file", DAMAGES)
        if how:
            self.queue.append((following, report))
            return [replace(report, data=damaged(report, how), note=how)]
        if b"\xe5" in report.data[-82:] and self.dice.falls("file.sign"):
            return [replace(report, data=damaged(report, "sign"), note="sign")]
        return [report]

    def copy(self, report: ReportFile, data: bytes, note: str, day: date) -> ReportFile:
        """A file once more under a new name, with other bytes if need be."""
        return replace(self._again(report, day), data=data, note=note)

    def __getstate__(self) -> dict[str, Any]:
        """Kept without its dice, which are the bank's."""
        return {**self.__dict__, "dice": None}

    def _again(self, report: ReportFile, day: date) -> ReportFile:
        """What is handed out another day has the name of that day, and the same bytes."""
        place = self.places.get(day, 0)
        self.places = {day: place + 1}
        name, _ = name_of(report.kind, report.customer, day, place)
        return replace(report, name=name)


def _without_stopped(blocks: list[rows.Block]) -> list[rows.Block]:
    kept = [rows.Block(block.kind, block.day, [row for row in block.rows if row.executed])
            for block in blocks]  # fmt: skip
    return [block for block in kept if block.rows]


def extract(handout: Handout, register: Register, kind: str, day: date) -> ReportFile | None:
    """The watch register or the mandate register as a file."""
    found: list[Any]
    if kind == "watch_register":
        waiting = sorted(register.watch.payments.values(), key=lambda p: (p.due, p.payer))
        found = [rows.watched(payment) for payment in waiting]
    else:
        write = rows.registered_old if register.payee.layout == "old" else rows.registered
        ordered = sorted(register.mandates.values(), key=lambda mandate: mandate.payer)
        found = [write(register.payee.bankgiro, mandate) for mandate in ordered]
    return handout.make([Section(register, kind, day, found)]) if found else None
