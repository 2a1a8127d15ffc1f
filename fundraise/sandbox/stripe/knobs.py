"""What the control page can change while the process runs; kept in the database."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.store import Store

DEFAULTS: Json = {
    # Per mille with one decimal would be enough; ten-thousandths keep 1.5 % a whole number.
    "card_fee_per_10000": 150,
    "card_fee_fixed_ore": 275,
    "swish_fee_per_10000": 100,
    "swish_fee_fixed_ore": 100,
    "dispute_fee_ore": 20000,
    "return_dispute_fee": False,
    # A charge has no balance transaction at first; it comes this much later with charge.updated.
    "fee_delay_seconds": 0.3,
    "refund_update_seconds": 0.3,
    "payout_step_seconds": 0.0,
    "available_after_days": 3,
    "swish_timeout_seconds": 180,
    # Of cards that would go through, the share that is declined all the same.
    "decline_rate": 0.0,
    # Stripe's search lags behind its lists.
    "search_lag_seconds": 0,
    "retry_delays_seconds": [1.0, 5.0],
    "delivery_timeout_seconds": 10.0,
    "delivery_paused": False,
    "clock_offset_seconds": 0,
}


class Knobs:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._values: Json = {}
        self.load()

    def load(self) -> None:
        kept = {n: json.loads(v) for n, v in self._store.query("SELECT name, value FROM knobs")}
        with self._lock:
            self._values = DEFAULTS | {n: v for n, v in kept.items() if n in DEFAULTS}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def all(self) -> Json:
        return dict(self._values)

    def set(self, changes: Json) -> None:
        """Raises ValueError on an unknown name or another type than the default has."""
        for name, value in changes.items():
            _check(name, value)
        with self._store.write():
            for name, value in changes.items():
                sql = "INSERT OR REPLACE INTO knobs (name, value) VALUES (?, ?)"
                self._store.run(sql, name, json.dumps(value))
        with self._lock:
            self._values = self._values | changes

    def clock_offset(self) -> timedelta:
        return timedelta(seconds=self._values["clock_offset_seconds"])


def _check(name: str, value: Any) -> None:
    if name not in DEFAULTS:
        raise ValueError(f"Unknown setting: {name}. Known: {', '.join(sorted(DEFAULTS))}")
    default = DEFAULTS[name]
    wanted = (int, float) if isinstance(default, float) else type(default)
    if not isinstance(value, wanted) or isinstance(value, bool) != isinstance(default, bool):
        raise ValueError(f"{name} must be of the same type as {default!r}")
