"""What the file says about itself before the first balance: years, accounts, objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from fundraise.ledger.sie_strict.faults import Fault
from fundraise.ledger.sie_strict.lines import Line
from fundraise.ledger.sie_strict.values import day_of, is_number

RESERVED = {1: "cost centre", 2: "cost bearer", 6: "project", 7: "employee", 8: "customer",
            9: "supplier", 10: "invoice"}  # fmt: skip


@dataclass
class Declared:
    """Filled line by line; `faults` holds what is wrong with the lines themselves."""

    years: dict[int, tuple[date, date]] = field(default_factory=dict)
    accounts: set[int] = field(default_factory=set)
    dimensions: set[int] = field(default_factory=lambda: set(RESERVED))
    objects: set[tuple[int, str]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def bad(self, line: Line, rule: str, text: str) -> None:
        self.faults.append(Fault(line.number, rule, text))


_Take = Callable[[Declared, Line], None]


def declared(lines: Iterable[Line]) -> Declared:
    found = Declared()
    for line in lines:
        if (take := _TAKEN.get(line.label)) is not None:
            take(found, line)
    return found


def _fixed(value: str, rule: str) -> _Take:
    def take(found: Declared, line: Line) -> None:
        if line.text(0) != value:
            found.bad(line, rule, f"{line.label} is {value}, not {line.text(0)!r}")

    return take


def _flag(found: Declared, line: Line) -> None:
    if line.text(0) not in {"0", "1"}:
        found.bad(line, "#FLAGGA", "the flag is 0 or 1")


def _made(found: Declared, line: Line) -> None:
    if day_of(line.text(0)) is None:
        found.bad(line, "5.10", f"{line.text(0)!r} is no day written YYYYMMDD")


def _filled(found: Declared, line: Line) -> None:
    if any(not field.text for field in line.fields):
        found.bad(line, "5.15", f"{line.label} has an empty field: leave the record out")


def _org_number(found: Declared, line: Line) -> None:
    if not re.fullmatch("[0-9]{6}-[0-9]{4}", line.text(0)):
        found.bad(line, "#ORGNR", "an organisation number has a hyphen after the sixth digit")


def _year(found: Declared, line: Line) -> None:
    start, end = day_of(line.text(1)), day_of(line.text(2))
    if start is None or end is None or end < start or not re.fullmatch("0|-[0-9]", line.text(0)):
        found.bad(line, "#RAR", "a year has its number (0, -1 …), its first day and its last")
        return
    if int(line.text(0)) in found.years:
        found.bad(line, "#RAR", f"year {line.text(0)} stands twice")
    found.years[int(line.text(0))] = (start, end)


def _account(found: Declared, line: Line) -> None:
    _filled(found, line)
    if not is_number(line.text(0)):
        found.bad(line, "#KONTO", f"the account {line.text(0)!r} is no number")
        return
    if int(line.text(0)) in found.accounts:
        found.bad(line, "#KONTO", f"account {line.text(0)} stands twice")
    found.accounts.add(int(line.text(0)))


def _account_kind(found: Declared, line: Line) -> None:
    if line.text(1) not in {"T", "S", "K", "I"}:
        found.bad(line, "#KTYP", "the kind of an account is T, S, K or I")


def _dimension(found: Declared, line: Line) -> None:
    _filled(found, line)
    if not is_number(line.text(0)):
        found.bad(line, "#DIM", f"the dimension {line.text(0)!r} is no number")
        return
    number = int(line.text(0))
    if number not in RESERVED and number < 20:
        found.bad(line, "8.17", f"dimension {number} is reserved")
    found.dimensions.add(number)


def _object(found: Declared, line: Line) -> None:
    _filled(found, line)
    if not is_number(line.text(0)) or int(line.text(0)) not in found.dimensions:
        found.bad(line, "#OBJEKT", f"an object of dimension {line.text(0)!r}, which is not there")
        return
    key = (int(line.text(0)), line.text(1))
    if key in found.objects:
        found.bad(line, "#OBJEKT", f"the object {line.text(1)!r} stands twice")
    found.objects.add(key)


_TAKEN: dict[str, _Take] = {
    "#FLAGGA": _flag,
    "#PROGRAM": _filled,
    "#FORMAT": _fixed("PC8", "#FORMAT"),
    "#GEN": _made,
    "#SIETYP": _fixed("4", "#SIETYP"),
    "#FNAMN": _filled,
    "#ORGNR": _org_number,
    "#KPTYP": _filled,
    "#RAR": _year,
    "#KONTO": _account,
    "#KTYP": _account_kind,
    "#DIM": _dimension,
    "#UNDERDIM": _dimension,
    "#OBJEKT": _object,
}
