"""What can be set while it runs: shares of every code, delays, and how files go wrong."""

from __future__ import annotations

import bisect
import math
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import Any

# Each is a chance from 0 to 1. What is not set is 0.
SHARES: dict[str, str] = {
    **{f"mandate.04.{code}": f"a new mandate is refused with 04+{code}"
       for code in ("09", "10", "20", "21", "23", "29", "30")},
    "mandate.04.32": "an approval is told as 04+32 instead of 42+32",
    "mandate.42.03": "the bank answers: account type not allowed",
    "mandate.42.05": "the bank answers: wrong account or personal details",
    "mandate.43.07": "the bank never answers",
    **{f"cancel.{code}": f"a cancellation is refused with 03+{code}"
       for code in ("04", "09", "21", "29", "30")},
    **{f"number.{code}": f"a change of payer number is refused with 05+{code}"
       for code in ("04", "10", "21", "29", "30")},
    **{f"payment.{code}": f"a payment order is rejected with {code}"
       for code in ("01", "02", "06", "07", "08", "09", "10", "12", "13", "15", "24")},
    **{f"change.{code}": f"a cancellation or move of a payment fails with {code}"
       for code in ("01", "02", "04", "05", "06", "10", "11", "13", "15")},
    "draw.1": "a draw meets too little money",
    "draw.2": "a draw meets a closed account, which stays closed",
    "draw.4": "a draw meets an account that is being moved",
    "retry.paid": "a renewed funds check finds the money",
    **{f"refund.{code}": f"an executed draw is refunded later with {code}"
       for code in ("01", "02", "03", "04", "05")},
    "account.46": "a mandate with a closed account is ended by the bank the next bank day",
    "payer.46": "a mandate is ended by its payer, each bank day",
    "payer.44": "the bankgiro of a payer is closed, each bank day",
    "payer.stop": "a waiting payment is stopped by its payer, each bank day",
    "emandate.cut": "the last digit of the payer number is missing in an e-mandate",
    "emandate.other": "the payer number of an e-mandate is one that nobody knows",
    "file.late": "a report comes `late_days` later",
    "file.split": "a report comes as two files",
    "file.again": "a report comes once more, the next bank day",
    "file.cut": "a report comes cut in the middle, and whole the next bank day",
    "file.sign": "the last character of a negative sum comes damaged",
    "file.total": "a report comes with a wrong total, and right the next bank day",
    "file.customer": "a report comes with a wrong customer number, and right the next bank day",
}  # fmt: skip

# By share name; where a share is of each bank day, it must be small.
EVERYTHING = {
    "mandate.04.32": 0.2, "mandate.42.03": 0.01, "mandate.42.05": 0.01, "mandate.43.07": 0.01,
    "draw.1": 0.04, "draw.2": 0.005, "draw.4": 0.001, "retry.paid": 0.4, "account.46": 0.5,
    "payer.46": 0.0005, "payer.44": 0.0005, "payer.stop": 0.0005,
    "emandate.cut": 0.1, "emandate.other": 0.1,
    "file.late": 0.03, "file.split": 0.05, "file.again": 0.05,
    "file.sign": 0.02, "file.cut": 0.02, "file.total": 0.02, "file.customer": 0.02,
}  # fmt: skip


def everything(scale: float = 1.0) -> dict[str, float]:
    """A share for every code that there is, likelier with a larger scale."""
    return {name: min(1.0, EVERYTHING.get(name, 0.002) * scale) for name in SHARES}


