"""A payout on its way to the account: in time or late, whole or in parts, and back again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from fundraise.sandbox import bankdays
from fundraise.sandbox.bank.handout import Fault
from fundraise.sandbox.bank.knobs import PAYOUT_FAULTS, Dice
from fundraise.sandbox.bank.moves import Move
from fundraise.sandbox.bank.sources import returned

SPLIT_PERCENT = 50


@dataclass
class Planned:
    moves: list[tuple[date, Move]]
    faults: list[Fault] = field(default_factory=list)


def planned(move: Move, day: date, dice: Dice) -> Planned:
    """When and how a payout is booked; one fault at most, and none of what is taken back."""
    able = PAYOUT_FAULTS if move.amount_ore > 1 else PAYOUT_FAULTS[:1]
    fault = next((name for name in able if dice.falls(name, move.account)), "")
    later = bankdays.after(day, max(1, dice.knobs.late_days))
    if not fault:
        return Planned([(day, move)])
    mark = fault.removeprefix("payout.")
    whole = replace(move, marks=(mark,))
    moves, right = {
        "late": ([(later, whole)], later),
        "split": (_parts(whole, SPLIT_PERCENT, day, day), day),
        "partial": (_parts(whole, dice.knobs.partial_percent, day, later), later),
        "returned": ([(day, whole), (bankdays.after(day), returned(whole))], None),
    }[mark]
    return Planned(moves, [Fault(day, fault, move.account, move.source, right)])


def _parts(move: Move, percent: int, first: date, second: date) -> list[tuple[date, Move]]:
    part = max(1, move.amount_ore * percent // 100)
    rest = move.amount_ore - part
    return [(first, replace(move, amount_ore=part)), (second, replace(move, amount_ore=rest))]
