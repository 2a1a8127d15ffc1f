"""What shall go wrong with API calls still to come."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from fundraise.sandbox.rules import Rule, Rules
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
class Fault(Rule):
    path: str = "/v1/"
    method: str = "*"
    status: int = 500
    seconds: float = 1.0

    def fits(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and path.startswith(self.path)


@dataclass
class Faults(Rules[Fault]):
    ACTS = ACTS
    # The last calls, for tests that count them: no parameters, so nothing personal.
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=10_000))

    def clear(self) -> None:
        super().clear()
        self.calls.clear()

    def take(self, method: str, path: str) -> Fault | None:
        return self.use(lambda fault: fault.fits(method, path))
