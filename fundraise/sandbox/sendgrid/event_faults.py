"""What shall go wrong with events still to come: never told, told twice, under a new id, or late.

SendGrid says itself that events may come more than once; that the same one may come with another
sg_event_id is what its users saw.
"""

from __future__ import annotations

import fnmatch
import random
import threading
from dataclasses import asdict, dataclass, field

from fundraise.sandbox.sendgrid.config import Json


@dataclass
class EventRule:
    act: str
    count: int = 1
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
class EventFaults:
    rules: list[EventRule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    ACTS = ("drop", "duplicate", "renew", "delay")

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

    def tellings(self, event: str, knobs: Json, key: str) -> tuple[Telling, ...]:
        rule = self._take(event) if self.rules else None
        if rule is not None:
            return _by_rule(rule)
        if not knobs["event_shares"]:
            return ONCE
        return _by_share(knobs, key)

    def _take(self, event: str) -> EventRule | None:
        with self._lock:
            for rule in self.rules:
                if fnmatch.fnmatchcase(event, rule.event):
                    rule.count -= 1
                    self.rules = [kept for kept in self.rules if kept.count > 0]
                    return rule
        return None


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
