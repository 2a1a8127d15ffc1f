"""What the stand-in remembers. A request is kept whole and packed; people are rows into it.

requests    a body as it came, its X-Message-Id
sendings    the people of a request that go at the same moment: held until then
recipients  one per address: which request, which personalization
events      made and not yet posted, or in a post
posts       arrays of events on their way to the webhook
deeds       what recipients will do: follow links, complain, reply
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from pathlib import Path
from threading import Lock

import orjson

from fundraise.sandbox import knobs
from fundraise.sandbox.database import Database
from fundraise.sandbox.sendgrid.config import Json

SCHEMA = (
    knobs.SCHEMA
    + """
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    xid TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sendings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request INTEGER NOT NULL, batch TEXT NOT NULL, due INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'held', at INTEGER);
CREATE INDEX IF NOT EXISTS sendings_due ON sendings (state, due);
CREATE INDEX IF NOT EXISTS sendings_batch ON sendings (batch) WHERE batch <> '';
CREATE TABLE IF NOT EXISTS recipients (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sending INTEGER NOT NULL, place INTEGER NOT NULL,
    email TEXT NOT NULL, fate TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS recipients_email ON recipients (email);
CREATE INDEX IF NOT EXISTS recipients_sending ON recipients (sending);
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient INTEGER NOT NULL, due REAL NOT NULL, post INTEGER,
    body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS events_due ON events (due) WHERE post IS NULL;
CREATE INDEX IF NOT EXISTS events_post ON events (post) WHERE post IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_recipient ON events (recipient);
CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL, due REAL NOT NULL, made REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS posts_due ON posts (state, due);
CREATE TABLE IF NOT EXISTS deeds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient INTEGER NOT NULL, act TEXT NOT NULL, arg TEXT NOT NULL,
    due REAL NOT NULL, done INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS deeds_due ON deeds (due) WHERE done = 0;
CREATE INDEX IF NOT EXISTS deeds_recipient ON deeds (recipient);
CREATE TABLE IF NOT EXISTS batches (
    id TEXT PRIMARY KEY, status TEXT NOT NULL DEFAULT '', stopped INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS suppressions (
    list TEXT NOT NULL, email TEXT NOT NULL, created INTEGER NOT NULL, reason TEXT NOT NULL,
    status TEXT NOT NULL, PRIMARY KEY (list, email)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, scopes TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signing (key TEXT NOT NULL);
"""
)
# What `reset` forgets: the signing key stays, as the product was told its other half.
TABLES = ("requests", "sendings", "recipients", "events", "posts", "deeds", "batches",
          "suppressions", "keys", "knobs")  # fmt: skip
KEPT_OPEN = 4


class Store(Database):
    def __init__(self, path: Path) -> None:
        super().__init__(path, SCHEMA, TABLES)
        # A page of the inbox, or a sending, reads the same few bodies again and again.
        self._bodies: OrderedDict[int, Json] = OrderedDict()
        self._lock = Lock()

    def body(self, request: int) -> Json:
        """The request as it came, parsed."""
        with self._lock:
            if request in self._bodies:
                self._bodies.move_to_end(request)
                return self._bodies[request]
        rows = self.query("SELECT body FROM requests WHERE id = ?", request)
        found: Json = orjson.loads(zlib.decompress(rows[0][0]))
        with self._lock:
            self._bodies[request] = found
            while len(self._bodies) > KEPT_OPEN:
                self._bodies.popitem(last=False)
        return found

    def clear(self) -> None:
        super().clear()
        with self._lock:
            self._bodies.clear()


def packed(raw: bytes) -> bytes:
    return zlib.compress(raw, 1)
