"""Webhooks on their way: a queue in the database, workers with kept-alive connections."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import stripe

from fundraise import clock
from fundraise.sandbox.line import Line
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.event_faults import DONE, FAILED, PENDING, SENDING
from fundraise.sandbox.stripe.presentation import pending_webhooks
from fundraise.sandbox.stripe.world import World, real_time

WORKERS = 4
log = logging.getLogger(__name__)

CLAIM = """
UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = (
    SELECT id FROM deliveries WHERE state = 'pending' AND due <= ? ORDER BY due, place, id LIMIT 1)
RETURNING id, event, endpoint, attempts
"""


class Delivery:
    def __init__(self, world: World) -> None:
        self.world = world
        self._wake = threading.Condition()
        self._stop = False
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        # What a killed process was sending may or may not have arrived: once more, and the try
        # that was cut short does not count.
        sql = "UPDATE deliveries SET state = ?, attempts = attempts - 1 WHERE state = ?"
        self.world.store.run(sql, PENDING, SENDING)
        self.world.store.after_commit.append(self._wake_if_queued)
        for number in range(WORKERS):
            thread = threading.Thread(target=self._work, name=f"delivery-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stop = True
        self.wake()

    def _wake_if_queued(self) -> None:
        if self.world.queued:
            self.world.queued = False
            self.wake()

    def wake(self) -> None:
        with self._wake:
            self._wake.notify_all()

    def _work(self) -> None:
        line = Line(self._timeout)
        while not self._stop:
            try:
                if not self._one(line):
                    with self._wake:
                        self._wake.wait(timeout=0.2)
            except Exception:
                log.exception("A delivery worker stumbled")
                time.sleep(0.2)

    def _one(self, line: Line) -> bool:
        if not self._something_due():
            return False
        with self.world.store.write():
            rows = self.world.store.run(CLAIM, real_time()).fetchall()
        if not rows:
            return False
        delivery, event, endpoint, attempts = rows[0]
        answer = self.send(line, event, endpoint)
        self._finish(delivery, answer, attempts)
        return True

    def _something_due(self) -> bool:
        sql = "SELECT 1 FROM deliveries WHERE state = 'pending' AND due <= ? LIMIT 1"
        return bool(self.world.store.query(sql, real_time()))

    def send(self, line: Line, event_id: str, endpoint_id: str) -> str:
        """Post one event now; the status, or the kind of error, as text."""
        event, endpoint = self.world.store.get(event_id), self.world.store.get(endpoint_id)
        if event is None or endpoint is None:
            return "gone"
        event["pending_webhooks"] = pending_webhooks(self.world, event_id)
        secret = str(self.world.hidden(endpoint_id)["secret"])
        payload = json.dumps(event, indent=2)
        try:
            return str(line.post(endpoint["url"], payload.encode(), signed(payload, secret)))
        except (http.client.HTTPException, OSError) as problem:
            return type(problem).__name__

    def _timeout(self) -> float:
        return float(self.world.knobs["delivery_timeout_seconds"])

    def _finish(self, delivery: int, answer: str, attempts: int) -> None:
        if answer.startswith("2"):
            state, due = DONE, real_time()
        else:
            delays = self.world.knobs["retry_delays_seconds"]
            again = attempts <= len(delays)
            state = PENDING if again else FAILED
            due = real_time() + (delays[attempts - 1] if again else 0)
            log.info("Delivery %s answered %s (try %s)", delivery, answer, attempts)
        sql = "UPDATE deliveries SET state = ?, due = ?, answer = ? WHERE id = ?"
        self.world.store.run(sql, state, due, answer, delivery)

    def send_now(self, event_ids: list[str], *, parallel: bool) -> list[Json]:
        """Deliver these events to every endpoint that wants them, in this order or at once."""
        pairs = [
            (event["id"], endpoint["id"])
            for event in map(self.world.store.get, event_ids) if event
            for endpoint in self.world.endpoints(event["type"])
        ]  # fmt: skip

        def send(pair: tuple[str, str]) -> Json:
            return {"event": pair[0], "endpoint": pair[1], "answer": self.send(
                Line(self._timeout), *pair)}  # fmt: skip

        with ThreadPoolExecutor(len(pairs) or 1 if parallel else 1) as pool:
            return list(pool.map(send, pairs))

    def waiting(self) -> int:
        """Deliveries still to come (held ones are not)."""
        sql = "SELECT COUNT(*) FROM deliveries WHERE state IN (?, ?)"
        return int(self.world.store.query(sql, PENDING, SENDING)[0][0])


def signed(payload: str, secret: str) -> dict[str, str]:
    # Real time, never the stand-in's clock: a receiver compares with its own.
    at = int(clock.real_now().timestamp())
    signature = stripe.WebhookSignature.generate_signature_header(payload, secret, at)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature,
        "User-Agent": "Stripe/1.0 (stand-in)",
    }
