"""What every act works with: the store, the clock, the knobs and the door for events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from fundraise import clock
from fundraise.sandbox.stripe import ids
from fundraise.sandbox.stripe.config import API_VERSION, Config, Json
from fundraise.sandbox.stripe.errors import no_such
from fundraise.sandbox.stripe.event_faults import HELD, PENDING, EventFaults
from fundraise.sandbox.stripe.faults import Faults
from fundraise.sandbox.stripe.knobs import Knobs
from fundraise.sandbox.stripe.store import Store


@dataclass(frozen=True)
class Caller:
    """The API request an event came from; a hosted page or a timer has none."""

    request_id: str | None = None
    idempotency_key: str | None = None


NOBODY = Caller()
caller: ContextVar[Caller] = ContextVar("caller", default=NOBODY)


def real_time() -> float:
    """Seconds since 1970 in real time: for queues, back-off and delays."""
    return clock.real_now().timestamp()


class World:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store(config.database)
        self.knobs = Knobs(self.store)
        self.faults = Faults()
        self.event_faults = EventFaults()
        # Set by a new delivery, so that only such a commit wakes the workers.
        self.queued = False
        self._event_mode: str | None = PENDING
        clock.use(self.knobs.clock_offset)

    def now(self) -> int:
        return int(clock.now().timestamp())

    def find(self, kind: str, object_id: str, param: str = "id") -> Json:
        """Raises Stripe's resource_missing (404)."""
        found = self.store.get(object_id)
        if found is None or found["object"] != kind:
            raise no_such(kind, object_id, param)
        return found

    def hidden(self, object_id: str) -> Json:
        return self.store.hidden(object_id)

    def save(self, obj: Json, **hidden: Any) -> Json:
        """Keep an object; `hidden` is added to what is kept beside it."""
        kept = self.store.hidden(obj["id"]) | hidden if hidden else None
        self.store.put(obj, kept)
        return obj

    def later(self, act: str, args: Json, *, seconds: float = 0, at: int = 0) -> None:
        """Have `background` do an act after so many real seconds, and not before `at` (clock)."""
        sql = "INSERT INTO tasks (act, args, due, due_clock) VALUES (?, ?, ?, ?)"
        self.store.run(sql, act, json.dumps(args), real_time() + seconds, at)

    @contextmanager
    def event_mode(self, state: str | None) -> Iterator[None]:
        """Within a write: events are not made (None), held, or queued as they always are."""
        self._event_mode = state
        try:
            yield
        finally:
            self._event_mode = PENDING

    def emit(self, type: str, obj: Json, previous: Json | None = None) -> Json:
        """An event with the object as it is now: it is written down at once."""
        data: Json = {"object": obj}
        if previous is not None:
            data["previous_attributes"] = previous
        event: Json = {
            "id": ids.new("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 0,
            "request": {
                "id": caller.get().request_id,
                "idempotency_key": caller.get().idempotency_key,
            },
            "type": type,
        }
        with self.store.write():
            if self._event_mode is not None:
                self.store.put(event)
                self.enqueue(event)
        return event

    def enqueue(self, event: Json) -> None:
        """Queue an event for every endpoint that wants it, as the faults asked for say."""
        paused = self.knobs["delivery_paused"] or self._event_mode == HELD
        for endpoint in self.endpoints(event["type"]):
            for state, due in self.event_faults.plan(event["type"], real_time(), paused):
                self.add_delivery(event, endpoint["id"], state, due)

    def add_delivery(self, event: Json, endpoint: str, state: str, due: float) -> int:
        sql = "INSERT INTO deliveries (event, endpoint, type, state, due) VALUES (?, ?, ?, ?, ?)"
        cursor = self.store.run(sql, event["id"], endpoint, event["type"], state, due)
        self.queued = True
        return cursor.lastrowid or 0

    def endpoints(self, event_type: str) -> list[Json]:
        sql = "SELECT body FROM objects WHERE kind = 'webhook_endpoint' AND status = 'enabled'"
        known = [json.loads(body) for (body,) in self.store.query(sql)]
        return [e for e in known if {"*", event_type} & set(e["enabled_events"])]
