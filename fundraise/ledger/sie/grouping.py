"""Journals joined into vouchers: one for each day, series and kind (BFL 5:6).

Of one kind are journals that move money between the same accounts in the same direction: a day's
card gifts become one voucher, its fees another, its refunds a third. The voucher's label tells the
series, the year and the numbers it stands for, so that the way back is plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from fundraise.ledger.sie.rows import CAMPAIGN, DISTRICT, Line, Voucher

RESULT_FROM = 3000  # objects follow income and costs; a balance account is the whole entity's


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry: so many öre from `credit` to `debit`."""

    debit: int
    credit: int
    ore: int
    campaign: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One journal of the books."""

    key: int
    series: str
    series_name: str
    year: int
    number: int
    day: date
    text: str
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A voucher of the file and the journals in it, by key."""

    voucher: Voucher
    journals: tuple[int, ...]


def group(rows: Iterable[JournalRow]) -> list[Group]:
    """Vouchers in order of day, series and first number."""
    groups: dict[tuple[object, ...], list[JournalRow]] = {}
    for row in sorted(rows, key=lambda row: (row.day, row.series, row.year, row.number)):
        kind = tuple(sorted({(move.debit, move.credit) for move in row.movements}))
        groups.setdefault((row.day, row.series, row.year, kind), []).append(row)
    return [_joined(members) for members in groups.values()]


def single(row: JournalRow) -> Group:
    """A journal as a voucher of its own, under its own series and number (4E)."""
    voucher = Voucher(
        day=row.day,
        label=_label(row.series, row.year, [row.number]),
        text=row.text,
        lines=_lines(row.movements),
        series=row.series,
        number=row.number,
    )
    return Group(voucher, (row.key,))


def _joined(members: Sequence[JournalRow]) -> Group:
    first = members[0]
    numbers = [row.number for row in members]
    text = first.text if len(members) == 1 else f"({len(members)} st) {first.series_name}"
    voucher = Voucher(
        day=first.day,
        label=_label(first.series, first.year, numbers),
        text=text,
        lines=_lines(move for row in members for move in row.movements),
    )
    return Group(voucher, tuple(row.key for row in members))


def _label(series: str, year: int, numbers: Sequence[int]) -> str:
    ends = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}..{numbers[-1]}"
    return f"{series}{year}-{ends}"


def _lines(movements: Iterable[Movement]) -> tuple[Line, ...]:
    """Debits before credits, one line for each account and objects."""
    sums: dict[tuple[int, int, tuple[tuple[int, str], ...]], int] = {}
    for move in movements:
        for account, side, sign in ((move.debit, 0, 1), (move.credit, 1, -1)):
            key = (side, account, _objects(account, move))
            sums[key] = sums.get(key, 0) + sign * move.ore
    return tuple(Line(account, sums[key], key[2]) for key in sorted(sums) for account in [key[1]])


def _objects(account: int, move: Movement) -> tuple[tuple[int, str], ...]:
    if account < RESULT_FROM:
        return ()
    pairs = ((DISTRICT, move.district), (CAMPAIGN, move.campaign))
    return tuple((dimension, code) for dimension, code in pairs if code)
