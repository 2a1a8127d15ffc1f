"""What a Sentry is told, read from the wire."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import brotli
import pytest

from fundraise import sentry
from tests.servers import ROOT

PERSON = "anna.lind@example.org"
# Nothing of these may leave: who, from where, on which machine.
SECRETS = (PERSON, "anna.lind", "example.org", "10.9.8.7", "a-cookie", socket.gethostname())
UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@contextmanager
def sink() -> Iterator[tuple[str, list[str]]]:
    """A Sentry of our own: its DSN, and the bodies that it was sent."""
    bodies: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(UNPACKED[self.headers["Content-Encoding"]](raw).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://key@127.0.0.1:{server.server_port}/1", bodies
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def go_wrong(**environ: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.faults"],
        cwd=ROOT,
        env={
            **os.environ, "PERSON": PERSON, "DJANGO_SETTINGS_MODULE": "fundraise.settings",
            "FUNDRAISE_BASE_URL": "http://localhost:8000", **environ,
        },
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip


def events(bodies: list[str]) -> list[dict[str, Any]]:
    """The events in the envelopes: a line of head, then a line of head and one of body for each."""
    found = []
    for body in bodies:
        lines = body.splitlines()
        heads = [json.loads(line) for line in lines[1::2]]
        assert [head["type"] for head in heads] == ["event"] * len(heads)
        found += [json.loads(line) for line in lines[2::2]]
    return found


@pytest.fixture(scope="module")
def bodies() -> list[str]:
    """What a Sentry was sent by a process that went wrong in every way."""
    with sink() as (dsn, sent):
        go_wrong(SENTRY_DSN=dsn)
    return sent


@pytest.mark.enable_socket
def test_a_sentry_is_told_of_every_fault_and_of_no_person(bodies: list[str]) -> None:
    told = events(bodies)
    assert [secret for secret in SECRETS if secret in "".join(bodies)] == []
    values = [event["exception"]["values"] for event in told if "exception" in event]
    assert sorted((value["type"], value["value"]) for chain in values for value in chain) == [
        ("IntegrityError", 'violates unique constraint "one_mail"\n[removed]'),
        ("KeyError", "[removed]"),
        ("RuntimeError", "can't write to [removed]"),
        ("ValueError", "no donor [removed] with [removed]"),
    ]
    words = sorted(event["logentry"]["message"] for event in told if "logentry" in event)
    assert words == ["could not reach %s", "mail_failed"]
    assert {event.get("transaction") for event in told} >= {"tests.faults.web_fault"}
    allowed = {*sentry.KEPT, "transaction", "contexts", "exception", "logentry"}
    assert [set(event) - allowed for event in told if set(event) - allowed] == []


@pytest.mark.enable_socket
def test_a_fault_says_where_it_was_without_local_variables(bodies: list[str]) -> None:
    (fault,) = [
        value
        for event in events(bodies)
        for value in event.get("exception", {}).get("values", [])
        if value["type"] == "ValueError"
    ]
    last = fault["stacktrace"]["frames"][-1]
    assert (last["function"], last["filename"]) == ("web_fault", "tests/faults.py")
    assert last["context_line"].strip().startswith("raise ValueError(")
    keys = {key for frame in fault["stacktrace"]["frames"] for key in frame}
    assert keys <= set(sentry.OF_A_FRAME)
    assert "vars" not in keys


@pytest.mark.enable_socket
def test_without_a_sentry_nothing_is_sent() -> None:
    with sink() as (_dsn, bodies):
        go_wrong(SENTRY_DSN="")
    assert bodies == []


def test_whatever_an_event_holds_only_what_is_known_to_be_safe_leaves() -> None:
    event: dict[str, Any] = {
        "event_id": "1",
        "level": "error",
        "server_name": "house",
        "user": {"email": PERSON, "ip_address": "10.9.8.7"},
        "request": {"url": f"https://x/?mail={PERSON}", "cookies": {"a": "b"}, "data": PERSON},
        "breadcrumbs": {"values": [{"message": PERSON}]},
        "extra": {"sys.argv": [PERSON]},
        "tags": {"who": PERSON},
        "contexts": {"runtime": {"name": "CPython"}, "state": {"who": PERSON}},
        "threads": {"values": [{"stacktrace": {"frames": [{"vars": {"a": PERSON}}]}}]},
        "message": f"Wrote to {PERSON}",
        "exception": {
            "values": [
                {
                    "type": "E",
                    "value": "",
                    "mechanism": {"type": "django", "handled": False, "data": {"who": PERSON}},
                    "stacktrace": {"frames": [{"lineno": 3, "vars": {"a": PERSON}}]},
                }
            ]
        },
    }
    assert sentry.clean(event, {}) == {  # type: ignore[arg-type]
        "event_id": "1",
        "level": "error",
        "contexts": {"runtime": {"name": "CPython"}},
        "logentry": {"message": "Wrote to [removed]"},
        "exception": {
            "values": [
                {
                    "type": "E",
                    "module": None,
                    "value": "",
                    "mechanism": {"type": "django", "handled": False},
                    "stacktrace": {"frames": [{"lineno": 3}]},
                }
            ]
        },
    }


def test_nothing_is_measured_and_nothing_is_added_to_what_we_ask_of_others() -> None:
    chosen = sentry.options("http://key@127.0.0.1:9/1", "demo")
    assert chosen["send_default_pii"] is False
    assert chosen["include_local_variables"] is False
    assert chosen["max_request_body_size"] == "never"
    assert chosen["trace_propagation_targets"] == []
    assert chosen["before_send_transaction"]({}, {}) is None
    assert not {"traces_sample_rate", "profiles_sample_rate"} & set(chosen)
