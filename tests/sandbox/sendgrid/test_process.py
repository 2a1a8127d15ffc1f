"""The process: starts, stops, refuses live mode and other keys, keeps what it had."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sendgrid.helpers.eventwebhook import EventWebhook

from fundraise.sandbox.sendgrid import signing
from tests.ports import free_port
from tests.sandbox.sendgrid.conftest import Taker, call, mail, now, person
from tests.sendgrid_stand_in import COMMAND, SendGridStandIn
from tests.stripe_stand_in import ROOT


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not done():
        assert time.monotonic() < until
        time.sleep(0.005)


def _start(data: Path, mode: str, key: str) -> subprocess.CompletedProcess[str]:
    options = ["--port", str(free_port()), "--data", str(data), "--api-key", key]
    return subprocess.run(
        [*COMMAND, *options], cwd=ROOT, env=os.environ | {"FUNDRAISE_MODE": mode},
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "key", "words"),
    [("live", "SG.stand-in.x", "does not start when FUNDRAISE_MODE=live"),
     ("demo", "SG.abcdefghijk.real", "takes keys that begin with SG.stand-in.")],
)  # fmt: skip
def test_live_mode_and_other_keys_are_refused(
    tmp_path: Path, mode: str, key: str, words: str
) -> None:
    refused = _start(tmp_path / "data", mode, key)
    assert refused.returncode != 0
    assert words in refused.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("kill", [True, False])
def test_a_second_run_finds_its_mails_batches_lists_and_key(
    tmp_path: Path, running_taker: Taker, kill: bool
) -> None:
    with SendGridStandIn(f"{running_taker.address}/elsewhere", data=tmp_path) as own:
        batch = call(own, "POST", "/v3/mail/batch").json["batch_id"]
        mail(own, "anna@x.se", batch_id=batch, send_at=now() + 3600)
        mail(own, "bounce@x.se")
        own.wait()
        own.knobs(seed=42)
        key = own.public_key
        assert own.stop(kill=kill) == (-9 if kill else 0)
        own.start()
        assert (own.public_key, own.state()["knobs"]["seed"]) == (key, 42)
        found = {one["email"]: one["state"] for one in own.mails()}
        assert found == {"anna@x.se": "held", "bounce@x.se": "gone"}
        assert len(call(own, "GET", "/v3/suppression/bounces").json) == 1
        own.clock(3700)
        own.wait()
        assert {one["state"] for one in own.mails()} == {"gone"}


def test_events_that_were_not_taken_are_posted_by_the_next_run(tmp_path: Path) -> None:
    with SendGridStandIn(f"http://127.0.0.1:{free_port()}/x", data=tmp_path) as own:
        own.knobs(retry_seconds=[3600.0])
        mail(own, "anna@x.se")
        own.control("events/wait", timeout=0.5)
        own.stop(kill=True)
        own.start()
        posts: list[dict[str, Any]] = own.read("posts")
    assert len(posts) >= 1
    assert {post["state"] for post in posts} <= {"pending", "sending"}


def test_the_key_may_be_given(tmp_path: Path) -> None:
    key = signing.new_key()
    with SendGridStandIn("", "", "--signing-key", key, data=tmp_path) as own:
        public = own.public_key
    signer = signing.Signer(key)
    assert public == signer.public_key
    head = signer.headers(b"[]\r\n")
    checker, at = EventWebhook(public), head[signing.TIMESTAMP]
    assert checker.verify_signature("[]\r\n", head[signing.SIGNATURE], at)
    assert not checker.verify_signature("[]", head[signing.SIGNATURE], at)


def test_the_log_holds_no_addresses(tmp_path: Path) -> None:
    with SendGridStandIn(f"http://127.0.0.1:{free_port()}/x", data=tmp_path) as own:
        own.knobs(retry_seconds=[0.01])
        mail(own, "planterad@x.se", subject="Planterad rubrik")
        call(own, "DELETE", "/v3/suppression/bounces/planterad@x.se")
        own.control("events/wait", timeout=0.5)
        own.stop()
        log = own.log.read_text()
    assert "Ready on" in log
    assert "A post of events answered" in log
    for planted in ("planterad", "Planterad", "SG.stand-in"):
        assert planted not in log


@pytest.mark.serial
def test_killed_among_parallel_requests_it_has_all_that_it_accepted(tmp_path: Path) -> None:
    accepted: list[str] = []

    def send(worker: int) -> None:
        for number in range(200):
            token = f"{worker}-{number}"
            people = [person(f"p{n}@x.se", custom_args={"m": f"{token}-{n}"}) for n in range(3)]
            try:
                answer = mail(own, *people)
            except (OSError, http.client.HTTPException):
                return
            if answer.status == 202:
                accepted.extend(f"{token}-{n}" for n in range(3))

    with SendGridStandIn(data=tmp_path) as own, ThreadPoolExecutor(4) as pool:
        working = [pool.submit(send, worker) for worker in range(4)]
        wait_until(lambda: len(accepted) >= 120)
        own.stop(kill=True)
        for one in working:
            one.result()
        own.start()
        own.control("events/wait", hurry_seconds=0)
        found = own.tally("m")
    assert 120 <= len(accepted) < 2400
    assert set(accepted) <= set(found["gone"])
    # Whole requests only, and nothing twice; one or two answers may have been on their way.
    assert len(found["accepted"]) % 3 == 0
    assert set(found["accepted"].values()) == {1}
    assert len(found["accepted"]) <= len(accepted) + 12
