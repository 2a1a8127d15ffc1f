"""Everything the stand-in remembers: Stripe's objects with what lists are filtered by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fundraise.sandbox import knobs
from fundraise.sandbox.database import Database
from fundraise.sandbox.stripe.config import Json

SCHEMA = (
    knobs.SCHEMA
    + """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    created INTEGER NOT NULL, status TEXT, type TEXT, payment_intent TEXT, charge TEXT,
    customer TEXT, source TEXT, payout TEXT, body TEXT NOT NULL, hidden TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_intent ON objects (payment_intent, kind);
CREATE INDEX IF NOT EXISTS objects_charge ON objects (charge, kind);
CREATE INDEX IF NOT EXISTS objects_customer ON objects (customer, kind);
CREATE INDEX IF NOT EXISTS objects_source ON objects (source, kind);
CREATE INDEX IF NOT EXISTS objects_payout ON objects (payout, kind);
CREATE TABLE IF NOT EXISTS metadata (
    object TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, name, value, object)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS metadata_object ON metadata (object);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, hash TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    created INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL,
    type TEXT NOT NULL, state TEXT NOT NULL, due REAL NOT NULL, place INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0, answer TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due, place);
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, act TEXT NOT NULL, args TEXT NOT NULL,
    due REAL NOT NULL, due_clock INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS tasks_due ON tasks (due_clock, due);
"""
)
TABLES = ("objects", "metadata", "idempotency", "deliveries", "tasks", "knobs")
# Fields copied into columns so that lists can be filtered by them.
COLUMNS = ("status", "type", "payment_intent", "charge", "customer", "source")

# Column names are the constants above.
UPSERT = f"""
INSERT INTO objects (id, kind, created, {", ".join(COLUMNS)}, body, hidden)
VALUES (?, ?, ?, {", ".join("?" for _ in COLUMNS)}, ?, ?)
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in COLUMNS)},
    body = excluded.body, hidden = excluded.hidden
"""  # noqa: S608


class Store(Database):
    def __init__(self, path: Path) -> None:
        super().__init__(path, SCHEMA, TABLES)

    def text(self, object_id: str) -> tuple[str, str] | None:
        """Kind and JSON text of an object."""
        rows = self.query("SELECT kind, body FROM objects WHERE id = ?", object_id)
        return rows[0] if rows else None

    def get(self, object_id: str) -> Json | None:
        row = self.text(object_id)
        return json.loads(row[1]) if row else None

    def hidden(self, object_id: str) -> Json:
        rows = self.query("SELECT hidden FROM objects WHERE id = ?", object_id)
        return json.loads(rows[0][0]) if rows else {}

    def put(self, obj: Json, hidden: Json | None = None) -> None:
        """Insert or replace; `hidden` is what Stripe knows and does not show (None: as before)."""
        kept = self.hidden(obj["id"]) if hidden is None else hidden
        columns = [_scalar(obj.get(name)) for name in COLUMNS]
        row = (obj["id"], obj["object"], obj.get("created", 0), *columns)
        with self.write():
            self.connection.execute(UPSERT, (*row, json.dumps(obj), json.dumps(kept)))
            self._index_metadata(obj)

    def _index_metadata(self, obj: Json) -> None:
        if "metadata" not in obj:
            return
        self.connection.execute("DELETE FROM metadata WHERE object = ?", (obj["id"],))
        rows = [(obj["id"], obj["object"], k, v) for k, v in (obj["metadata"] or {}).items()]
        self.connection.executemany("INSERT INTO metadata VALUES (?, ?, ?, ?)", rows)

    def delete(self, object_id: str) -> None:
        with self.write():
            self.run("DELETE FROM objects WHERE id = ?", object_id)
            self.run("DELETE FROM metadata WHERE object = ?", object_id)


def _scalar(value: Any) -> Any:
    return value if isinstance(value, str | int | None) else None
