"""From a webhook to a booked gift: gunicorn, broker, Celery workers and the stand-in for Stripe."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from fundraise import clock
from fundraise.celery import app
from fundraise.ops.bench.house import House, free_port, wait_for
from fundraise.ops.bench.pending import AMOUNT_ORE, Pending, ref_of

WEBHOOK = "/webhooks/stripe/demo"
SENDERS = 2
AT_ONCE = 200
WARM_UP = 20
LONGEST_SECONDS = 300.0
# Of the gifts booked: the first wait for processes to warm up, the last for a queue to run dry.
FROM, TO = 0.15, 0.9


class Stuck(Exception):
    """The gifts were not booked in time."""


@dataclass(slots=True)
class Pipeline:
    """The service's processes around one measurement after another."""

    house: House
    pending: Pending
    web: int
    stripe: int

    def gifts_a_second(self, number: int, processes: int) -> float:
        """Webhooks come while they are worked on: how many gifts are booked a second."""
        gifts = self._paid(number)
        with self._worker(processes):
            before = _booked() + WARM_UP
            self._deliver(self._paid(WARM_UP))  # the processes are awake before the clock starts
            self._await(0, before)
            begun = time.perf_counter()
            self._deliver(gifts)
            self._await(number, before)
            return number / (time.perf_counter() - begun)

    def booked_a_second(self, number: int, processes: int) -> float:
        """The queue is full before the workers begin: how many they book a second."""
        before = _booked()
        self._deliver(self._paid(number))
        with self._worker(processes):
            first = self._await(int(number * FROM), before)
            last = self._await(int(number * TO), before)
            rate = int(number * (TO - FROM)) / (last - first)
            self._await(number, before)
            return rate

    @contextmanager
    def _worker(self, processes: int) -> Iterator[None]:
        api = f"http://127.0.0.1:{self.stripe}"
        with self.house.running(
            "worker", self.house.worker("money", processes), STRIPE_API_BASE=api, LOG_LEVEL="ERROR"
        ):
            yield
        _empty_queues()

    def _paid(self, number: int) -> list[str]:
        """So many gifts that are paid at Stripe; their PaymentIntents."""
        first, made = self.pending.block(number), []
        for begin in range(first, first + number, AT_ONCE):
            refs = [ref_of(n) for n in range(begin, min(begin + AT_ONCE, first + number))]
            items = [{"amount": AMOUNT_ORE, "metadata": {"gift": str(ref)}} for ref in refs]
            answer = self._act("bulk", {"items": items, "events": "none"})
            made += [str(one["payment_intent"]) for one in answer["data"]]
        return made

    def _act(self, name: str, body: object) -> dict[str, list[dict[str, object]]]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.stripe}/_test/{name}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            found: dict[str, list[dict[str, object]]] = json.load(answer)
        return found

    def _deliver(self, intents: Sequence[str]) -> None:
        """Send a signed event for each, over connections that stay open."""
        with ThreadPoolExecutor(SENDERS) as senders:
            sent = [senders.submit(self._send, intents[n::SENDERS]) for n in range(SENDERS)]
            for future in sent:
                future.result()

    def _send(self, intents: Sequence[str]) -> None:
        client = http.client.HTTPConnection("127.0.0.1", self.web, timeout=30)
        for intent in intents:
            body = json.dumps(_event(intent)).encode()
            client.request("POST", WEBHOOK, body, _signed(body))
            answer = client.getresponse()
            answer.read()
            if answer.status != 200:
                raise Stuck(f"a webhook was answered {answer.status}")
        client.close()

    def _await(self, number: int, before: int) -> float:
        """Until so many gifts are booked; when that was."""
        deadline = time.perf_counter() + LONGEST_SECONDS
        while time.perf_counter() < deadline:
            if _booked() - before >= number:
                return time.perf_counter()
            time.sleep(0.02)
        raise Stuck(self.house.said("worker"))


def _empty_queues() -> None:
    """What is left, receipts mostly, belongs to no later measurement."""
    queues = {str(route["queue"]) for route in settings.CELERY_TASK_ROUTES.values()}
    with app.connection_for_write() as broker:
        for queue in queues:
            broker.SimpleQueue(queue).clear()


def _booked() -> int:
    """How many events have been worked on: each books one gift."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM providers_providerevent WHERE state = 'done'")
        return int(cursor.fetchone()[0])


def _event(intent: str) -> dict[str, object]:
    return {
        "id": f"evt_{intent}",
        "object": "event",
        "type": "payment_intent.succeeded",
        "api_version": settings.STRIPE_API_VERSION,
        "livemode": False,
        "created": int(clock.real_now().timestamp()),
        "data": {"object": {"id": intent, "object": "payment_intent"}},
    }


def _signed(body: bytes) -> dict[str, str]:
    """Stripe's signature: https://docs.stripe.com/webhooks#verify-manually."""
    at = int(clock.real_now().timestamp())
    key = settings.STRIPE_WEBHOOK_SECRET.encode()
    digest = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={digest}", "Content-Type": "application/json"}


@contextmanager
def running(house: House, pending: Pending) -> Iterator[Pipeline]:
    """gunicorn and the stand-in; workers come and go with each measurement."""
    web, stripe = free_port(), free_port()
    with ExitStack() as stack:
        stack.enter_context(
            house.running("stripe", house.stripe(stripe, str(house.folder / "stripe")))
        )
        stack.enter_context(house.running("web", house.web(web)))
        wait_for(f"http://127.0.0.1:{stripe}/")
        wait_for(f"http://127.0.0.1:{web}/healthz")
        yield Pipeline(house, pending, web, stripe)
