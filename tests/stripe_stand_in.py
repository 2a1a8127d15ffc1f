"""A running stand-in for Stripe, and its control plane, for tests.

with StripeStandIn(webhook_url=...) as stripe_:
    session = stripe_.client().v1.checkout.sessions.create({...})
    back = stripe_.pay(session.url, card=CARD_OK)     # where the donor is sent
    stripe_.wait()                                    # until every event has been delivered
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

import stripe

from tests.ports import free_port
from tests.sandbox.control import ControlPlane
from tests.sandbox.control import Json as Json
from tests.sandbox.control import StandInError as StandInError

CARD_OK = "4242424242424242"
CARD_DECLINED = "4000000000000002"
CARD_NO_FUNDS = "4000000000009995"
CARD_3DS = "4000002500003155"
CARD_3DS_ALWAYS = "4000002760003184"
CARD_DECLINES_WHEN_CHARGED = "4000000000000341"
CARD_DISPUTED = "4000000000000259"
CARD_FRAUD_WARNING = "4000000000005423"
CARD_AVAILABLE_AT_ONCE = "4000000000000077"
CARD_REFUND_FAILS = "4000000000005126"

API_KEY = "sk_test_stand_in"
WEBHOOK_SECRET = "whsec_stand_in_for_tests"
ROOT = Path(__file__).resolve().parent.parent

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class StripeStandIn(ControlPlane):
    def __init__(
        self,
        webhook_url: str | None = None,
        *,
        webhook_secret: str = WEBHOOK_SECRET,
        api_key: str = API_KEY,
        data: Path | None = None,
        port: int | None = None,
    ) -> None:
        self.webhook_url, self.webhook_secret = webhook_url, webhook_secret
        self.api_key = api_key
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.data = data or Path(tempfile.mkdtemp(prefix="stripe-stand-in-"))
        self._throw_away = data is None
        self._process: subprocess.Popen[bytes] | None = None

    # The process

    def start(self) -> Self:
        command = [
            sys.executable, "-m", "fundraise.sandbox.stripe",
            "--port", str(self.port), "--data", str(self.data), "--origin", self.address,
            "--api-key", self.api_key, "--webhook-secret", self.webhook_secret,
        ]  # fmt: skip
        if self.webhook_url:
            command += ["--webhook-url", self.webhook_url]
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stderr=log, env=_environment())
        self._wait_until_ready()
        return self

    @property
    def log(self) -> Path:
        return self.data / "stand-in.log"

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self._process is not None and self._process.poll() is not None:
                    break
                time.sleep(0.02)
        raise RuntimeError(f"The stand-in did not start: {self.log.read_text()[-2000:]}")

    def stop(self, *, kill: bool = False) -> int:
        """Stop the process (`kill`: as a power cut would) and return its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        status = self._process.wait(timeout=120)
        self._process = None
        return status

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._throw_away:
            shutil.rmtree(self.data, ignore_errors=True)

    # The API, as the product sees it

    def client(self, *, retries: int = 0, api_key: str | None = None) -> stripe.StripeClient:
        return stripe.StripeClient(
            api_key or self.api_key,
            base_addresses={"api": self.address},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=(5, 30)),
        )

    # The hosted pages, by plain HTTP

    def pay(
        self,
        session_url: str,
        card: str = CARD_OK,
        *,
        approve: bool = True,
        email: str = "anna@example.org",
        name: str = "Anna Test",
    ) -> str:
        """Fill in the card form; answer the bank when it asks. Returns where the donor ends up:
        the success_url, or the checkout page again after a decline."""
        form = {"number": card, "expiry": "12/34", "cvc": "123", "email": email, "name": name}
        where = self.post_form(f"{session_url}/card", form)
        if "/3ds/" in where:
            where = self.post_form(where, {"decision": "approve" if approve else "deny"})
        return where

    def swish(self, session_url: str, decision: str = "approve") -> str:
        """Pay with Swish; decision: approve, refuse, timeout, elsewhere (approved, and the donor
        is not sent back in this browser)."""
        where = self.post_form(f"{session_url}/swish", {})
        return self.post_form(where, {"decision": decision})

    def start_swish(self, session_url: str) -> str:
        """Go to the Swish page and decide nothing yet: returns its address."""
        return self.post_form(f"{session_url}/swish", {})

    def post_form(self, url: str, form: dict[str, str]) -> str:
        """Post like a browser; returns the address of the redirect, or `url` when there is none."""
        location = self._send("POST", url, urlencode(form).encode(), FORM)[1].get("Location")
        return urljoin(url, location) if location else url

    def submit(self, url: str, form: dict[str, str]) -> str:
        """Post like a browser; returns the page that is shown in answer."""
        return self._send("POST", url, urlencode(form).encode(), FORM)[2]

    def page(self, url: str) -> str:
        return self._send("GET", url, b"", {})[2]

    def headers(self, url: str) -> dict[str, str]:
        return self._send("GET", url, b"", {})[1]

    def status(self, method: str, path: str, **headers: str) -> int:
        return self._send(method, self.address + path, b"", headers)[0]

    def _send(
        self, method: str, url: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            return response.status, dict(response.headers), text
        finally:
            connection.close()

    # What `ControlPlane` speaks over

    def _json(self, method: str, path: str, body: bytes) -> Any:
        status, _, text = self._send(
            method, self.address + path, body, {"Content-Type": "application/json"}
        )
        if status != 200:
            raise StandInError(f"{path} answered {status}: {text[:500]}")
        return json.loads(text)


def _environment() -> dict[str, str]:
    return os.environ | {"FUNDRAISE_MODE": "demo", "PYTHONUNBUFFERED": "1"}
