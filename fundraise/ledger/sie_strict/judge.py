"""The door: every fault of a SIE file of type 4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from fundraise.ledger.sie_strict import lines as reading
from fundraise.ledger.sie_strict.balances import balance_faults
from fundraise.ledger.sie_strict.checksum import LABEL as CHECKSUM
from fundraise.ledger.sie_strict.checksum import checksum_faults
from fundraise.ledger.sie_strict.declared import declared
from fundraise.ledger.sie_strict.faults import Fault
from fundraise.ledger.sie_strict.labels import ALWAYS, IN_4E, LABELS, NOT_IN_4I
from fundraise.ledger.sie_strict.lines import Line
from fundraise.ledger.sie_strict.vouchers import vouchers

Kind = Literal["4I", "4E"]


def faults(data: bytes, kind: Kind = "4I") -> list[Fault]:
    """Everything that is wrong with a file, by line; empty for a file that any program must take.

    Nothing in a file says whether it is 4I or 4E, so the caller does.
    """
    lines, found = reading.read(data)
    said = declared(lines)
    moved = vouchers(lines, said, feeder=kind == "4I")
    found += _shape(lines) + _order(lines) + _needed(lines, kind) + checksum_faults(lines)
    found += said.faults + moved.faults
    if kind == "4E":
        found += balance_faults(lines, said, moved.ore)
    return sorted(set(found))


def _shape(lines: Sequence[Line]) -> list[Fault]:
    """Known labels with as many fields as they have."""
    found = []
    for line in lines:
        if line.label in {"{", "}", CHECKSUM}:
            continue
        label = LABELS.get(line.label)
        if label is None:
            found.append(Fault(line.number, "7.1", f"{line.label} is no label of the standard"))
            continue
        fewest, most = label.fields
        if not fewest <= len(line.fields) <= most:
            text = f"{line.label} has {fewest} to {most} fields, not {len(line.fields)}"
            found.append(Fault(line.number, line.label, text))
    return found


def _order(lines: Sequence[Line]) -> list[Fault]:
    """The flag first, then the groups of 5.12 in their order."""
    found = []
    if not lines or lines[0].label != "#FLAGGA":
        found.append(Fault(lines[0].number if lines else 0, "5.12", "the flag is the first record"))
    reached = 0
    for line in lines:
        label = LABELS.get(line.label)
        if label is None:
            continue
        if label.group < reached:
            found.append(Fault(line.number, "5.12", f"{line.label} stands after a later group"))
        reached = max(reached, label.group)
    return found


def _needed(lines: Sequence[Line], kind: Kind) -> list[Fault]:
    """What must stand, what may stand once, and what 4I may not hold (section 6)."""
    counts = Counter(line.label for line in lines)
    must = ALWAYS if kind == "4I" else ALWAYS + IN_4E
    found = [Fault(0, "6", f"{label} is missing") for label in must if not counts[label]]
    seen: set[str] = set()
    for line in lines:
        label = LABELS.get(line.label)
        if label is not None and label.once and line.label in seen:
            found.append(Fault(line.number, "6", f"{line.label} stands twice"))
        seen.add(line.label)
        if kind == "4I" and line.label in NOT_IN_4I:
            found.append(Fault(line.number, "6", f"{line.label} may not stand in 4I"))
    return found
