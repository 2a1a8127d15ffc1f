"""What outlives the process: one SQLite file. State and files change in one transaction."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fundraise.sandbox import kept

SCHEMA = """
CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS received (
    id INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT UNIQUE, at TEXT NOT NULL,
    receipt TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    note TEXT NOT NULL, written TEXT NOT NULL, data BLOB NOT NULL, placed INTEGER NOT NULL);
"""
# Counted up whenever a class that is kept changes.
VERSION = 1
log = logging.getLogger(__name__)
OURS = "fundraise.sandbox.bankgirot."


class Store:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(SCHEMA)
        self._lock = threading.RLock()

    @contextmanager
    def write(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def run(self, sql: str, *values: Any) -> int:
        with self._lock:
            return self._connection.execute(sql, values).lastrowid or 0

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def save(self, state: dict[str, Any]) -> None:
        body = kept.packed(state | {"version": VERSION})
        self.run("INSERT OR REPLACE INTO state (id, body) VALUES (1, ?)", body)

    def load(self) -> dict[str, Any]:
        """Empty at the first start, and when what is kept had another shape then."""
        found = self.query("SELECT body FROM state")
        if not found:
            return {}
        state: dict[str, Any] = kept.unpacked(found[0][0], OURS)
        if state["version"] == VERSION:
            return state
        log.warning("What was kept is of another version of the stand-in; it begins anew")
        return {}

    def receipts(self, limit: int) -> list[dict[str, Any]]:
        sql = "SELECT id, at, receipt FROM received ORDER BY id DESC LIMIT ?"
        return [{"id": n, "at": at, **json.loads(text)} for n, at, text in self.query(sql, limit)]

    def reports(self, limit: int) -> list[dict[str, Any]]:
        sql = "SELECT name, kind, note, written, length(data) FROM reports ORDER BY id DESC LIMIT ?"
        names = ("name", "kind", "note", "written", "bytes")
        return [dict(zip(names, row, strict=True)) for row in self.query(sql, limit)]
