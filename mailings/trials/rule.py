"""When one version has won, by a rule that may be looked at as often as one likes. Plain Python.

The data are the first gifts of those who were asked, in the order they came. If the version made no
difference to anybody, then whose version each next giver had was a toss of the coin that split the
people, whatever the sums are. So with a share p of two versions' people having the one,

    S = sum of a_j (1[giver j had it] - p),   V = sum of a_j^2 / 4

and exp(l S - l^2 V / 2) is a supermartingale for every l (Hoeffding's lemma: each toss moves within
a range of a_j). Mixed over l with a half-normal density it stays one, and by Ville's inequality it
ever exceeds 1/alpha with a chance of at most alpha: at every hour, after any number of looks, and
for any sums, without a normal approximation (Robbins 1970; Howard et al. 2021, "Time-uniform,
nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49(2), the normal mixture).

Of k versions one wins when it has beaten every other at alpha / k: whichever of them are truly
equal, a false winner is announced with a chance of at most alpha.

A giver counts once, with the first gift (a monthly gift with what it promises in a year), at most
`cap_ore`: a later gift of theirs would be no new toss, and one very large sum says little.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALPHA = 0.05
# The mixture is sharpest near V = SHARPEST / tau^2 (Howard et al., section 3.5, for alpha = 0.05).
SHARPEST = 8.0


@dataclass(frozen=True, slots=True)
class FirstGift:
    """What one giver brought first, in öre, and the version that was sent to them."""

    variant: str
    ore: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The winner if there is one, and how sure each pair is (evidence: 20 is 1 in 20)."""

    winner: str
    evidence: Mapping[tuple[str, str], float]
    needed: float


class Race:
    """The state of a comparison; giving it the same gifts in the same order gives the same state.

    `shares` are the parts of the people by version; `expected_ore2` is what the sum of squared
    gifts is thought to be when half of what is hoped for has come: it makes the rule quick or slow,
    never wrong, and must be fixed before the first gift.
    """

    def __init__(
        self, shares: Mapping[str, int], *, expected_ore2: float, cap_ore: int, alpha: float = ALPHA
    ) -> None:
        if len(shares) < 2 or min(shares.values()) < 1:
            raise ValueError("at least two versions with people")
        if expected_ore2 <= 0 or cap_ore <= 0:
            raise ValueError("what is expected, and the cap, are above zero")
        self._shares = dict(shares)
        self._cap = cap_ore
        self._tau2 = SHARPEST / (expected_ore2 / 4)
        self._needed = len(shares) / alpha
        self._sums: dict[tuple[str, str], float] = defaultdict(float)
        self._spread: dict[tuple[str, str], float] = defaultdict(float)

    def add(self, gifts: Iterable[FirstGift]) -> None:
        """Take in the next first gifts, in the order they came."""
        for gift in gifts:
            ore = min(gift.ore, self._cap)
            for other in self._shares:
                if other != gift.variant:
                    self._toss(gift.variant, other, ore)

    def _toss(self, had: str, other: str, ore: int) -> None:
        share = self._shares[had] / (self._shares[had] + self._shares[other])
        self._sums[had, other] += ore * (1 - share)
        self._sums[other, had] -= ore * (1 - share)
        self._spread[had, other] += ore * ore / 4
        self._spread[other, had] += ore * ore / 4

    def verdict(self) -> Verdict:
        """What can be said now."""
        evidence = {
            (one, other): math.exp(min(self._log_evidence(one, other), 700.0))
            for one in self._shares
            for other in self._shares
            if one != other
        }
        winners = [
            one
            for one in self._shares
            if all(evidence[one, other] >= self._needed for other in self._shares if other != one)
        ]
        return Verdict(winners[0] if winners else "", evidence, self._needed)

    def _log_evidence(self, one: str, other: str) -> float:
        return log_mixture(self._sums[one, other], self._spread[one, other], self._tau2)


def log_mixture(total: float, spread: float, tau2: float) -> float:
    """The logarithm of exp(l S - l^2 V / 2) mixed over a half-normal l > 0 of variance tau2."""
    width = 1 + tau2 * spread
    return (
        math.log(2)
        - math.log(width) / 2
        + tau2 * total * total / (2 * width)
        + _log_normal_below(math.sqrt(tau2 / width) * total)
    )


def _log_normal_below(z: float) -> float:
    """The logarithm of the standard normal distribution, also far out on the left."""
    if z > -30:
        return math.log(math.erfc(-z / math.sqrt(2)) / 2)
    return -z * z / 2 - math.log(-z) - math.log(2 * math.pi) / 2
