"""Idempotency keys: what was answered is answered again.

The first status and body are kept once an act has begun, server errors included; a key is good for
24 hours by the stand-in's clock, and after that it is as if it had never been used.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid, key_in_use, key_used_otherwise
from fundraise.sandbox.stripe.world import World

LIFETIME = 24 * 60 * 60
LONGEST = 255


def fingerprint(method: str, path: str, params: Json) -> str:
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Keys:
    world: World
    _running: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """One request at a time with a key; raises idempotency_key_in_use (409)."""
        if len(key) > LONGEST:
            raise invalid(f"Idempotency keys can have up to {LONGEST} characters.")
        with self._lock:
            if key in self._running:
                raise key_in_use(key)
            self._running.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(key)

    def saved(self, key: str, wanted: str) -> tuple[int, str] | None:
        """Status and body answered before; raises on other parameters."""
        rows = self.world.store.query(
            "SELECT hash, status, body, created FROM idempotency WHERE key = ?", key
        )
        if not rows:
            return None
        known, status, body, created = rows[0]
        if created < self.world.now() - LIFETIME:
            self.world.store.run("DELETE FROM idempotency WHERE key = ?", key)
            return None
        if known != wanted:
            raise key_used_otherwise(key)
        return status, body

    def save(self, key: str, wanted: str, status: int, body: str) -> None:
        sql = "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?)"
        self.world.store.run(sql, key, wanted, status, body, self.world.now())
