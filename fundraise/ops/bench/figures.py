"""What a benchmark says: a figure, what it is held against, and the ratio of the two."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

CEILING = "ceiling"
A_TENTH, TRIAL = 0.1, 0.05


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the benchmarks. `at_most` or `at_least` is what the ratio should be."""

    bench: str
    case: str
    value: float
    unit: str
    against: str
    ratio: float | None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the ratio is where it should be; True where nothing is asked."""
        if self.ratio is None:
            return True
        low, high = self.at_least, self.at_most
        return (low is None or self.ratio >= low) and (high is None or self.ratio <= high)

    def as_json(self) -> dict[str, object]:
        """The stable form: documented in docs/benchmarks.md."""
        found = asdict(self)
        found["value"] = significant(self.value)
        found["ratio"] = None if self.ratio is None else significant(self.ratio)
        return found | {"reached": self.reached}


def significant(number: float) -> float:
    """Three significant digits: more would be noise."""
    return float(f"{number:.3g}")


def scale() -> float:
    """The share of the full sizes: SCALE=full is 1, SCALE=0.01 a hundredth, nothing a tenth."""
    given = os.environ.get("SCALE", "")
    if not given:
        return A_TENTH
    share = 1.0 if given == "full" else float(given)
    if not 0 < share <= 1:
        raise ValueError("SCALE: write full, or a share such as 0.1")
    return share


def sized(at_full: float, least: int = 1) -> int:
    """A size at the scale that is asked for, and not below the least that means anything."""
    return max(least, round(at_full * scale()))


def rounds(measures: Sequence[Callable[[], float]], number: int) -> list[list[float]]:
    """Measure in turn, again and again, so that a busy moment of the machine meets all alike.

    Once where the scale is too small for a figure to mean anything: it is a trial then.
    """
    found: list[list[float]] = [[] for _ in measures]
    for _ in range(number if scale() >= TRIAL else 1):
        for kept, measure in zip(found, measures, strict=True):
            kept.append(measure())
    return found


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def middle_ratio(values: Sequence[float], ceilings: Sequence[float]) -> float:
    """The median of the rounds' ratios: value and ceiling of a round were measured together."""
    return middle([value / ceiling for value, ceiling in zip(values, ceilings, strict=True)])
