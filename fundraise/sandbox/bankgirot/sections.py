"""A payee's part of a report: opening record, rows, end record; and how it falls into two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fundraise.sandbox.bankgirot import bgmax, openings, rows
from fundraise.sandbox.bankgirot.registers import Register

# The qualifier in the name of each kind of report.
QUALIFIERS = {
    "specification": "UAGAG", "emandates": "UAGU3", "advice": "UAGU4", "changes": "UAGU5",
    "rejected": "UAGU6", "mandate_register": "UAGU7", "watch_register": "UAGU8",
}  # fmt: skip
NEW_CONTENT = {
    "advice": "AG-MEDAVI", "rejected": "AVVISADE BET UPPDR", "changes": "MAKULERING/ÄNDRING",
    "specification": "BET. SPEC & STOPP TK",
}  # fmt: skip
OLD_CONTENT = {
    "rejected": "FELLISTA REG.KONTRL", "changes": "MAK/ÄNDRINGSLISTA", "specification": "",
}  # fmt: skip


@dataclass(frozen=True)
class Deposit:
    """What moved on the payee's account: 15 in, 16 and 17 out."""

    bankgiro: str
    kind: str
    day: date
    serial: int
    amount: int
    count: int


@dataclass
class Section:
    register: Register
    kind: str
    day: date
    rows: list[Any]

    def halves(self) -> list[Section]:
        """Two sections with the same rows between them, or itself when it holds but one."""
        if self.kind == "specification":
            parts = _half_blocks(self.rows)
        else:
            middle = (len(self.rows) + 1) // 2
            parts = [self.rows[:middle], self.rows[middle:]]
        return [Section(self.register, self.kind, self.day, part) for part in parts if part]

    @property
    def old(self) -> bool:
        return self.register.payee.layout == "old"


def _half_blocks(blocks: list[rows.Block]) -> list[list[rows.Block]]:
    if len(blocks) > 1:
        middle = (len(blocks) + 1) // 2
        return [blocks[:middle], blocks[middle:]]
    (block,) = blocks
    middle = (len(block.rows) + 1) // 2
    return [[rows.Block(block.kind, block.day, part)]
            for part in (block.rows[:middle], block.rows[middle:]) if part]  # fmt: skip


def render(
    section: Section, stamp: str, deposits: list[Deposit], *, signed: bool = True
) -> list[str]:
    """The lines; what is deposited is added to `deposits`. None of it when nothing can be told."""
    if section.kind == "specification":
        return _money(section, stamp, deposits)
    if section.kind == "changes":
        return _changes(section, signed)
    return {"advice": _advice, "rejected": _rejected, "emandates": _emandates,
            "watch_register": _watch}.get(section.kind, _bare)(section)  # fmt: skip


def _money(section: Section, stamp: str, deposits: list[Deposit]) -> list[str]:
    register = section.register
    if section.old:
        return _old_specification(section, deposits)
    if register.payee.layout == "new":
        return _specification(section, stamp, deposits)

    def book(block: rows.Block) -> Deposit:
        return _deposit(register, block, deposits)

    return bgmax.lines(register, section.day, stamp, section.rows, book)


def _bare(section: Section) -> list[str]:
    """The mandate register has neither an opening nor an end."""
    return list(section.rows)


def _rejected(section: Section) -> list[str]:
    found = [_old_rejected(row) for row in section.rows] if section.old else section.rows
    end = openings.end_rejected(section.day, found)
    return [_opening(section), *(row.line for row in found), end]


def _emandates(section: Section) -> list[str]:
    lines = [line for five in section.rows for line in five]
    payee = section.register.payee
    first = openings.without_customer("51", payee, section.day, "AG-EMEDGIV")
    return [first, *lines, openings.end_count("59", section.day, len(lines))]


def _watch(section: Section) -> list[str]:
    first = openings.old(section.register.payee, section.day, "BEVAKNINGSREG")
    end = openings.end_sums(section.day, ((row.code, row.amount) for row in section.rows))
    return [first, *(row.line for row in section.rows), end]


def _opening(section: Section) -> str:
    payee = section.register.payee
    if section.old:
        return openings.old(payee, section.day, OLD_CONTENT[section.kind])
    return openings.new(payee, section.day, NEW_CONTENT[section.kind])


def _deposit(register: Register, block: rows.Block, deposits: list[Deposit]) -> Deposit:
    """A serial number is given only when something was executed."""
    paid = [row.amount for row in block.rows if row.executed]
    serial = register.next_serial(block.day.year) if paid else 0
    found = Deposit(register.payee.bankgiro, block.kind, block.day, serial, sum(paid), len(paid))
    if paid:
        deposits.append(found)
    return found


def _specification(section: Section, stamp: str, deposits: list[Deposit]) -> list[str]:
    payee = section.register.payee
    lines = [openings.new(payee, section.day, NEW_CONTENT["specification"], stamp)]
    for block in section.rows:
        found = _deposit(section.register, block, deposits)
        lines.append(
            f"{block.kind}{payee.account:0>35}{rows.ymd(block.day)}{found.serial:05d}"
            f"{found.amount:018d}   {found.count:08d} "
        )
        lines.extend(row.line for row in block.rows)
    return [*lines, openings.end_specification(section.day, section.rows)]


def _old_specification(section: Section, deposits: list[Deposit]) -> list[str]:
    """No blocks and no refunds; an executed draw has no status, a stopped 32 is not told."""
    lines, told = [openings.old(section.register.payee, section.day)], []
    for block in section.rows:
        _deposit(section.register, block, deposits)
        for row in block.rows if block.kind != "17" else ():
            if row.executed or row.payment.code == rows.IN:
                lines.append(row.line[:79] + " " if row.executed else row.line)
                told.append((row.payment.code, row.amount))
    return [*lines, openings.end_sums(section.day, told)] if told else []


def _advice(section: Section) -> list[str]:
    payee, found = section.register.payee, section.rows
    if not section.old:
        lines = [row.line for row in found]
        return [_opening(section), *lines, openings.end_count("09", section.day, len(lines))]
    lines = [_old_advice(row) for row in found if row.line[61:63] != "05"]
    if not lines:
        return []
    return [openings.without_customer("01", payee, section.day, "AG-MEDAVI"), *lines,
            openings.end_count("09", section.day, len(lines))]  # fmt: skip


def _old_advice(row: rows.Advice) -> str:
    debit = row.debit_from.strftime("%y%m%d") if row.debit_from else "000000"
    return f"{row.line[:56]}00000{row.line[61:73]}{debit} "


def _old_rejected(row: rows.Rejected) -> rows.Rejected:
    """Two codes only: no mandate, or not approved."""
    code = "01" if row.line[58:60] == "01" else "02"
    return rows.Rejected(row.code, row.amount, row.line[:58] + code + row.line[60:])


def _changes(section: Section, signed: bool) -> list[str]:
    """The old layout knows neither what a payer stopped (11) nor what recurs (15)."""
    found: list[rows.Change] = section.rows
    if section.old:
        found = [_old_change(row) for row in found if row.line[72:74] != "15"]
    if not found:
        return []
    done = ((row.direction, row.amount) for row in found if row.done)
    end = openings.end_sums(section.day, done, signed=signed and not section.old)
    return [_opening(section), *(row.line for row in found), end]


def _old_change(row: rows.Change) -> rows.Change:
    return row._replace(line="03" + row.line[2:]) if row.line[:2] == "11" else row