@dataclass
class Knobs:
    seed: int = 1
    shares: dict[str, float] = field(default_factory=dict)
    # Bank days until the payer's bank answers; one is taken at random.
    answer_days: list[int] = field(default_factory=lambda: [1])
    # A bank that has not answered by then is given up: 43+07.
    unanswered_days: int = 6
    # Bank days from a mandate's file to the first day that may be drawn.
    lead_days: int = 6
    quarantine_days: int = 7
    reminder_days: list[int] = field(default_factory=lambda: [6, 12])
    lapse_days: int = 18
    # The earliest and the latest a refund comes, in bank days after the draw.
    refund_days: list[int] = field(default_factory=lambda: [1, 40])
    late_days: int = 1
    # Whether a renewed draw carries the date of the first one in its record.
    retry_keeps_date: bool = True
    # What happens to a single order while its mandate is under enquiry: taken, or rejected with 02.
    takes_early_orders: bool = False
    refuses_same_file: bool = False
    # Sums of cancellations without the sign, as in Bankgirot's own examples.
    plain_sums: bool = False
    # Of another system on the same bankgiro: how many mandates, and draws each bank day.
    other_mandates: int = 0
    other_draws: int = 0
    other_first_payer: int = 1_000_001
    emandates_per_day: int = 0
    clock_offset_seconds: int = 0

    def __post_init__(self) -> None:
        self.check(asdict(self))

    def set(self, changes: dict[str, Any]) -> None:
        """Raises ValueError on an unknown name, a wrong type or a share out of range."""
        self.check(changes)
        for name, value in changes.items():
            setattr(self, name, self.shares | value if name == "shares" else value)

    def check(self, changes: dict[str, Any]) -> None:
        defaults = {f.name: f.default for f in fields(self)}
        for name, value in changes.items():
            if name not in defaults:
                raise ValueError(f"Unknown setting: {name}. Known: {', '.join(sorted(defaults))}")
            wanted = _WANTED.get(name) or type(defaults[name])
            if not isinstance(value, wanted) or isinstance(value, bool) != (wanted is bool):
                raise ValueError(f"{name} must be {wanted.__name__}")
            if isinstance(value, int) and name != "clock_offset_seconds" and value < 0:
                raise ValueError(f"{name} must not be negative")
        _check_lists(changes)
        for name, share in changes.get("shares", {}).items():
            if name not in SHARES:
                raise ValueError(f"Unknown share: {name}. Known: {', '.join(SHARES)}")
            if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
                raise ValueError(f"The share {name} must be from 0 to 1")


_WANTED: dict[str, type] = {"shares": dict, "answer_days": list, "reminder_days": list,
                            "refund_days": list}  # fmt: skip


def _check_lists(changes: dict[str, Any]) -> None:
    for name in ("answer_days", "reminder_days", "refund_days"):
        found = changes.get(name, [1])
        if not all(isinstance(n, int) and n > 0 for n in found):
            raise ValueError(f"{name} must hold whole numbers above 0")
    if not changes.get("answer_days", [1]):
        raise ValueError("answer_days must not be empty")
    if len(changes.get("refund_days", [1, 1])) != 2:
        raise ValueError("refund_days must hold the earliest and the latest")


class Dice:
    """Chance, seeded. The tables of shares are made when first asked for."""

    def __init__(self, knobs: Knobs) -> None:
        self.knobs = knobs
        self.random = random.Random(knobs.seed)  # noqa: S311 - a stand-in's chance, no secret
        self._tables: dict[tuple[str, tuple[str, ...]], tuple[list[float], list[str]]] = {}

    def forget_tables(self) -> None:
        self._tables.clear()

    def falls(self, share: str) -> bool:
        chance = self.knobs.shares.get(share, 0.0)
        return chance > 0 and self.random.random() < chance

    def pick(self, group: str, codes: tuple[str, ...]) -> str:
        """One of the codes by its share, or "" when none falls."""
        found = self._tables.get((group, codes))
        if found is None:
            found = self._tables[group, codes] = self._table(group, codes)
        limits, names = found
        if not limits:
            return ""
        place = bisect.bisect_right(limits, self.random.random())
        return names[place] if place < len(names) else ""

    def _table(self, group: str, codes: tuple[str, ...]) -> tuple[list[float], list[str]]:
        limits, names, sum_so_far = [], [], 0.0
        for code in codes:
            chance = self.knobs.shares.get(f"{group}.{code}", 0.0)
            if chance > 0:
                sum_so_far += chance
                limits.append(sum_so_far)
                names.append(code)
        return limits, names

    def some(self, count: int, share: str) -> Iterator[int]:
        """Places out of `count`, each with the chance of the share; quick when few fall."""
        chance = self.knobs.shares.get(share, 0.0)
        if chance >= 1:
            yield from range(count)
        if not 0 < chance < 1:
            return
        place, log_miss = -1, math.log1p(-chance)
        while True:
            place += 1 + int(math.log(1.0 - self.random.random()) / log_miss)
            if place >= count:
                return
            yield place
