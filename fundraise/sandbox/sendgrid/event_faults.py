"""What shall go wrong with events still to come: never told, told twice, under a new id, or late.

SendGrid says itself that events may come more than once; that the same one may come with another
sg_event_id is what its users saw.
"""

from __future__ import annotations

import fnmatch
import random
from dataclasses import dataclass

from fundraise.sandbox.rules import Rule, Rules
from fundraise.sandbox.sendgrid.config import Json


@dataclass
class EventRule(Rule):
    event: str = "*"
    seconds: float = 60.0
    times: int = 2


@dataclass(frozen=True)
class Telling:
    """One time that an event is told: so many seconds late, and whether under a new id."""

    late: float = 0.0
    new_id: bool = False


ONCE = (Telling(),)


@dataclass
class EventFaults(Rules[EventRule]):
    ACTS = ("drop", "duplicate", "renew", "delay")

    def tellings(self, event: str, knobs: Json, key: str) -> tuple[Telling, ...]:
        rule = self.use(lambda one: fnmatch.fnmatchcase(event, one.event))
        if rule is not None:
            return _by_rule(rule)
        if not knobs["event_shares"]:
            return ONCE
        return _by_share(knobs, key)


def _by_rule(rule: EventRule) -> tuple[Telling, ...]:
    if rule.act == "drop":
        return ()
    if rule.act == "delay":
        return (Telling(rule.seconds),)
    return (Telling(), *(Telling(0.0, rule.act == "renew") for _ in range(rule.times - 1)))


def _by_share(knobs: Json, key: str) -> tuple[Telling, ...]:
    point = random.Random(key).random()  # noqa: S311 (to be repeated)
    late = float(knobs["late_seconds"])
    kinds = {"again": (Telling(), Telling()), "renewed": (Telling(), Telling(new_id=True)),
             "lost": (), "late": (Telling(late),)}  # fmt: skip
    for name, share in sorted(knobs["event_shares"].items()):
        if point < share:
            return kinds[name]
        point -= share
    return ONCE
