"""First and last records of reports, in the new layout and the old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.config import Payee

CLEARING = "9900"
# A minus sign folded into the last digit.
SIGNED = "åJKLMNOPQR"
# A sum has twelve places. What stands there when it needs more, the manual does not say.
MOST = 10**12 - 1


def new(payee: Payee, day: date, content: str, stamp: str = "") -> str:
    return (
        f"01{'AUTOGIRO':20}  {rows.ymd(day)}{stamp:12}{content:20}{payee.customer}{payee.bankgiro}"
    )


def old(payee: Payee, day: date, content: str = "") -> str:
    return f"01{rows.ymd(day)}AUTOGIRO{CLEARING}{content:40}{payee.customer}{payee.bankgiro}  "


def without_customer(code: str, payee: Payee, day: date, content: str) -> str:
    """E-mandates, and mandate advice of the old layout."""
    return f"{code}{rows.ymd(day)}{CLEARING}{payee.bankgiro}{content:56}"


def end_count(code: str, day: date, count: int) -> str:
    return f"{code}{rows.ymd(day)}{CLEARING}{count:07d}{'':59}"


def end_rejected(day: date, found: Iterable[rows.Rejected]) -> str:
    (outs, out_sum), (ins, in_sum) = _totals((row.code, row.amount) for row in found)
    return f"09{rows.ymd(day)}{CLEARING}{outs:06d}{out_sum:012d}{ins:06d}{in_sum:012d}{'':30}"


def end_sums(day: date, found: Iterable[tuple[str, int]], *, signed: bool = False) -> str:
    """Cancellations (signed), the watch register, the old payment specification."""
    (outs, out_sum), (ins, in_sum) = _totals(found)
    show = negative if signed else "{:012d}".format
    return (
        f"09{rows.ymd(day)}{CLEARING}{'':14}{show(out_sum)}{outs:06d}{ins:06d}{'0' * 4}"
        f"{show(in_sum)}{'0' * 12}"
    )


def negative(amount: int) -> str:
    plain = f"{amount:012d}"
    return plain if amount == 0 else plain[:-1] + SIGNED[int(plain[-1])]


def end_specification(day: date, blocks: list[rows.Block]) -> str:
    """How many blocks of each kind, and how many executed rows they hold."""
    text = f"09{rows.ymd(day)}{CLEARING}"
    for kind in ("15", "16", "17"):
        mine = [block for block in blocks if block.kind == kind]
        executed = sum(row.executed for block in mine for row in block.rows)
        text += f"{len(mine):06d}{executed:012d}"
    return f"{text}{'':12}"


def _totals(found: Iterable[tuple[str, int]]) -> tuple[tuple[int, int], tuple[int, int]]:
    counts, sums = {rows.OUT: 0, rows.IN: 0}, {rows.OUT: 0, rows.IN: 0}
    for code, amount in found:
        if code in counts:
            counts[code] += 1
            sums[code] = min(sums[code] + amount, MOST)
    return (counts[rows.OUT], sums[rows.OUT]), (counts[rows.IN], sums[rows.IN])
