"""The sums a person is asked for: from what they gave, rounded to sums that people give.

One, one and a half, two and three times the gift, each rounded to a friendly step and kept within
the campaign's smallest and largest gift; the first three that differ. Nobody is asked for less than
the gift they gave before, unless the campaign takes no such sum. Who never gave, and whom we may
not target, gets the campaign's own sums.
"""

from __future__ import annotations

from collections.abc import Sequence

KRONA = 100
SHARES = ((1, 1), (3, 2), (2, 1), (3, 1))
UP = ((5, 4), (3, 2), (2, 1))  # for who gives every month already: always more than now
ONCE_TO_MONTHLY = 10
# Below this many kronor, steps of so many.
STEPS = ((100, 10), (500, 50), (2_000, 100), (10_000, 500), (50_000, 1_000))
WIDEST = 5_000

Rungs = tuple[int, int, int]


def friendly(ore: int) -> int:
    """Whole kronor up to the next sum that people give: 170 → 200, 1 230 → 1 300."""
    step = _step(ore) * KRONA
    return max(1, -(-ore // step)) * step


def _step(ore: int) -> int:
    return next((step for below, step in STEPS if ore < below * KRONA), WIDEST)


def once(base_ore: int, standard: Sequence[int], minimum_ore: int, maximum_ore: int) -> Rungs:
    """Three sums for a gift once, after a gift of `base_ore` (0: none that we may look at)."""
    wanted = [friendly(base_ore * n // d) for n, d in SHARES] if base_ore > 0 else [*standard]
    return _three(wanted, minimum_ore, maximum_ore)


def monthly(
    base_ore: int, now_ore: int, standard: Sequence[int], minimum_ore: int, maximum_ore: int
) -> Rungs:
    """Three sums a month: more than now for who gives monthly, else a tenth of a gift once."""
    if now_ore > 0:
        wanted = [_above(now_ore, n, d) for n, d in UP]
    elif base_ore > 0:
        wanted = [friendly(base_ore * n // d // ONCE_TO_MONTHLY) for n, d in SHARES]
    else:
        wanted = [*standard]
    return _three(wanted, minimum_ore, maximum_ore)


def _above(now_ore: int, n: int, d: int) -> int:
    """At least ten kronor more than now."""
    return max(friendly(now_ore * n // d), friendly(now_ore + 10 * KRONA))


def _three(wanted: Sequence[int], minimum_ore: int, maximum_ore: int) -> Rungs:
    """The first three that differ, within the limits; more are found above the first, or below."""
    low = -(-minimum_ore // KRONA) * KRONA
    high = max(low, maximum_ore // KRONA * KRONA)
    kept = sorted({min(max(ore, low), high) for ore in wanted})[:3] or [low]
    above = kept[0]
    while len(kept) < 3 and above < high:
        above = min(friendly(above + KRONA), high)
        kept = sorted({*kept, above})
    while len(kept) < 3 and kept[0] > low:
        kept = [max(_below(kept[0]), low), *kept]
    for ore in range(low, high + 1, KRONA):  # limits so near that no friendly sum is left
        if len(kept) >= 3:
            break
        kept = sorted({*kept, ore})
    while len(kept) < 3:
        kept.append(kept[-1])
    return kept[0], kept[1], kept[2]


def _below(ore: int) -> int:
    step = _step(ore - KRONA) * KRONA
    return max((ore - KRONA) // step, 0) * step
