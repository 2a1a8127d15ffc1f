"""What the control page can change while the process runs."""

from __future__ import annotations

from fundraise.sandbox import knobs
from fundraise.sandbox.sendgrid.behaviour import BEHAVIOURS
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.faults import ACTS
from fundraise.sandbox.sendgrid.store import Store

MODES = ("inbox", "sink", "bare")
EVENT_SHARES = ("again", "renewed", "lost", "late")
DEFAULTS: Json = {
    # inbox: keep every mail; sink: check and count; bare: count without looking into the body.
    "mode": "inbox",
    "seed": 1,
    # Shares of recipients that behave in a way (see the patterns), of answers that go wrong, of
    # events that come twice, twice with a new id, never, or late.
    "shares": {},
    "fault_shares": {},
    "event_shares": {},
    "late_seconds": 3600.0,
    "shuffle": False,
    # 0: everything that recipients do is told at once, with the time that it would have had.
    "delay_factor": 1.0,
    "post_seconds": 0.2,
    "events_per_post": 1000,
    "retry_seconds": [1.0, 5.0, 30.0],
    "retry_hours": 24.0,
    "timeout_seconds": 10.0,
    "delivery_paused": False,
    "visit_links": True,
    # Whether one address may be in two personalizations of a request is not documented.
    "unique_across": True,
    "verified_senders": [],
    "open_tracking": False,
    "click_tracking": False,
    "max_stops": 10,
    # A stop less than ten minutes ahead is not guaranteed; this one is then of no effect.
    "stop_minutes": 10.0,
    "paused_hours": 72.0,
    "clock_offset_seconds": 0,
}
NAMES = {"shares": frozenset(BEHAVIOURS), "fault_shares": frozenset(ACTS),
         "event_shares": frozenset(EVENT_SHARES)}  # fmt: skip


class Knobs(knobs.Knobs):
    def __init__(self, store: Store) -> None:
        super().__init__(store, DEFAULTS)

    def _check(self, name: str, value: object) -> None:
        super()._check(name, value)
        if name == "mode" and value not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}")
        if name in NAMES and isinstance(value, dict):
            _check_shares(name, value)


def _check_shares(name: str, shares: Json) -> None:
    unknown = sorted(set(shares) - NAMES[name])
    if unknown:
        raise ValueError(f"{name}: unknown {', '.join(unknown)}")
    if not all(isinstance(share, int | float) and 0 <= share <= 1 for share in shares.values()):
        raise ValueError(f"{name}: each share is a number from 0 to 1")
    if sum(shares.values()) > 1:
        raise ValueError(f"{name}: together they are more than 1")
