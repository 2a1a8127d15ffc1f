"""Vouchers: their braces, rows, balance and numbers (4B section 12, #VER and #TRANS)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fundraise.ledger.sie_strict.declared import Declared
from fundraise.ledger.sie_strict.faults import Fault
from fundraise.ledger.sie_strict.labels import ROWS
from fundraise.ledger.sie_strict.lines import Field, Line, pairs
from fundraise.ledger.sie_strict.values import day_of, is_number, ore_of


@dataclass
class Moved:
    """What the vouchers did: öre by account, the faults, and the last number of each series."""

    ore: dict[int, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)


def vouchers(lines: Iterable[Line], said: Declared, *, feeder: bool) -> Moved:
    """Walk through all lines; `feeder` for 4I, which leaves series and number empty."""
    moved = Moved()
    head: Line | None = None  # the #VER whose braces are open or about to open
    is_open = False
    rows: list[Line] = []
    for line in lines:
        if line.label == "#VER":
            if head is not None:
                _bad(moved, head, "5.4", "a voucher's rows stand between braces")
            head, is_open, rows = line, False, []
            _head(moved, line, said, feeder=feeder)
        elif line.label == "{":
            if head is None or is_open:
                _bad(moved, line, "5.4", "a brace that opens no voucher")
            is_open = head is not None
        elif line.label == "}":
            if head is None or not is_open:
                _bad(moved, line, "5.4", "a brace that closes no voucher")
            else:
                _rows(moved, head, rows, said)
            head, is_open, rows = None, False, []
        elif line.label in ROWS:
            if not is_open:
                _bad(moved, line, "#TRANS", f"{line.label} outside a voucher")
            rows.append(line)
        elif head is not None:
            _bad(moved, line, "5.4", f"{line.label} inside a voucher")
    if head is not None:
        _bad(moved, head, "5.4", "the voucher's braces do not close")
    return moved


def _bad(moved: Moved, line: Line, rule: str, text: str) -> None:
    moved.faults.append(Fault(line.number, rule, text))


def _head(moved: Moved, line: Line, said: Declared, *, feeder: bool) -> None:
    series, number = line.text(0), line.text(1)
    day = day_of(line.text(2))
    if day is None:
        _bad(moved, line, "5.10", f"{line.text(2)!r} is no day written YYYYMMDD")
    elif 0 in said.years and not said.years[0][0] <= day <= said.years[0][1]:
        _bad(moved, line, "#RAR", f"{line.text(2)} is outside the financial year")
    if len(line.fields) > 4 and line.text(4) and day_of(line.text(4)) is None:
        _bad(moved, line, "5.10", f"{line.text(4)!r} is no day written YYYYMMDD")
    if feeder:
        if series or number:
            _bad(moved, line, "#VER", "4I leaves series and number to the program that reads it")
        return
    if not number:
        return
    if not is_number(number):
        _bad(moved, line, "#VER", f"the number {number!r} is no number")
        return
    if int(number) <= moved.last.get(series, 0):
        _bad(moved, line, "#VER", f"number {number} of series {series!r} is not the next higher")
    moved.last[series] = int(number)


def _rows(moved: Moved, head: Line, rows: list[Line], said: Declared) -> None:
    if not any(row.label == "#TRANS" for row in rows):
        _bad(moved, head, "#VER", "the voucher has no rows")
        return
    total = 0
    for place, row in enumerate(rows):
        ore = _row(moved, row, said)
        if row.label == "#RTRANS":
            after = rows[place + 1] if place + 1 < len(rows) else None
            if after is None or after.label != "#TRANS" or after.fields != row.fields:
                _bad(moved, row, "#RTRANS", "an added row is followed by the same as #TRANS")
        elif row.label == "#TRANS":
            total += ore
            if is_number(row.text(0)):
                account = int(row.text(0))
                moved.ore[account] = moved.ore.get(account, 0) + ore
    if total:
        _bad(moved, head, "#TRANS", f"the rows add up to {total} öre, not to 0")


def _row(moved: Moved, row: Line, said: Declared) -> int:
    """The row's öre, 0 where they can't be read."""
    if not is_number(row.text(0)) or int(row.text(0)) not in said.accounts:
        _bad(moved, row, "#KONTO", f"account {row.text(0)!r} is not declared")
    _objects(moved, row, said)
    if len(row.fields) > 3 and row.text(3) and day_of(row.text(3)) is None:
        _bad(moved, row, "5.10", f"{row.text(3)!r} is no day written YYYYMMDD")
    ore = ore_of(row.text(2))
    if ore is None:
        _bad(moved, row, "5.9", f"{row.text(2)!r} is no sum")
    return ore or 0


def _objects(moved: Moved, row: Line, said: Declared) -> None:
    held = row.fields[1] if len(row.fields) > 1 else Field("bare", "")
    found = pairs(held.text) if held.kind == "list" else None
    if found is None:
        _bad(moved, row, "8.21", "an object list is pairs in braces")
        return
    for dimension, code in found:
        if not is_number(dimension) or (int(dimension), code) not in said.objects:
            _bad(moved, row, "#OBJEKT", f"the object {dimension} {code!r} is not declared")
