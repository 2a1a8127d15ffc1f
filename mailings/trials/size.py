"""How many people it takes to see a difference: said before anything is sent. Plain Python.

The formula asks when the rule of `rule.py` is expected to be crossed with the wanted power: the
mean of S against its boundary plus a normal quantile of its spread. An estimate, not a promise: it
stands on what earlier appeals brought.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from mailings.trials.rule import ALPHA, SHARPEST, log_mixture

POWER = 0.8
MOST = 100_000_000


@dataclass(frozen=True, slots=True)
class Usual:
    """What an appeal usually brings: givers per person mailed, their mean gift and its spread."""

    rate: float
    mean_ore: float
    variation: float = 1.5  # standard deviation by mean: gifts are skewed

    @property
    def mean_square(self) -> float:
        """The mean of a squared gift, öre²."""
        return self.mean_ore**2 * (1 + self.variation**2)

    def expected_ore2(self, people: int) -> float:
        """The sum of squared gifts that so many people are thought to give."""
        return max(people * self.rate * self.mean_square, 1.0)


def people_per_version(
    usual: Usual, *, more: float, versions: int = 2, alpha: float = ALPHA, power: float = POWER
) -> int:
    """People in each version to see that one brings `more` (0.2: a fifth more) kronor per person.

    Raises ValueError where nothing can be reckoned.
    """
    if not 0 < usual.rate <= 1 or usual.mean_ore <= 0 or more <= 0 or versions < 2:
        raise ValueError("a rate, a gift, a difference and two versions are needed")
    low, high = 1, MOST
    if not _enough(usual, more, high, versions, alpha, power):
        return MOST
    while low < high:
        middle = (low + high) // 2
        if _enough(usual, more, middle, versions, alpha, power):
            high = middle
        else:
            low = middle + 1
    return low


def smallest_seen(
    usual: Usual, people: int, *, versions: int = 2, alpha: float = ALPHA, power: float = POWER
) -> float:
    """The smallest difference that so many people per version are likely to show (0.2: 20 %)."""
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        if _enough(usual, middle, people, versions, alpha, power):
            high = middle
        else:
            low = middle
    return high


def _enough(
    usual: Usual, more: float, people: int, versions: int, alpha: float, power: float
) -> bool:
    """Whether S of the better version is likely to have crossed its boundary with these people."""
    square = people * usual.rate * usual.mean_square * (2 + more)
    spread = square / 4
    hoped = people * usual.rate * usual.mean_ore * more / 2
    certain = hoped - NormalDist().inv_cdf(power) * math.sqrt(spread)
    tau2 = SHARPEST / (usual.expected_ore2(2 * people) / 4)
    return certain > 0 and log_mixture(certain, spread, tau2) >= math.log(versions / alpha)
