"""What a seed has made, counted while it was made and told to whoever asked for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date


@dataclass(slots=True)
class Totals:
    """Sums in öre. `received_ore` is gifts less refunds and disputes, as the thermometer says.

    `gifts` and `given_ore` hold what was drawn for monthly gifts (`drawn`, `drawn_ore`) too.
    """

    donors: int = 0
    givers: int = 0
    gifts: int = 0
    standing_gifts: int = 0
    given_ore: int = 0
    refunds: int = 0
    refunded_ore: int = 0
    disputes: int = 0
    disputed_ore: int = 0
    received_ore: int = 0
    fees_ore: int = 0
    payouts: int = 0
    paid_out_ore: int = 0
    balance_lines: int = 0
    stripe_ore: int = 0
    pledges: int = 0
    drawn: int = 0
    drawn_ore: int = 0
    missed: int = 0
    skipped: int = 0
    journals: int = 0
    entries: int = 0
    by_channel_ore: Counter[str] = field(default_factory=Counter)
    first_day: date | None = None
    last_day: date | None = None
    chain: str = ""

    def as_json(self) -> dict[str, object]:
        """Plain values; days as ISO text."""
        found = asdict(self)
        for name in ("first_day", "last_day"):
            found[name] = found[name].isoformat() if found[name] else None
        found["by_channel_ore"] = dict(sorted(self.by_channel_ore.items()))
        return found
