"""What shall go wrong with API calls still to come."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field

from fundraise.sandbox.rules import Rule, Rules
from fundraise.sandbox.sendgrid.config import Json

# error: refused at the door with `status`, nothing taken
# error_after: taken, and yet `status` is answered
# lose: taken, then the connection is cut without an answer
# lose_before: the connection is cut and nothing is taken
# delay: the answer comes `seconds` late
# refuse: 400 for every request that holds `address`, until faults are cleared
ACTS = ("error", "error_after", "lose", "lose_before", "delay", "refuse")
SEND = "/v3/mail/send"


@dataclass
class Fault(Rule):
    # So many fitting calls go well first.
    skip: int = 0
    path: str = SEND
    method: str = "POST"
    status: int = 500
    seconds: float = 1.0
    address: str = ""

    def fits(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and path.startswith(self.path)


@dataclass
class Faults(Rules[Fault]):
    ACTS = ACTS
    refused: set[str] = field(default_factory=set)
    # The last calls, for tests that count them: no parameters, so nothing personal.
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=10_000))
    _dice: dict[int, random.Random] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        if fault.act != "refuse":
            super().add(fault)
            return
        if "@" not in fault.address:
            raise ValueError("refuse needs an address")
        self.refused.add(fault.address.lower())

    def clear(self) -> None:
        super().clear()
        self.refused.clear()
        self.calls.clear()
        self._dice.clear()

    def listed(self) -> list[Json]:
        return super().listed() + [
            {"act": "refuse", "address": address} for address in sorted(self.refused)
        ]

    def take(self, method: str, path: str, shares: dict[str, float], seed: int) -> Fault | None:
        """The fault of this call: one asked for, else one that the dice of the seed say."""
        with self._lock:
            for fault in self.rules:
                if fault.fits(method, path):
                    return self._use(fault)
            return self._thrown(shares, seed) if shares and path == SEND else None

    def _use(self, fault: Fault) -> Fault | None:
        if fault.skip:
            fault.skip -= 1
            return None
        return self.spent(fault)

    def _thrown(self, shares: dict[str, float], seed: int) -> Fault | None:
        dice = self._dice.setdefault(seed, random.Random(seed))  # noqa: S311 (to be repeated)
        point = dice.random()
        for act, share in sorted(shares.items()):
            if point < share:
                return Fault(act)
            point -= share
        return None
