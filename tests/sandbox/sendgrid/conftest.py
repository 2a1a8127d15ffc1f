"""One stand-in per test worker, emptied before each test, and somebody who takes its posts."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

from fundraise import clock
from tests.sendgrid_stand_in import API_KEY, Json, SendGridStandIn


class Taker:
    """The product's side: takes event posts, letters, visits; checks what is signed."""

    def __init__(self) -> None:
        self.forget()
        self.public_key = ""
        taker = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(taker.take(self.path, body, dict(self.headers)))

            def do_GET(self) -> None:
                taker.visits.append(("GET", self.path, b""))
                self.answer(200)

            def answer(self, status: int) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def forget(self) -> None:
        self.posts: list[list[Json]] = []
        self.letters: list[tuple[bytes, str]] = []
        self.visits: list[tuple[str, str, bytes]] = []
        # The answers to the next event posts; 204 when there are none left.
        self.answers: list[int] = []
        self.unsigned = 0

    def take(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        if path in ("/events", "/parse") and not self._signed(body, headers):
            self.unsigned += 1
            return 403
        if path == "/events":
            status = self.answers.pop(0) if self.answers else 204
            if status == 204:
                self.posts.append(orjson.loads(body))
            return status
        if path == "/parse":
            self.letters.append((body, headers["Content-Type"]))
            return 200
        self.visits.append(("POST", path, body))
        return 200

    def _signed(self, body: bytes, headers: dict[str, str]) -> bool:
        checker = EventWebhook(self.public_key)
        signature = headers[EventWebhookHeader.SIGNATURE]
        at = headers[EventWebhookHeader.TIMESTAMP]
        return bool(checker.verify_signature(body.decode(), signature, at))

    @property
    def events(self) -> list[Json]:
        return [event for post in self.posts for event in post]

    def told(self, email: str) -> list[str]:
        """The kinds of events about an address, by the time that they bear."""
        found = [event for event in self.events if event["email"] == email]
        return [event["event"] for event in sorted(found, key=lambda e: int(e["timestamp"]))]


@pytest.fixture(scope="session")
def running_taker() -> Iterator[Taker]:
    found = Taker()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="session")
def running_sendgrid(running_taker: Taker) -> Iterator[SendGridStandIn]:
    webhook, parse = f"{running_taker.address}/events", f"{running_taker.address}/parse"
    with SendGridStandIn(webhook, parse) as found:
        running_taker.public_key = found.public_key
        yield found


@pytest.fixture
def sendgrid(running_sendgrid: SendGridStandIn, running_taker: Taker) -> SendGridStandIn:
    running_sendgrid.control("events/pause")
    running_sendgrid.reset()
    running_sendgrid.knobs(retry_seconds=[0.05], post_seconds=0.01)
    running_taker.forget()
    return running_sendgrid


@pytest.fixture
def taker(sendgrid: SendGridStandIn, running_taker: Taker) -> Taker:
    return running_taker


def now() -> int:
    """Real time, which is the stand-in's own while nobody moved its clock."""
    return int(clock.real_now().timestamp())


def person(email: str, **more: Any) -> Json:
    return {"to": [{"email": email}]} | more


def request_to(*people: Json | str, **changes: Any) -> Json:
    """A mail request that is as it should be, with changes; None takes a part away."""
    found: Json = {
        "personalizations": [person(p) if isinstance(p, str) else p for p in people],
        "from": {"email": "uppror@example.org", "name": "Upproret"},
        "subject": "Hej",
        "content": [
            {"type": "text/plain", "value": "Hej du"},
            {"type": "text/html", "value": "<p>Hej du</p>"},
        ],
    }
    return {name: value for name, value in (found | changes).items() if value is not None}


class Answer:
    def __init__(self, reply: http.client.HTTPResponse) -> None:
        self.status, self.headers = reply.status, reply.headers
        self.raw = reply.read()

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def error(self) -> Json:
        (found,) = self.json["errors"]
        assert set(found) == {"message", "field", "help"}
        return dict(found)


def call(sendgrid: SendGridStandIn, method: str, path: str, body: Any = None, *,
         key: str = API_KEY, **headers: str) -> Answer:  # fmt: skip
    """One API call. Raises RemoteDisconnected when the connection is cut."""
    line = http.client.HTTPConnection("127.0.0.1", sendgrid.port, timeout=30)
    raw = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
    found = {"Content-Type": "application/json"} | headers
    if key:
        found["Authorization"] = f"Bearer {key}"
    try:
        line.request(method, path, raw, found)
        return Answer(line.getresponse())
    finally:
        line.close()


def mail(sendgrid: SendGridStandIn, *people: Json | str, **changes: Any) -> Answer:
    return call(sendgrid, "POST", "/v3/mail/send", request_to(*people, **changes))
