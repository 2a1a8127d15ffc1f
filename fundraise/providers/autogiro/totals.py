"""What must add up in a file: counts and sums of end records and deposits. Plain Python.

A difference refuses the file; where Bankgirot's own examples differ it is a remark. Counts of the
payment specification are of executed payments (technical manual 8.2; an older edition of the
example counts all of them, hence a remark there), and sums of changes are of those done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fundraise.providers.autogiro.errors import FormatError, Remark
from fundraise.providers.autogiro.reports import Deposit, RefundLine

if TYPE_CHECKING:
    from fundraise.providers.autogiro.kinds import Section

Found = Iterable[Remark]
OUT, INTO = "32", "82"
DONE = {"12", "14", "18"}
PAID = {"0", ""}
OF_DEPOSIT = {"15": INTO, "16": OUT, "17": "77"}  # which payments follow it
FIVE = ("52", "53", "54", "55", "56")


def nothing(_section: Section) -> Found:
    """A kind of file that has no totals."""
    return ()


def orders(section: Section) -> Found:
    """Every order names the opening record's bankgiro number (comment 29, code 15 otherwise).

    A remark only: Bankgirot would answer with the code, and its example of such a case is an order.
    """
    ours = section.opening.bankgiro
    return [
        Remark("other_bankgiro", at, 3, (("said", row.bankgiro), ("found", ours)))
        for at, row in section.lines
        if row.bankgiro != ours
    ]


# --- Payment specification ------------------------------------------------------------------------
def specification(section: Section) -> Found:
    """Blocks add up to their TK15, TK16 and TK17; the end record counts them."""
    seen = {"15": 0, "16": 0, "17": 0, INTO: 0, OUT: 0, "77": 0}
    for deposit_at, deposit, block in _blocks(section):
        seen[deposit.code] += 1
        refunds = deposit.code == "17"
        paid = block if refunds else [row for row in block if row.status in PAID]
        seen[OF_DEPOSIT[deposit.code]] += len(paid)
        _same(deposit_at, 72, "payments", deposit.number, len(paid))
        _same_sum(deposit_at, 51, "the block's payments", deposit.amount_ore, paid)
    end, at = section.end, section.ended_at
    _same(at, 15, "deposits", end.deposits, seen["15"])
    _same(at, 33, "withdrawals", end.withdrawals, seen["16"])
    _same(at, 51, "refund withdrawals", end.refund_withdrawals, seen["17"])
    _same(at, 57, "refunds", end.refunds, seen["77"])
    yield from _loosely(at, 21, "paid from payers", end.paid_in, seen[INTO])
    yield from _loosely(at, 39, "paid to payers", end.paid_out, seen[OUT])


def _blocks(section: Section) -> Iterator[tuple[int, Deposit, list[Any]]]:
    """Each deposit with the payments behind it. Raises FormatError when one has no deposit."""
    current: tuple[int, Deposit, list[Any]] | None = None
    wanted, append = "", list[Any]().append
    for at, row in section.lines:
        if type(row) is Deposit:
            if current is not None:
                yield current
            current = (at, row, [])
            wanted, append = OF_DEPOSIT[row.code], current[2].append
        elif wanted == ("77" if type(row) is RefundLine else row.direction):
            append(row)
        else:
            raise FormatError("order", at, 1, record=_code_of(row))
    if current is not None:
        yield current


def _code_of(row: Any) -> str:
    return "77" if isinstance(row, RefundLine) else str(row.direction)


# --- Other reports --------------------------------------------------------------------------------
def advice(section: Section) -> Found:
    """The number of TK73."""
    _same(section.ended_at, 15, "mandates", section.end.records, len(section.lines))
    return ()


def rejected(section: Section) -> Found:
    """Number and sum of each direction; a sum that was no number is not in it."""
    end, at = section.end, section.ended_at
    places = (
        (OUT, 15, 21, end.number_out, end.sum_out_ore),
        (INTO, 33, 39, end.number_in, end.sum_in_ore),
    )
    for direction, count_at, sum_at, number, ore in places:
        rows = [row for _at, row in section.lines if row.direction == direction]
        _same(at, count_at, f"records {direction}", number, len(rows))
        known = [row for row in rows if row.amount_ore is not None]
        _same_sum(at, sum_at, f"records {direction}", ore, known)
    return ()


def changes(section: Section) -> Found:
    """Number and sum of what was done, in each direction; sums may be written below zero."""
    done = [row for _at, row in section.lines if row.comment in DONE]
    return _trailer(section, done)


def watch(section: Section) -> Found:
    """Number and sum of everything, in each direction."""
    return _trailer(section, [row for _at, row in section.lines])


def _trailer(section: Section, rows: list[Any]) -> Found:
    end, at = section.end, section.ended_at
    out = [row for row in rows if row.direction == OUT]
    into = [row for row in rows if row.direction == INTO]
    _same(at, 41, "records 32", end.number_out, len(out))
    _same(at, 47, "records 82", end.number_in, len(into))
    _same_sum(at, 29, "records 32", abs(end.sum_out_ore), out)
    _same_sum(at, 57, "records 82", abs(end.sum_in_ore), into)
    return ()


def e_mandates(section: Section) -> Found:
    """Five records for each mandate, in order; the end record counts records, not mandates."""
    for n, (at, row) in enumerate(section.lines):
        wanted = FIVE[n % 5]
        if _tk(row) != wanted:
            raise FormatError("order", at, 1, record=_tk(row))
    if len(section.lines) % 5:
        raise FormatError("order", section.ended_at, 1, record="59")
    _same(section.ended_at, 15, "records", section.end.records, len(section.lines))
    return ()


def _tk(row: Any) -> str:
    names = {"EMandate": "52", "EMandateText": "53", "EMandateTown": "56"}
    return names.get(type(row).__name__) or str(row.code)


# --- BgMax ----------------------------------------------------------------------------------------
def bgmax(section: Section) -> Found:
    """Each TK15 is its payments less its deductions; TK70 counts records of each kind."""
    seen = dict.fromkeys(("20", "21", "22", "23", "15"), 0)
    ore = number = 0
    for at, row in section.lines:
        name = type(row).__name__
        if name == "BgMaxSection":
            ore = number = 0
        elif name == "BgMaxPayment":
            seen[row.code] += 1
            number += row.code in {"20", "21"}
            ore += {"20": row.amount_ore, "21": -row.amount_ore}.get(row.code, 0)
        elif name == "BgMaxDeposit":
            seen["15"] += 1
            if row.number is not None:
                _same(at, 72, "payments", row.number, number)
            if row.amount_ore != ore:
                raise _wrong_sum(at, 51, "the section's payments", row.amount_ore, ore)
    end, at = section.end, section.ended_at
    _same(at, 3, "payments", end.payments, seen["20"])
    _same(at, 11, "deductions", end.deductions, seen["21"])
    _same(at, 19, "further references", end.references, seen["22"] + seen["23"])
    _same(at, 27, "deposits", end.deposits, seen["15"])
    return ()


# --- Comparing ------------------------------------------------------------------------------------
def _same(at: int, column: int, what: str, said: int, found: int) -> None:
    if said != found:
        raise FormatError("count", at, column, what=what, said=said, found=found)


def _same_sum(at: int, column: int, what: str, said: int, rows: Iterable[Any]) -> None:
    found = sum([row.amount_ore for row in rows])
    if said != found:
        raise _wrong_sum(at, column, what, said, found)


def _wrong_sum(at: int, column: int, what: str, said: int, found: int) -> FormatError:
    return FormatError("sum", at, column, what=what, said=said, found=found)


def _loosely(at: int, column: int, what: str, said: int, found: int) -> Iterator[Remark]:
    if said != found:
        values = (("what", what), ("said", str(said)), ("found", str(found)))
        yield Remark("count", at, column, values)


Check = Callable[["Section"], Found]
