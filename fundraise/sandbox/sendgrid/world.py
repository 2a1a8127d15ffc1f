"""What every act works with: the store, the clock, the knobs, the counts."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field

from fundraise import clock
from fundraise.sandbox.sendgrid import signing
from fundraise.sandbox.sendgrid.config import Config, Json
from fundraise.sandbox.sendgrid.event_faults import EventFaults
from fundraise.sandbox.sendgrid.faults import Faults
from fundraise.sandbox.sendgrid.knobs import Knobs
from fundraise.sandbox.sendgrid.store import Store


def real_time() -> float:
    """Seconds since 1970 in real time: for connections, retries and back-off."""
    return clock.real_now().timestamp()


@dataclass
class Counts:
    """Since the start or the last reset, in every mode; not kept."""

    requests: int = 0
    recipients: int = 0
    bytes: int = 0
    refused: int = 0
    lost: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *, recipients: int = 0, size: int = 0, refused: int = 0, lost: int = 0) -> None:
        with self._lock:
            self.requests += 1
            self.recipients += recipients
            self.bytes += size
            self.refused += refused
            self.lost += lost

    def clear(self) -> None:
        with self._lock:
            self.requests = self.recipients = self.bytes = self.refused = self.lost = 0

    def all(self) -> Json:
        names = ("requests", "recipients", "bytes", "refused", "lost")
        return {name: getattr(self, name) for name in names}


class World:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store(config.database)
        self.knobs = Knobs(self.store)
        self.faults = Faults()
        self.event_faults = EventFaults()
        self.counts = Counts()
        self.signer = signing.signer(self.store, config.signing_key)
        clock.use(self.knobs.clock_offset)

    def now(self) -> int:
        return int(self.exact_now())

    def exact_now(self) -> float:
        return clock.now().timestamp()

    def scopes(self, key: str) -> list[str] | None:
        """What a key may do: a list of scopes; None for a key that is not known."""
        rows = self.store.query("SELECT scopes FROM keys WHERE key = ?", key)
        if rows:
            found: list[str] = json.loads(rows[0][0])
            return found
        return [""] if key in self.config.api_keys else None

    def reset(self) -> None:
        self.faults.clear()
        self.event_faults.clear()
        self.counts.clear()
        self.store.clear()
        self.knobs.load()
