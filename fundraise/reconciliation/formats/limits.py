"""How much of a file is read before it is refused. A bank's file stays far below all of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a stranger's file may cost at most."""

    bytes: int = 1_000_000_000
    lines: int = 1_000_000  # of one statement
    payments: int = 2_000_000  # of one statement
    statements: int = 10_000
    text: int = 10_000  # signs in one field
    silent_bytes: int = 4_000_000  # without the end of a payment or a line: memory stays flat
    prolog_bytes: int = 65_536  # before the first element or the header row
    columns: int = 200


LIMITS = Limits()
