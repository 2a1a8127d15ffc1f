"""Events of mails: through the HTTP door, and rolled up, against the bare COPY + ON CONFLICT."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import blake2b
from multiprocessing import get_context

import orjson
from django.conf import settings
from django.db import connection, connections, transaction

from fundraise import clock, copying
from fundraise.ops.bench import event_posts
from fundraise.ops.bench.event_posts import EVENTS, Mailed, Post
from fundraise.ops.bench.figures import CEILING, Figure, middle, middle_ratio, rounds, sized
from fundraise.ops.bench.house import House, free_port, wait_for
from fundraise.ops.demo import party
from mailings.mail_events import taking
from mailings.mail_events.models import EventPost

POSTS = 600  # in a round, at full size
ROUNDS = 3
CLIENTS = 2
ASKED = 25_000  # events a second through the door
PATH = "/webhooks/sendgrid/{account}"
BARE_POSTS = taking.AT_ONCE  # in one transaction, as ours


class Lost(Exception):
    """An event that was posted is not there."""


def measure(house: House) -> Iterator[Figure]:
    """Events a second."""
    entity = party.ensure_party()
    campaign = party.ensure_campaign(entity, clock.today())
    number = sized(POSTS, least=4)
    mailed = event_posts.mailed(campaign, (4 * ROUNDS + 2) * number * EVENTS)
    port = free_port()
    with house.running(
        "web", house.web(port), SENDGRID_WEBHOOK_PUBLIC_KEY=mailed.public_key, LOG_LEVEL="ERROR"
    ):
        wait_for(f"http://127.0.0.1:{port}/healthz")
        _through(port, mailed.posts(2))  # every process has its plans
        taking.take_waiting()
        measures: list[Callable[[], float]] = [
            partial(_door, port, mailed, number),
            partial(_roll_up, number),
            partial(_bare, mailed, number),
        ]
        doors, ours, bare = rounds(measures, ROUNDS)
    yield Figure(
        "events", "posts of 500 through the door, two cores", middle(doors), "1/s",
        f"{ASKED} a second", middle(doors) / ASKED, at_least=1.0,
    )  # fmt: skip
    yield Figure("events", "parsed, COPY and ON CONFLICT alone", middle(bare), "1/s", CEILING, 1.0)
    ratio = middle_ratio(ours, bare)
    yield Figure(
        "events", "stored posts rolled up", middle(ours), "1/s", "COPY + ON CONFLICT", ratio,
        at_least=0.5,
    )  # fmt: skip


# --- The door -------------------------------------------------------------------------------------
def _door(port: int, mailed: Mailed, number: int) -> float:
    posts = mailed.posts(number)
    begun = time.perf_counter()
    _through(port, posts)
    return event_posts.events_in(number) / (time.perf_counter() - begun)


def _through(port: int, posts: Sequence[Post]) -> None:
    connections.close_all()
    with ProcessPoolExecutor(CLIENTS, mp_context=get_context("fork")) as clients:
        sent = [clients.submit(_send, port, posts[n::CLIENTS]) for n in range(CLIENTS)]
        for future in sent:
            future.result()


def _send(port: int, posts: Sequence[Post]) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for post in posts:
        path = PATH.format(account=settings.SENDGRID_ACCOUNT)
        client.request("POST", path, post.body, post.headers)
        answer = client.getresponse()
        answer.read()
        if answer.status != 204:
            raise Lost(f"a post was answered {answer.status}")
    client.close()


# --- The roll-up ----------------------------------------------------------------------------------
def _roll_up(number: int) -> float:
    """The posts that the door has stored, one process."""
    events, begun = event_posts.events_in(number), time.perf_counter()
    counts = taking.take_waiting(600)
    took = time.perf_counter() - begun
    if counts["events"] != events or EventPost.objects.exclude(state="done").exists():
        raise Lost(f"{counts['events']} of {events} events were read")
    return events / took


_MAKE = """
  CREATE TEMP TABLE bare (id uuid, appeal_id bigint, seq int, kind text, epoch bigint, code text)
  ON COMMIT DROP"""
_KEEP = """
  INSERT INTO mail_events_mailevent (id, appeal_id, seq, kind, at, code, post_id)
  SELECT id, appeal_id, seq, kind, to_timestamp(epoch), code, 0 FROM bare
  ON CONFLICT (id) DO NOTHING"""


def _bare(mailed: Mailed, number: int) -> float:
    """What storing such events once costs at least: parsed, COPY, INSERT ON CONFLICT."""
    bodies = [post.body for post in mailed.posts(number)]
    begun = time.perf_counter()
    for start in range(0, number, BARE_POSTS):
        _store(bodies[start : start + BARE_POSTS])
    return event_posts.events_in(number) / (time.perf_counter() - begun)


@transaction.atomic
def _store(bodies: Sequence[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
        lines = (
            f"{_hash(one['sg_event_id'])}\t0\t{n}\t{one['event']}\t{one['timestamp']}\t\n"
            for body in bodies
            for n, one in enumerate(orjson.loads(body))
        )
        names = ("id", "appeal_id", "seq", "kind", "epoch", "code")
        copying.lines_into("bare", names, lines)
        cursor.execute(_KEEP)


def _hash(name: str) -> str:
    return blake2b(name.encode(), digest_size=16).hexdigest()
