"""Which known donor a giver is. Plain Python; the rules of design.md, rule 8.

The e-mail address leads. A couple may share one, so that among several donors the name decides, and
when it does not the question is left to a person. Nothing is ever guessed from the name alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Candidate:
    """A donor with the giver's e-mail address."""

    donor_id: int
    same_name: bool


@dataclass(frozen=True)
class Match:
    """What is known of a giver. `same_name` is False when the address alone decided."""

    outcome: Literal["one", "undecided", "none"]
    donor_id: int | None = None
    same_name: bool = False
    candidates: tuple[int, ...] = ()


def choose(candidates: Sequence[Candidate]) -> Match:
    """One with the address: that one. Several: the only one whose name agrees. Else nobody."""
    everyone = tuple(sorted(candidate.donor_id for candidate in candidates))
    if not candidates:
        return Match("none")
    named = [candidate for candidate in candidates if candidate.same_name]
    chosen = candidates if len(candidates) == 1 else named
    if len(chosen) != 1:
        return Match("undecided", candidates=everyone)
    return Match("one", chosen[0].donor_id, chosen[0].same_name, everyone)
