"""Preparing and sending one appeal, beside a bare COPY of its messages and a bare HTTP loop."""

from __future__ import annotations

import gc
import http.client
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson
from django.conf import settings
from django.db import connection

from fundraise.ops.bench import asked, carried, peers
from fundraise.ops.bench.carried import Carried
from fundraise.ops.bench.child import answer_of
from fundraise.ops.bench.figures import CEILING, Figure, middle, middle_ratio, sized
from fundraise.ops.bench.house import House, free_port, wait_for
from fundraise.ops.bench.meanwhile import Waits, donors
from fundraise.ops.bench.pending import Pending
from fundraise.ops.bench.segments import FREEZE_SECONDS, FROZEN
from mailings.appeals import letters, payloads
from mailings.appeals.models import Appeal, Batch, Payload
from mailings.senders.base import BulkRequest

PEOPLE = 1_000_000
PROCESSES = 2
PREPARED_A_SECOND = 50_000
LEAST = 0.25  # of the bare loop
TURN_SECONDS = 2.0
MEMORY_MEGABYTES = 300
KEY = "SG.stand-in.bench"
PATH = "/v3/mail/send"

_EMPTY = """
  CREATE TEMP TABLE bare_message (LIKE appeals_message INCLUDING DEFAULTS);
  ALTER TABLE bare_message ADD PRIMARY KEY (appeal_id, seq);
  CREATE UNIQUE INDEX ON bare_message (appeal_id, donor_id);
  CREATE UNIQUE INDEX ON bare_message (appeal_id, email_key) WHERE email_key IS NOT NULL"""


def measure(house: House) -> Iterator[Figure]:
    """One appeal from the frozen list to the last mail taken by a sink, while donors come."""
    settings.APPEAL_SENDER, settings.SENDGRID_API_KEY = "sendgrid", KEY
    people = sized(PEOPLE, least=200)
    # In a process of their own, as all that holds much: who sends later is forked from this one.
    campaign = answer_of(asked.make_people, people)
    pending = Pending(campaign)
    port, web = free_port(), free_port()
    settings.SENDGRID_HOST = f"http://127.0.0.1:{port}"
    with (
        house.running("sink", [sys.executable, "-m", "fundraise.ops.bench.sink", str(port)]),
        house.running("web", house.web(web), LOG_LEVEL="ERROR"),
    ):
        wait_for(f"http://127.0.0.1:{port}/")
        wait_for(f"http://127.0.0.1:{web}/healthz")
        appeal = asked.due_appeal(campaign)
        yield _freezing(appeal)
        yield from _preparing(appeal)
        yield from _sending(house, appeal, port)
        yield from _donors(asked.make_appeal(campaign), web, pending)


def _freezing(appeal: Appeal) -> Figure:
    """The whole of it: chosen, put in order, cut into chunks and kept."""
    begun = time.perf_counter()
    people = asked.frozen(appeal).frozen
    seconds = (time.perf_counter() - begun) * FROZEN / people
    case, against = f"frozen: seconds for {FROZEN:,}".replace(",", " "), f"{FREEZE_SECONDS:g} s"
    return Figure("appeals", case, seconds, "s", against, seconds / FREEZE_SECONDS, at_most=1.0)


def _preparing(appeal: Appeal) -> Iterator[Figure]:
    done = carried.prepare(appeal, PROCESSES)
    rate, bare = appeal.frozen / done.seconds, answer_of(_bare_rows, appeal)
    yield Figure("appeals", "COPY of the messages into two keys", bare, "1/s", CEILING, 1.0)
    yield Figure("appeals", "people prepared, two processes", rate, "1/s", CEILING, rate / bare)
    yield _processor(
        "processor time of a person prepared", done, appeal.frozen, PROCESSES / PREPARED_A_SECOND
    )
    yield _memory("memory of preparing", done)


