"""POST /v3/mail/send: read, check, keep, answer."""

from __future__ import annotations

import secrets
import time
import zlib
from typing import Any

import orjson

from fundraise.sandbox.sendgrid import checks, people
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.errors import ApiError, plain
from fundraise.sandbox.sendgrid.faults import Fault
from fundraise.sandbox.sendgrid.store import packed
from fundraise.sandbox.sendgrid.world import World
from fundraise.sandbox.web import Request, Response

MOST_BYTES = 30_000_000
ACCEPTED = "INSERT INTO requests (xid, at, body) VALUES (?, ?, ?)"
SENDING = "INSERT INTO sendings (request, batch, due) VALUES (?, ?, ?)"
RECIPIENT = "INSERT INTO recipients (sending, place, email) VALUES (?, ?, ?)"


def send(world: World, request: Request, fault: Fault | None) -> Response:
    """Raises ApiError. A fault is one of those after the door."""
    raw = read(request)
    status = 202
    xid = secrets.token_urlsafe(16)
    mode = world.knobs["mode"]
    if mode == "bare":
        count = raw.count(b'"to":')
    else:
        given, count = _checked(world, raw)
        if checks.sandboxed(given):
            status = 200
        elif mode == "inbox":
            keep(world, given, raw, xid)
    lost = fault is not None and fault.act == "lose"
    world.counts.add(recipients=count if status == 202 else 0, size=len(raw), lost=int(lost))
    if fault is not None and fault.act == "delay":
        time.sleep(fault.seconds)
    if fault is not None and fault.act == "error_after":
        raise plain(fault.status)
    headers = {"X-Message-Id": xid} if status == 202 else {}
    return Response(b"", status, "text/plain; charset=utf-8", headers, lost)


def read(request: Request) -> bytes:
    """The body as it was before it was packed, at most 30 MB. Raises ApiError."""
    raw: bytes = request.environ["wsgi.input"].read()
    if len(raw) > MOST_BYTES:
        raise plain(413)
    if request.header("Content-Encoding").lower() == "gzip":
        raw = _unpacked(raw)
    return raw


def _unpacked(raw: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(raw, MOST_BYTES + 1)
    except zlib.error:
        raise plain(400) from None
    if len(found) > MOST_BYTES:
        raise plain(413)
    if not unpacker.eof:
        raise plain(400)
    return found


def _checked(world: World, raw: bytes) -> tuple[Json, int]:
    try:
        given: Any = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise plain(400) from None
    rules = checks.Rules(
        world.now(), lambda batch: knows_batch(world, batch), world.knobs["unique_across"],
        tuple(world.knobs["verified_senders"]),
    )  # fmt: skip
    count = checks.check(given, rules)
    if world.faults.refused:
        refused = people.first_of(given, world.faults.refused)
        if refused:
            raise people.refuse(refused)
    return given, count


def knows_batch(world: World, batch: str) -> bool:
    return bool(world.store.query("SELECT 1 FROM batches WHERE id = ?", batch))


def keep(world: World, given: Json, raw: bytes, xid: str) -> None:
    """All of the request or nothing of it: its people by the moment that they are to be let go."""
    now = world.now()
    moments: dict[int, list[tuple[int, str]]] = {}
    for place, person in enumerate(given["personalizations"]):
        due = max(person.get("send_at", given.get("send_at", 0)), now)
        found = moments.setdefault(due, [])
        for kind in ("to", "cc", "bcc"):
            found.extend((place, one["email"].lower()) for one in person.get(kind, ()))
    body, store = packed(raw), world.store
    with store.write():
        request = store.run(ACCEPTED, xid, now, body).lastrowid
        for due, found in moments.items():
            sending = store.run(SENDING, request, given.get("batch_id", ""), due).lastrowid
            store.run_many(RECIPIENT, ((sending, place, email) for place, email in found))


def error_response(problem: ApiError) -> Response:
    # The live service was seen to close the connection with a 400.
    closing = {"Connection": "close"} if problem.status == 400 else {}
    return Response(orjson.dumps(problem.body()), problem.status, "application/json",
                    closing | problem.headers)  # fmt: skip
