"""What shall go wrong with the events still to come: drop, duplicate, delay."""

from __future__ import annotations

import fnmatch
import threading
from dataclasses import asdict, dataclass, field

from fundraise.sandbox.stripe.config import Json

PENDING, HELD, SENDING, DONE = "pending", "held", "sending", "done"
FAILED, DROPPED = "failed", "dropped"


@dataclass
class EventRule:
    act: str
    count: int = 1
    type: str = "*"
    seconds: float = 1.0
    times: int = 2
    # A dropped event: does Stripe believe that it was delivered? (delivery_success)
    as_delivered: bool = False


@dataclass
class EventFaults:
    rules: list[EventRule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    ACTS = ("drop", "duplicate", "delay")

    def add(self, rule: EventRule) -> None:
        if rule.act not in self.ACTS:
            raise ValueError(f"act must be one of {', '.join(self.ACTS)}")
        with self._lock:
            self.rules.append(rule)

    def clear(self) -> None:
        with self._lock:
            self.rules.clear()

    def listed(self) -> list[Json]:
        with self._lock:
            return [asdict(rule) for rule in self.rules]

    def plan(self, event_type: str, now: float, paused: bool) -> list[tuple[str, float]]:
        """The deliveries of one event to one endpoint: (state, due)."""
        rule = self._take(event_type)
        ready = HELD if paused else PENDING
        if rule is None:
            return [(ready, now)]
        if rule.act == "drop":
            return [(DONE if rule.as_delivered else DROPPED, now)]
        if rule.act == "duplicate":
            return [(ready, now)] * rule.times
        return [(ready, now + rule.seconds)]

    def _take(self, event_type: str) -> EventRule | None:
        with self._lock:
            for rule in self.rules:
                if fnmatch.fnmatchcase(event_type, rule.type):
                    rule.count -= 1
                    self.rules = [kept for kept in self.rules if kept.count > 0]
                    return rule
        return None
