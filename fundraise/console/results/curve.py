"""What an appeal brought hour by hour, as a line that adds up and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from mailings.attribution.results import Hour

SIDE = 1000  # the drawing is a square of this many units; the page stretches it


@dataclass(frozen=True, slots=True)
class Curve:
    """The hours and the kronor by the end of each."""

    hours: Sequence[Hour]
    sums: Sequence[int]

    @property
    def top_ore(self) -> int:
        return max(self.sums)

    @property
    def points(self) -> str:
        """A polyline that begins at nothing."""
        first, last = self.hours[0].hour, self.hours[-1].hour
        length = (last - first).total_seconds()
        told = [f"0,{SIDE}"]
        for one, ore in zip(self.hours, self.sums, strict=True):
            # One hour alone is drawn as what came in it.
            across = round((one.hour - first).total_seconds() * SIDE / length) if length else SIDE
            told.append(f"{across},{SIDE - max(ore, 0) * SIDE // max(self.top_ore, 1)}")
        return " ".join(told)

    @property
    def table(self) -> list[tuple[Hour, int, int]]:
        """Each hour with its clicks of people and the sum until then."""
        pairs = zip(self.hours, self.sums, strict=True)
        return [(one, one.facts.get("human_click", 0), ore) for one, ore in pairs]


def curve(hours: Sequence[Hour]) -> Curve | None:
    """None while nothing was given: a line at nothing says nothing."""
    sums = list(accumulate(one.received_ore for one in hours))
    return Curve(hours, sums) if any(sums) else None
