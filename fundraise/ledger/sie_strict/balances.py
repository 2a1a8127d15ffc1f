"""What whole books must agree on: opening, movements and closing of each account (4E)."""

from __future__ import annotations

from collections.abc import Iterable

from fundraise.ledger.sie_strict.declared import Declared
from fundraise.ledger.sie_strict.faults import Fault
from fundraise.ledger.sie_strict.lines import Line
from fundraise.ledger.sie_strict.values import is_number, ore_of

KINDS = ("#IB", "#UB", "#RES")
RESULT_FROM = 3000

Balances = dict[tuple[str, int, int], int]


def balance_faults(lines: Iterable[Line], said: Declared, moved: dict[int, int]) -> list[Fault]:
    """Every balance that is misplaced, unreadable, or not what the other records make it."""
    faults: list[Fault] = []
    held: Balances = {}
    for line in lines:
        if line.label in KINDS:
            faults += _take(held, line, said)
    if 0 not in said.years:
        faults.append(Fault(0, "#RAR", "whole books name their year, 0"))
    return faults + _disagreements(held, moved)


def _take(held: Balances, line: Line, said: Declared) -> list[Fault]:
    kind, year, account = line.label, line.text(0), line.text(1)
    ore = ore_of(line.text(2))
    if ore is None:
        return [Fault(line.number, "5.9", f"{line.text(2)!r} is no sum")]
    if year not in {str(number) for number in said.years}:
        return [Fault(line.number, "#RAR", f"year {year!r} is not declared")]
    if not is_number(account) or int(account) not in said.accounts:
        return [Fault(line.number, "#KONTO", f"account {account!r} is not declared")]
    if (int(account) >= RESULT_FROM) != (kind == "#RES"):
        return [Fault(line.number, kind, f"account {account} is of the other kind")]
    key = (kind, int(year), int(account))
    if key in held:
        return [Fault(line.number, kind, f"account {account} of year {year} stands twice")]
    held[key] = ore
    return []


def _disagreements(held: Balances, moved: dict[int, int]) -> list[Fault]:
    found = []
    accounts = {account for _kind, _year, account in held} | moved.keys()
    for account in sorted(accounts):
        said = {(kind, year): held.get((kind, year, account), 0)
                for kind in KINDS for year in (0, -1)}  # fmt: skip
        if account >= RESULT_FROM:
            if said["#RES", 0] != moved.get(account, 0):
                found.append(Fault(0, "#RES", f"account {account}: not the sum of its rows"))
            continue
        if said["#UB", 0] != said["#IB", 0] + moved.get(account, 0):
            found.append(Fault(0, "#UB", f"account {account}: not #IB and the sum of its rows"))
        if said["#UB", -1] != said["#IB", 0] and any(year == -1 for _k, year, _a in held):
            found.append(Fault(0, "#IB", f"account {account}: not last year's #UB"))
    return found
