"""One SQLite file (WAL) per stand-in, so that a second run finds what the first one had.

Reads use a connection per thread and wait for nobody. Writes take turns: one transaction holds an
act and all that follows from it, so that a killed process leaves all of it or none.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Database:
    def __init__(self, path: Path, schema: str, tables: tuple[str, ...]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._tables = path, tables
        self._local = threading.local()
        self._turn = threading.RLock()
        self._depth = 0
        self.after_commit: list[Callable[[], None]] = []
        self.connection.executescript(schema)

    @property
    def connection(self) -> sqlite3.Connection:
        existing: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if existing is None:
            existing = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            existing.execute("PRAGMA journal_mode = WAL")
            # A killed process loses nothing; only a fallen machine could, and this is test data.
            existing.execute("PRAGMA synchronous = OFF")
            self._local.connection = existing
        return existing

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction; a write inside a write belongs to the outer one."""
        with self._turn:
            if self._depth:
                yield
                return
            self.connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1
            for hook in self.after_commit:
                hook()

    def query(self, sql: str, *args: Any) -> list[Any]:
        return self.connection.execute(sql, args).fetchall()

    def run(self, sql: str, *args: Any) -> sqlite3.Cursor:
        with self.write():
            return self.connection.execute(sql, args)

    def run_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self.write():
            self.connection.executemany(sql, rows)

    def clear(self) -> None:
        with self.write():
            for table in self._tables:
                self.run(f"DELETE FROM {table}")  # noqa: S608 (a name of ours)
