"""What outlives the process: one SQLite file. State, files and truth change in one transaction."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from fundraise.sandbox import kept
from fundraise.sandbox.bank.core import Day
from fundraise.sandbox.bank.handout import File
from fundraise.sandbox.database import Database

Json = dict[str, Any]
SCHEMA = """
CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    account TEXT NOT NULL, day TEXT NOT NULL, note TEXT NOT NULL, ident TEXT NOT NULL,
    data BLOB NOT NULL, placed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS truth (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, day TEXT NOT NULL,
    body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, day TEXT NOT NULL,
    name TEXT NOT NULL, subject TEXT NOT NULL, right_on TEXT);
"""
TABLES = ("state", "files", "truth", "faults")
OURS = "fundraise.sandbox.bank."
# Counted up whenever a class that is kept changes.
VERSION = 1
log = logging.getLogger(__name__)


class Store(Database):
    def __init__(self, path: Path) -> None:
        super().__init__(path, SCHEMA, TABLES)

    def save(self, state: Json) -> None:
        body = kept.packed(state | {"version": VERSION})
        self.run("INSERT OR REPLACE INTO state (id, body) VALUES (1, ?)", body)

    def load(self) -> Json:
        """Empty at the first start, and when what is kept had another shape then."""
        found = self.query("SELECT body FROM state")
        if not found:
            return {}
        state: Json = kept.unpacked(found[0][0], OURS)
        if state["version"] == VERSION:
            return state
        log.warning("What was kept is of another version of the stand-in; it begins anew")
        return {}

    def hand_out(self, files: Iterable[File]) -> None:
        """Raises IntegrityError when a name is taken."""
        sql = (
            "INSERT INTO files (name, kind, account, day, note, ident, data, placed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 0)"
        )
        rows = ((f.name, f.kind, f.account, str(f.of), f.note, f.id, f.data) for f in files)
        self.run_many(sql, rows)

    def remember(self, day: Day) -> None:
        """What the oracle may ask for."""
        rows = ((row["account"], row["day"], json.dumps(row)) for row in day.truth)
        self.run_many("INSERT INTO truth (account, day, body) VALUES (?, ?, ?)", rows)
        sql = "INSERT INTO faults (account, day, name, subject, right_on) VALUES (?, ?, ?, ?, ?)"
        self.run_many(sql, (
            (f.account, str(f.day), f.name, f.subject, f.right_on and str(f.right_on))
            for f in day.faults
        ))  # fmt: skip

    def file(self, name: str) -> File | None:
        sql = "SELECT name, kind, account, day, data, note, ident FROM files WHERE name = ?"
        found = self.query(sql, name)
        if not found:
            return None
        name, kind, account, day, data, note, ident = found[0]
        return File(name, kind, account, date.fromisoformat(day), bytes(data), note, ident)

    def count(self) -> int:
        """How many files there have been."""
        return int(self.query("SELECT COUNT(*) FROM files")[0][0])

    def files(self, limit: int) -> list[Json]:
        sql = (
            "SELECT name, kind, account, day, note, length(data) FROM files ORDER BY id DESC"
            " LIMIT ?"
        )
        names = ("name", "kind", "account", "day", "note", "bytes")
        return [dict(zip(names, row, strict=True)) for row in self.query(sql, limit)]

    def truth(self, account: str = "", day: str = "") -> list[Json]:
        """In the order of the account; all of them, or of one account, or of one day."""
        sql = "SELECT body FROM truth WHERE ? IN ('', account) AND ? IN ('', day) ORDER BY id"
        return [json.loads(body) for (body,) in self.query(sql, account, day)]

    def faults(self, limit: int) -> list[Json]:
        sql = "SELECT day, name, account, subject, right_on FROM faults ORDER BY id DESC LIMIT ?"
        names = ("day", "name", "account", "subject", "right_on")
        return [dict(zip(names, row, strict=True)) for row in self.query(sql, limit)]
