"""Executed draws as a BgMax file, for a payee that has chosen that layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.registers import Register


class Booked(Protocol):
    @property
    def serial(self) -> int: ...
    @property
    def amount(self) -> int: ...
    @property
    def count(self) -> int: ...


def lines(
    register: Register, day: date, stamp: str, blocks: list[rows.Block],
    book: Callable[[rows.Block], Booked],
) -> list[str]:  # fmt: skip
    """Only what was executed and came in; a draw tells no payer number but a bankgiro."""
    payee = register.payee
    start = f"01{'BGMAX':20}01{rows.ymd(day)}{stamp:12}P{'':35}"
    found, payments, deposits = [start], 0, 0
    for block in blocks:
        booked = book(block)
        if block.kind != "15" or not booked.count:
            continue
        found.append(f"05{payee.bankgiro}{'':10}SEK{'':55}")
        for row in block.rows:
            if row.executed:
                found.extend(_payment(register, row))
        found.append(
            f"15{payee.account:0>35}{rows.ymd(block.day)}{booked.serial:05d}"
            f"{booked.amount:018d}SEK{booked.count:08d} "
        )
        payments, deposits = payments + booked.count, deposits + 1
    if not deposits:
        return []
    return [*found, f"70{payments:08d}{0:08d}{0:08d}{deposits:08d}{'':46}"]


def _payment(register: Register, row: rows.Drawn) -> list[str]:
    known = register.mandates.get(row.payer)
    on_bankgiro = known is not None and not known.account
    payer = row.payer[-10:] if on_bankgiro else "0" * 10
    first = f"20{payer}{row.payment.reference:25}{row.amount:018d}24{'':23}"
    if known is None or not on_bankgiro:
        return [first]
    return [first, f"29{'00' + known.identity[2:]}{'':66}"]
