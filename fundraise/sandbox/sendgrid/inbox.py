"""The mails that came, to look at: a row per recipient, the mail itself put together on sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from fundraise.sandbox.sendgrid import mails
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.events import Addressed
from fundraise.sandbox.sendgrid.world import World

ROW = """SELECT p.id, p.place, p.email, p.fate, s.request, s.state, s.due, s.batch, r.xid, r.at
FROM recipients p JOIN sendings s ON s.id = p.sending JOIN requests r ON r.id = s.request"""
LIKE = "\\%_"


@dataclass(frozen=True)
class Found:
    """One recipient's copy of a mail."""

    id: int
    place: int
    email: str
    fate: str
    request: int
    state: str
    due: int
    batch: str
    xid: str
    at: int
    given: Json

    @property
    def person(self) -> Json:
        person: Json = self.given["personalizations"][self.place]
        return person

    @property
    def message_header(self) -> str:
        """The Message-ID that its reader sees: the sender's own, else the one of smtp-id."""
        headers = mails.headers_of(self.given, self.person)
        own = next((v for n, v in headers.items() if n.lower() == "message-id"), "")
        return own or str(self.addressed().base()["smtp-id"])

    def addressed(self) -> Addressed:
        return Addressed(self.email, self.xid, self.place, self.given, self.person)

    def mail(self) -> Json:
        return mails.mail(self.given, self.person)

    def all(self) -> Json:
        """For tools: the mail and what became of it."""
        return {
            "id": self.id, "email": self.email, "fate": self.fate, "state": self.state,
            "message_id": self.addressed().message_id, "request": self.xid, "at": self.at,
            "send_at": self.due, "batch_id": self.batch, **self.mail(),
        }  # fmt: skip


def _of(world: World, row: Any) -> Found:
    return Found(*(*row, world.store.body(row[4])))


def find(world: World, recipient: int) -> Found | None:
    rows = world.store.query(f"{ROW} WHERE p.id = ?", recipient)
    return _of(world, rows[0]) if rows else None


def newest(world: World, text: str = "", limit: int = 50, before: int = 0) -> list[Found]:
    """The newest first; `text` is a part of the address, or all of it with = before it."""
    part = "".join(f"\\{sign}" if sign in LIKE else sign for sign in text.strip().lower())
    pattern = part.removeprefix("=") if part.startswith("=") else f"%{part}%"
    sql = f"{ROW} WHERE p.email LIKE ? ESCAPE '\\' AND (? = 0 OR p.id < ?)"
    sql += " ORDER BY p.id DESC LIMIT ?"
    rows = world.store.query(sql, pattern, before, before, limit)
    return [_of(world, row) for row in rows]


def count(world: World) -> int:
    return int(world.store.query("SELECT COUNT(*) FROM recipients")[0][0])


def events_of(world: World, recipient: int) -> list[Json]:
    """What was or will be told about a recipient, with the state of its post."""
    sql = """SELECT e.body, e.due, coalesce(p.state, 'waiting'), coalesce(p.answer, '')
    FROM events e LEFT JOIN posts p ON p.id = e.post WHERE e.recipient = ? ORDER BY e.due, e.id"""
    return [
        {"event": orjson.loads(body), "due": due, "state": state, "answer": answer}
        for body, due, state, answer in world.store.query(sql, recipient)
    ]


def deeds_of(world: World, recipient: int) -> list[Json]:
    sql = "SELECT act, arg, due, done, answer FROM deeds WHERE recipient = ? ORDER BY due, id"
    names = ("act", "arg", "due", "done", "answer")
    return [dict(zip(names, row, strict=True)) for row in world.store.query(sql, recipient)]


def tally(world: World, arg: str) -> Json:
    """How often each value of a custom argument, or each `email`, was accepted and let go.

    What proves that nobody got a mail twice and nobody was missed, in every mode but a sink's.
    """
    accepted: dict[str, int] = {}
    gone: dict[str, int] = {}
    sql = "SELECT id, state, request FROM sendings ORDER BY id"
    for sending, state, request in world.store.query(sql):
        given = world.store.body(request)
        people = "SELECT place, email FROM recipients WHERE sending = ?"
        for place, email in world.store.query(people, sending):
            own = given["personalizations"][place].get("custom_args", {})
            args = {**given.get("custom_args", {}), **own, "email": email}
            value = args.get(arg, "")
            accepted[value] = accepted.get(value, 0) + 1
            if state == "gone":
                gone[value] = gone.get(value, 0) + 1
    return {"accepted": accepted, "gone": gone}
