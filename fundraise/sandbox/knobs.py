"""What a control page can change while the process runs; kept in its database."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

from fundraise.sandbox.database import Database

Json = dict[str, Any]
SCHEMA = """
CREATE TABLE IF NOT EXISTS knobs (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Knobs:
    """Every stand-in's own, by its `defaults`; `clock_offset_seconds` must be among them."""

    def __init__(self, store: Database, defaults: Json) -> None:
        self._store, self._defaults = store, defaults
        self._lock = threading.Lock()
        self._values: Json = {}
        self.load()

    def load(self) -> None:
        kept = {n: json.loads(v) for n, v in self._store.query("SELECT name, value FROM knobs")}
        with self._lock:
            self._values = self._defaults | {n: v for n, v in kept.items() if n in self._defaults}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def all(self) -> Json:
        return dict(self._values)

    def set(self, changes: Json) -> None:
        """Raises ValueError on an unknown name or another type than the default has."""
        for name, value in changes.items():
            self._check(name, value)
        with self._store.write():
            for name, value in changes.items():
                sql = "INSERT OR REPLACE INTO knobs (name, value) VALUES (?, ?)"
                self._store.run(sql, name, json.dumps(value))
        with self._lock:
            self._values = self._values | changes

    def clock_offset(self) -> timedelta:
        return timedelta(seconds=self._values["clock_offset_seconds"])

    def _check(self, name: str, value: Any) -> None:
        if name not in self._defaults:
            known = ", ".join(sorted(self._defaults))
            raise ValueError(f"Unknown setting: {name}. Known: {known}")
        default = self._defaults[name]
        wanted = (int, float) if isinstance(default, float) else type(default)
        if not isinstance(value, wanted) or isinstance(value, bool) != isinstance(default, bool):
            raise ValueError(f"{name} must be of the same type as {default!r}")
