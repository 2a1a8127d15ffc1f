"""What shall go wrong with the events still to come: drop, duplicate, delay."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

from fundraise.sandbox.rules import Rule, Rules

PENDING, HELD, SENDING, DONE = "pending", "held", "sending", "done"
FAILED, DROPPED = "failed", "dropped"


@dataclass
class EventRule(Rule):
    type: str = "*"
    seconds: float = 1.0
    times: int = 2
    # A dropped event: does Stripe believe that it was delivered? (delivery_success)
    as_delivered: bool = False


@dataclass
class EventFaults(Rules[EventRule]):
    ACTS = ("drop", "duplicate", "delay")

    def plan(self, event_type: str, now: float, paused: bool) -> list[tuple[str, float]]:
        """The deliveries of one event to one endpoint: (state, due)."""
        rule = self.use(lambda one: fnmatch.fnmatchcase(event_type, one.type))
        ready = HELD if paused else PENDING
        if rule is None:
            return [(ready, now)]
        if rule.act == "drop":
            return [(DONE if rule.as_delivered else DROPPED, now)]
        if rule.act == "duplicate":
            return [(ready, now)] * rule.times
        return [(ready, now + rule.seconds)]
