"""Report files: their names, and the ways in which one arrives damaged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fundraise.sandbox.bankgirot.numbers import luhn
from fundraise.sandbox.bankgirot.sections import QUALIFIERS

EVENING = time(20)

# Where the total stands that is made wrong: the records that may hold it, first and last position.
TOTALS = {
    "specification": (("15", "16", "17"), 51, 68), "advice": (("09",), 15, 21),
    "emandates": (("59",), 15, 21), "rejected": (("09",), 39, 50), "changes": (("09",), 47, 52),
    "watch_register": (("09",), 57, 68),
}  # fmt: skip


@dataclass(frozen=True)
class ReportFile:
    name: str
    kind: str
    customer: str
    written: date
    data: bytes
    # "", or how it was damaged, or "again" when it came before.
    note: str = ""


def name_of(kind: str, customer: str, day: date, place: int) -> tuple[str, str]:
    """The data set name, and the rest of the time stamp within the file."""
    at = datetime.combine(day, EVENING) + timedelta(seconds=place)
    name = f"BFEP.{QUALIFIERS[kind]}.K0{customer}.D{at:%y%m%d}.T{at:%H%M%S}"
    return name, f"{at:%H%M%S}{place:06d}"


def bytes_of(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


def damaged(report: ReportFile, how: str) -> bytes:
    if how == "cut" or report.kind == "mandate_register":
        return report.data[: len(report.data) * 3 // 5 + 7]
    lines = report.data.decode("latin-1").split("\r\n")
    if how == "total":
        _wrong_total(lines, report.kind)
    elif how == "sign":
        lines = [_wrong_sign(line) for line in lines]
    else:
        # BgMax names the payee in its second record, and no customer.
        place = 1 if lines[0][2:7] == "BGMAX" else 0
        lines[place] = _wrong_owner(lines[place], report.customer)
    return "\r\n".join(lines).encode("latin-1")


def _wrong_total(lines: list[str], kind: str) -> None:
    codes, first, last = TOTALS[kind]
    if kind == "specification" and not any(line[:2] in codes for line in lines):
        # The old layout has a sum at its end only.
        codes, first, last = TOTALS["watch_register"]
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if line[:2] in codes:
            wrong = int(line[first - 1 : last]) + 1
            width = last - first + 1
            lines[place] = f"{line[: first - 1]}{wrong:0{width}d}{line[last:]}"
            return


def _wrong_sign(line: str) -> str:
    return line.replace("å", "?") if line[:2] == "09" else line


def _wrong_owner(line: str, customer: str) -> str:
    """Another customer number; another bankgiro where no customer number stands."""
    other = f"{(int(customer) + 1) % 1_000_000:06d}"
    for place in (64, 62):
        if line[place : place + 6] == customer:
            return line[:place] + other + line[place + 6 :]
    place = 2 if line[:2] == "05" else 14
    return line[:place] + _other_bankgiro(line[place : place + 10]) + line[place + 10 :]


def _other_bankgiro(digits: str) -> str:
    """The next number whose check digit is right."""
    number = int(digits) + 1
    while not luhn(str(number)):
        number += 1
    return f"{number:010d}"
