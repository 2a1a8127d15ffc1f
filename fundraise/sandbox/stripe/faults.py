"""What shall go wrong with API calls still to come."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass, field

from fundraise.sandbox.stripe.config import Json

# error: refused at the door: nothing done, nothing saved under the key
# error_saved: nothing done, but the answer is saved under the key and replayed
# error_after: the act is done, and yet an error is answered, saved and replayed
# lose: the act is done and its true answer saved, then the connection is dropped
# lose_before: the connection is dropped and nothing done
# delay: the answer comes late (the key is in use meanwhile)
# conflict: 409 idempotency_key_in_use
ACTS = ("error", "error_saved", "error_after", "lose", "lose_before", "delay", "conflict")


@dataclass
class Fault:
    act: str
    count: int = 1
    path: str = "/v1/"
    method: str = "*"
    status: int = 500
    seconds: float = 1.0

    def fits(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and path.startswith(self.path)


@dataclass
class Faults:
    rules: list[Fault] = field(default_factory=list)
    # The last calls, for tests that count them: no parameters, so nothing personal.
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=10_000))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        if fault.act not in ACTS:
            raise ValueError(f"act must be one of {', '.join(ACTS)}")
        with self._lock:
            self.rules.append(fault)

    def clear(self) -> None:
        with self._lock:
            self.rules.clear()
            self.calls.clear()

    def listed(self) -> list[Json]:
        with self._lock:
            return [asdict(fault) for fault in self.rules]

    def take(self, method: str, path: str) -> Fault | None:
        if not self.rules:
            return None
        with self._lock:
            for fault in self.rules:
                if fault.fits(method, path):
                    fault.count -= 1
                    self.rules = [kept for kept in self.rules if kept.count > 0]
                    return fault
        return None
