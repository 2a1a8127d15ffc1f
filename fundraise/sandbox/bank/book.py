"""The bank's books of one account: a statement each bank day, each from where the last ended."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.moves import Entry, Move, Payment, Statement

# Family and sub-family of ISO's domain PMNT, for money that comes and for money that goes.
CODES = {
    "giro": (("RCDT", "VCOM"), ("ICDT", "VCOM")),
    "swish": (("RCDT", "ESCT"), ("ICDT", "ESCT")),
    "transfer": (("RCDT", "DMCT"), ("ICDT", "DMCT")),
    "payout": (("RCDT", "DMCT"), ("ICDT", "DMCT")),
    "autogiro": (("IDDT", "BBDD"), ("RDDT", "BBDD")),
    "bank": (("RCDT", "OTHR"), ("ICDT", "OTHR")),
}
BY_KIND = {"interest": ("MCOP", "INTR"), "bank_fee": ("MDOP", "CHRG"), "salary": ("ICDT", "SALA"),
           "own_transfer": ("RCDT", "BOOK")}  # fmt: skip
RETURNED = ("RCDT", "RRTN")
# How far back a CSV can be asked for.
KEPT_DAYS = 70
TEXTS = {"giro": "Bankgiroinbetalning", "swish": "Inbetalning Swish", "autogiro": "Autogiro"}


@dataclass
class Book:
    account: BankAccount
    balance_ore: int = 0
    sequence: int = 0
    statements: list[Statement] = field(default_factory=list)

    def post(self, day: date, moves: Iterable[Move], dice: random.Random) -> Statement:
        """The day's statement; numbers begin anew each year."""
        before = self.statements[-1].day if self.statements else None
        self.sequence = 1 if before and before.year != day.year else self.sequence + 1
        opening, entries = self.balance_ore, []
        for place, group in enumerate(self._groups(moves), 1):
            total = sum(move.amount_ore for move in group)
            self.balance_ore += total
            ref = f"{day:%y%m%d}{self.account.number[-4:]}{place:05d}"
            entries.append(self._entry(ref, day, total, group, dice))
        return Statement(self.account, day, self.sequence, opening, self.balance_ore,
                         tuple(entries))  # fmt: skip

    def _groups(self, moves: Iterable[Move]) -> Iterator[list[Move]]:
        """What is booked as one line: the day's giro payments, and Swish when agreed so."""
        sums: dict[str, list[Move]] = {}
        for move in moves:
            if self._summed(move):
                sums.setdefault(move.channel, []).append(move)
            else:
                yield [move]
        yield from sums.values()

    def _summed(self, move: Move) -> bool:
        incoming = move.amount_ore > 0 and not move.reason
        return incoming and (
            move.channel == "giro" or (move.channel == "swish" and self.account.swish_sum)
        )

    def _entry(
        self, ref: str, day: date, total: int, group: list[Move], dice: random.Random
    ) -> Entry:
        batch, first = self._summed(group[0]), group[0]
        payments = tuple(
            Payment(move, _ref(move, f"{ref}{n:06d}" if batch else ref, dice))
            for n, move in enumerate(group, 1)
        )
        return Entry(ref, day, total, self.balance_ore, text_of(first, batch=batch),
                     code_of(first), payments, batch)  # fmt: skip

    def remember(self, statement: Statement) -> None:
        self.statements = [*self.statements[1 - KEPT_DAYS :], statement]


def _ref(move: Move, ref: str, dice: random.Random) -> str:
    """Of a Swish payment Getswish's own name, 32 hex digits; else the bank's."""
    return f"{dice.getrandbits(128):032X}" if move.channel == "swish" else ref


def code_of(move: Move) -> tuple[str, str]:
    if move.reason:
        return RETURNED
    family = BY_KIND.get(move.kind)
    if family is not None:
        return ("ICDT", "BOOK") if move.kind == "own_transfer" and move.amount_ore < 0 else family
    return CODES[move.channel][move.amount_ore < 0]


def text_of(move: Move, *, batch: bool) -> str:
    """What the account holder reads on the line."""
    if batch:
        return TEXTS[move.channel]
    if move.reason:
        return f"Retur {move.name}"
    if move.channel == "swish":
        return "Inbetalning Swish" if move.amount_ore > 0 else "Utbetalning Swish"
    return move.message or move.name