def _bare_rows(appeal: Appeal) -> float:
    """The same message rows once more into an empty table with the same unique keys."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)
        with cursor.copy("COPY appeals_message TO STDOUT") as out:
            rows = [bytes(block) for block in out]
        begun = time.perf_counter()
        with cursor.copy("COPY bare_message FROM STDIN") as into:
            for row in rows:
                into.write(row)
        return appeal.frozen / (time.perf_counter() - begun)


def _sending(house: House, appeal: Appeal, port: int) -> Iterator[Figure]:
    kept = _kept(appeal)
    before = answer_of(_bare, kept, port)
    done = carried.send(appeal, PROCESSES)
    after = answer_of(_bare, kept, port)
    sent = sum(Batch.objects.filter(appeal=appeal).values_list("sent", flat=True))
    rate, bare = sent / done.seconds, (before.rate + after.rate) / 2
    yield Figure("appeals", "made, orjson and a kept connection, bare", bare, "1/s", CEILING, 1.0)
    yield Figure(
        "appeals", "mails sent, two processes", rate, "1/s", CEILING, rate / bare, at_least=LEAST
    )
    ready = (before.ready + after.ready) / 2
    yield Figure("appeals", "the same made beforehand, bare", ready, "1/s", CEILING, rate / ready)
    # What two processors may take for a mail, when one that does nothing else takes so long.
    yield _processor(
        "processor time of a mail sent", done, sent, PROCESSES / LEAST * before.processor
    )
    yield _memory("memory of sending", done)
    for peer, least, its in peers.rates(house, list(_requests(kept[:40])), port):
        yield Figure("appeals", f"mails sent, against {peer}", its, "1/s", peer, rate / its,
                     at_least=least)  # fmt: skip


def _memory(case: str, done: Carried) -> Figure:
    ratio = done.megabytes / MEMORY_MEGABYTES
    against = f"{MEMORY_MEGABYTES} MB"
    return Figure("appeals", case, done.megabytes, "MB", against, ratio, at_most=1.0)


def _processor(case: str, done: Carried, number: int, most: float) -> Figure:
    """Microseconds for each: says more than a rate where something else is running too."""
    micro = done.processor / number * 1e6
    against = f"{most * 1e6:.3g} µs"
    return Figure("appeals", case, micro, "µs", against, micro / (most * 1e6), at_most=1.0)


def _donors(appeal: Appeal, port: int, pending: Pending) -> Iterator[Figure]:
    """What a donor waits for while an appeal is prepared and sent, beside the quiet moment just
    before: they take turns, and the ratio is the middle of the rounds' own."""
    waits, turns = Waits(), list[tuple[float, float, float]]()
    with donors(port, pending, waits):
        quiet = time.perf_counter()
        time.sleep(TURN_SECONDS)
        while done := carried.for_a_while(appeal, PROCESSES, TURN_SECONDS):
            turns.append((quiet, done.begun, done.begun + done.seconds))
            quiet = time.perf_counter()
            time.sleep(TURN_SECONDS - carried.START_IN)  # it is quiet while the next are forked
    before = [waits.middles(quiet, begun) for quiet, begun, _ended in turns]
    busy = [waits.middles(begun, ended) for _quiet, begun, ended in turns]
    both = [(now, then) for now, then in zip(busy, before, strict=True) if now and then]
    for place, case in enumerate(("a donor's page meanwhile", "a donor's gift meanwhile")):
        now = [one[place] for one, _then in both]
        ratio = middle_ratio(now, [then[place] for _one, then in both])
        yield Figure("appeals", case, middle(now), "ms", "a quiet moment",
                     ratio, at_most=1.5)  # fmt: skip


def _kept(appeal: Appeal) -> list[Payload]:
    """Some batches of the appeal, sealed: when they are sent, their bodies are away."""
    rows = Payload.objects.filter(batch__appeal=appeal)
    return list(rows.select_related("batch__content__variant").order_by("pk")[:200])


def _requests(kept: Sequence[Payload]) -> Iterator[BulkRequest]:
    """The same as they are posted."""
    contents = {one.batch.content_id: one.batch.content for one in kept}
    forms = {pk: letters.Form.of(one, one.variant.appeal_id) for pk, one in contents.items()}
    for payload in kept:
        people = list(payloads.opened(payload).packed)
        yield BulkRequest(forms[payload.batch.content_id].bulk, people, "bench", "appeal-bench")


@dataclass(frozen=True, slots=True)
class Bare:
    """Mails a second of a loop that does nothing else; the same of requests that were made before;
    its seconds of processor time for each mail."""

    rate: float
    ready: float
    processor: float


def _bare(kept: list[Payload], port: int) -> Bare:
    requests = list(_requests(kept))
    mails = sum(len(one.people) for one in requests)
    gc.disable()
    begun, spent = time.perf_counter(), time.process_time()
    _posted(port, map(_as_dicts, requests))
    took, spent = time.perf_counter() - begun, time.process_time() - spent
    made = [_as_dicts(request) for request in requests]
    begun = time.perf_counter()
    _posted(port, made)
    return Bare(mails / took, mails / (time.perf_counter() - begun), spent / mails)


def _as_dicts(request: BulkRequest) -> dict[str, object]:
    """What a loop without any care would post."""
    content = request.content
    names = [letters.tag(name) for name in content.tags]
    leave = content.tags.index(letters.LEAVE_TAG)
    return {
        "from": {"email": content.from_email, "name": content.from_name},
        "subject": content.subject,
        "content": [
            {"type": "text/plain", "value": content.text},
            {"type": "text/html", "value": content.html},
        ],
        "personalizations": [
            {
                "to": [{"email": one.to}],
                "substitutions": dict(zip(names, one.values, strict=True)),
                "custom_args": {"m": one.values[-1]},
                "headers": {"List-Unsubscribe": f"<https://party.example/{one.values[leave]}>"},
            }
            for one in request.people
        ],
    }


def _posted(port: int, requests: Iterable[dict[str, object]]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port)
    for request in requests:
        line.request("POST", PATH, orjson.dumps(request), {"Authorization": f"Bearer {KEY}"})
        if line.getresponse().read() or line.sock is None:
            raise RuntimeError("the sink did not take it")
    line.close()
