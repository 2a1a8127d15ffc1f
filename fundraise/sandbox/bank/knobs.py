"""What can be changed while the bank runs, and its chance."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field, fields
from typing import Any

# How many a bank day there are of each, as a mean; the rhythm of the rest is the calendar's.
NOISE = (
    "giro_gift", "swish_gift", "transfer_gift", "membership_fee", "own_transfer", "refund",
    "supplier", "sale", "lottery", "salary", "tax", "interest", "bank_fee", "public_support",
)  # fmt: skip
PAYMENT_FAULTS = (
    "payment.variant", "payment.no_reference", "payment.wrong_reference", "payment.twin",
    "refund.returned", "transfer.late",
)  # fmt: skip
PAYOUT_FAULTS = (
    "payout.late", "payout.split", "payout.partial", "payout.returned",
)  # fmt: skip
FILE_FAULTS = (
    "file.again", "file.reissued", "file.missing", "file.balance", "file.details", "file.cut",
    "file.currency", "notice.late", "notice.absent",
)  # fmt: skip
SHARES = (*PAYMENT_FAULTS, *PAYOUT_FAULTS, *FILE_FAULTS)
# Shares that make a run of months eventful, where 0.02 would not do.
EVERYTHING = {
    "payment.variant": 0.15, "payment.no_reference": 0.003, "payment.wrong_reference": 0.003,
    "payment.twin": 0.03, "refund.returned": 0.1, "transfer.late": 0.2, "payout.late": 0.05,
    "payout.split": 0.05, "payout.partial": 0.05, "payout.returned": 0.02,
}  # fmt: skip


def everything(scale: float = 1.0) -> dict[str, float]:
    """A share for every fault that there is, likelier with a larger scale."""
    return {name: min(1.0, EVERYTHING.get(name, 0.02) * scale) for name in SHARES}


@dataclass
class Knobs:
    seed: int = 1
    noise: dict[str, float] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    # Bank days until what is late comes, and what was broken comes right; 0 for never.
    late_days: int = 2
    # Of a partial payout, what comes first; the rest is late.
    partial_percent: int = 60
    clock_offset_seconds: int = 0

    def __post_init__(self) -> None:
        self.check(asdict(self))

    def set(self, changes: dict[str, Any]) -> None:
        """Raises ValueError on an unknown name, a wrong type or a share out of range."""
        self.check(changes)
        for name, value in changes.items():
            known = getattr(self, name)
            setattr(self, name, known | value if isinstance(known, dict) else value)

    def check(self, changes: dict[str, Any]) -> None:
        known = [one.name for one in fields(self)]
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"Unknown setting: {name}. Known: {', '.join(sorted(known))}")
            if name in ("noise", "shares"):
                _check_numbers(name, value)
            elif not isinstance(value, int) or isinstance(value, bool):
                raise ValueError(f"{name} must be a whole number")
            elif value < 0 and name != "clock_offset_seconds":
                raise ValueError(f"{name} must not be negative")
        if not 1 <= changes.get("partial_percent", 1) <= 99:
            raise ValueError("partial_percent must be from 1 to 99")


def _check_numbers(name: str, given: Any) -> None:
    if not isinstance(given, dict):
        raise ValueError(f"{name} must be names with numbers")
    known, most = (NOISE, 10_000.0) if name == "noise" else (SHARES, 1.0)
    for word, value in given.items():
        if word not in known:
            raise ValueError(f"Unknown in {name}: {word}. Known: {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            raise ValueError(f"{name}: {word} must be from 0 to {most:g}")


class Dice:
    """Chance, seeded; a fault that somebody asked for falls the next time it can."""

    def __init__(self, knobs: Knobs) -> None:
        self.knobs = knobs
        self.random = random.Random(knobs.seed)  # noqa: S311 - a stand-in's chance, no secret
        # Fault and account ("" for any): how many times more.
        self.asked: dict[tuple[str, str], int] = {}

    def falls(self, share: str, account: str = "") -> bool:
        for key in ((share, account), (share, "")):
            if self.asked.get(key):
                self.asked[key] -= 1
                return True
        chance = self.knobs.shares.get(share, 0.0)
        return chance > 0 and self.random.random() < chance

    def ask(self, share: str, account: str = "", times: int = 1) -> None:
        """Raises ValueError."""
        if share not in SHARES:
            raise ValueError(f"name: one of {', '.join(SHARES)}")
        self.asked[share, account] = self.asked.get((share, account), 0) + times

    def many(self, noise: str) -> int:
        """How many today: the whole part of the mean, and one more by its rest."""
        mean = self.knobs.noise.get(noise, 0.0)
        return int(mean) + (self.random.random() < mean % 1) if mean else 0
