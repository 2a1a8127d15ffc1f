"""How much, how, and what it costs: the usual shapes of giving."""

from __future__ import annotations

from itertools import accumulate
from random import Random

KRONA = 100
# The page's suggested sums draw most gifts; the rest are people's own.
LADDER = {50: 6, 100: 24, 150: 4, 200: 16, 250: 14, 300: 6, 500: 18, 1000: 9, 2000: 2, 5000: 1}
OWN_SUM = 0.22
MEDIAN_KRONOR, SPREAD = 240.0, 0.95
SMALLEST, LARGEST = 20, 50_000
ANONYMOUS_MOST = 500 * KRONA
POOL = 1 << 13

CHANNELS = {"card": 46, "swish": 44, "bank": 7, "cash": 3}
BY_STRIPE = frozenset({"card", "swish"})
CARD_FEE_PER_MILLE, CARD_FEE_ORE = 15, 1_80
SWISH_FEE_PER_MILLE, SWISH_FEE_ORE = 10, 2_00
DISPUTE_FEE_ORE = 150_00


def pool(rng: Random) -> list[int]:
    """Sums in öre to draw from, as many as people give them: drawing one by one is slow."""
    ladder, weights = list(LADDER), list(accumulate(LADDER.values()))
    rungs = rng.choices(ladder, cum_weights=weights, k=POOL)
    return [(_own(rng) if rng.random() < OWN_SUM else rung) * KRONA for rung in rungs]


def _own(rng: Random) -> int:
    """Lognormal round the ladder, in tens above a hundred kronor."""
    kronor = round(MEDIAN_KRONOR * rng.lognormvariate(0, SPREAD))
    kronor = kronor if kronor < 100 else kronor // 10 * 10
    return min(max(kronor, SMALLEST), LARGEST)


def channels(rng: Random) -> list[str]:
    """Channels to draw from."""
    return rng.choices(list(CHANNELS), weights=list(CHANNELS.values()), k=POOL)


def fee_ore(channel: str, amount_ore: int) -> int:
    """What the provider keeps of a gift."""
    if channel == "card":
        return amount_ore * CARD_FEE_PER_MILLE // 1000 + CARD_FEE_ORE
    return amount_ore * SWISH_FEE_PER_MILLE // 1000 + SWISH_FEE_ORE
