"""Events on their way: gathered into arrays, signed, posted, posted again until they are taken."""

from __future__ import annotations

import http.client
import logging
import random
from collections.abc import Sequence

from fundraise.sandbox.line import Line
from fundraise.sandbox.sendgrid.world import World, real_time

MOST_BYTES = 768 * 1024
PENDING, SENDING, DONE, FAILED = "pending", "sending", "done", "failed"
WAITING = """SELECT id, length(body) FROM events WHERE post IS NULL AND due <= ?
ORDER BY due, id LIMIT ?"""
CLAIM = """UPDATE posts SET state = 'sending', attempts = attempts + 1 WHERE id = (
    SELECT id FROM posts WHERE state = 'pending' AND due <= ? ORDER BY due, id LIMIT 1)
RETURNING id, attempts, made"""
HEADERS = {"Content-Type": "application/json", "User-Agent": "SendGrid Event API (stand-in)"}
log = logging.getLogger(__name__)


def resume(world: World) -> None:
    """What a killed process was posting may or may not have arrived: once more."""
    sql = "UPDATE posts SET state = ?, attempts = attempts - 1 WHERE state = ?"
    world.store.run(sql, PENDING, SENDING)


def gather(world: World) -> int:
    """Put all events that are due into posts of at most 768 KB; how many posts were made."""
    made = 0
    if world.knobs["delivery_paused"] or not world.config.webhook_url:
        return made
    while rows := world.store.query(WAITING, world.exact_now(), world.knobs["events_per_post"]):
        chosen = _that_fit(rows)
        now = real_time()
        with world.store.write():
            sql = "INSERT INTO posts (state, due, made) VALUES (?, ?, ?)"
            post = world.store.run(sql, PENDING, now, now).lastrowid
            world.store.run_many("UPDATE events SET post = ? WHERE id = ?",
                                 [(post, event) for event in chosen])  # fmt: skip
        made += 1
    return made


def _that_fit(rows: Sequence[tuple[int, int]]) -> list[int]:
    chosen: list[int] = []
    size = 2
    for event, length in rows:
        size += length + 1
        if chosen and size > MOST_BYTES:
            break
        chosen.append(event)
    return chosen


def post_one(world: World, line: Line) -> bool:
    """The next post that is due, if there is one."""
    now = real_time()
    sql = "SELECT 1 FROM posts WHERE state = 'pending' AND due <= ? LIMIT 1"
    if world.knobs["delivery_paused"] or not world.store.query(sql, now):
        return False
    with world.store.write():
        rows = world.store.run(CLAIM, now).fetchall()
    if not rows:
        return False
    post, attempts, made = rows[0]
    _finish(world, post, attempts, made, send(world, line, body_of(world, post)))
    return True


def body_of(world: World, post: int) -> bytes:
    sql = "SELECT body FROM events WHERE post = ? ORDER BY id"
    bodies = [body for (body,) in world.store.query(sql, post)]
    if world.knobs["shuffle"]:
        random.Random(f"{world.knobs['seed']}/{post}").shuffle(bodies)  # noqa: S311 (repeatable)
    return b"[" + b",\r\n".join(bodies) + b"]\r\n"


def send(world: World, line: Line, body: bytes) -> str:
    """The status, or the kind of error, as text."""
    try:
        headers = HEADERS | world.signer.headers(body)
        return str(line.post(world.config.webhook_url, body, headers))
    except (http.client.HTTPException, OSError) as problem:
        return type(problem).__name__


def _finish(world: World, post: int, attempts: int, made: float, answer: str) -> None:
    now = real_time()
    if answer.startswith("2"):
        state, due = DONE, now
    else:
        delays = world.knobs["retry_seconds"]
        due = now + delays[min(attempts, len(delays)) - 1] if delays else now
        state = PENDING if delays and due <= made + world.knobs["retry_hours"] * 3600 else FAILED
        log.info("A post of events answered %s (try %s)", answer, attempts)
    sql = "UPDATE posts SET state = ?, due = ?, answer = ? WHERE id = ?"
    world.store.run(sql, state, due, answer, post)


def waiting(world: World) -> int:
    sql = "SELECT COUNT(*) FROM posts WHERE state IN (?, ?)"
    return int(world.store.query(sql, PENDING, SENDING)[0][0])
