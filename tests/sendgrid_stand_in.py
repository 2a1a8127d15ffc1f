"""A running stand-in for SendGrid, and its levers, for tests (docs/sendgrid-stand-in.md).

with SendGridStandIn(webhook_url) as sendgrid:
    sendgrid.fault("lose")                      # the next answer is lost
    ...                                         # the product sends to sendgrid.address
    sendgrid.wait()                             # every event has been posted
    mail = sendgrid.mails("anna@example.org")[0]
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from tests.ports import free_port
from tests.stripe_stand_in import ROOT

Json = dict[str, Any]
API_KEY = "SG.stand-in.for-tests"
COMMAND = [sys.executable, "-m", "fundraise.sandbox.sendgrid"]


class LeverError(Exception):
    """A lever said no."""


class SendGridStandIn:
    def __init__(self, webhook_url: str = "", parse_url: str = "", *options: str,
                 data: Path | None = None) -> None:  # fmt: skip
        self.webhook_url, self.parse_url, self.options = webhook_url, parse_url, options
        self.api_key = API_KEY
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.data = data or Path(tempfile.mkdtemp(prefix="sendgrid-stand-in-"))
        self._throw_away = data is None
        self._process: subprocess.Popen[bytes] | None = None

    # The process

    def start(self) -> Self:
        command = [
            *COMMAND, "--port", str(self.port), "--data", str(self.data),
            "--api-key", self.api_key, "--webhook-url", self.webhook_url,
            "--parse-url", self.parse_url, *self.options,
        ]  # fmt: skip
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            environ = os.environ | {"FUNDRAISE_MODE": "demo"}
            self._process = subprocess.Popen(command, cwd=ROOT, stderr=log, env=environ)
        self._wait_until_ready(self._process)
        return self

    @property
    def log(self) -> Path:
        return self.data / "stand-in.log"

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
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

    # Its levers

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(self.address + path, body)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=120) as reply:  # noqa: S310
                return json.loads(reply.read())
        except urllib.error.HTTPError as error:
            raise LeverError(error.read().decode()) from None

    def control(self, name: str, **given: Any) -> Any:
        return self._ask(f"/control/{name}", json.dumps(given).encode())

    def read(self, name: str) -> Any:
        return self._ask(f"/control/{name}")

    def reset(self) -> None:
        self.control("reset")

    def knobs(self, **changes: Any) -> Json:
        found: Json = self.control("knobs", **changes)
        return found

    def clock(self, offset_seconds: int) -> None:
        self.control("clock", offset_seconds=offset_seconds)

    def fault(self, act: str, **given: Any) -> None:
        """act: error, error_after, lose, lose_before, delay, refuse; with count, skip, path,
        method, status, seconds, address."""
        self.control("faults", act=act, **given)

    def event_fault(self, act: str, **given: Any) -> None:
        """act: drop, duplicate, renew, delay; with count, event, seconds, times."""
        self.control("events/fault", act=act, **given)

    def wait(self, timeout: float = 100, hurry_seconds: float = 3600) -> None:
        """Until every mail that is due has gone and every event about it was posted."""
        answer = self.control("events/wait", timeout=timeout, hurry_seconds=hurry_seconds)
        if not answer["ok"]:
            raise LeverError(f"Still on the way after {timeout} s: {answer}")

    def state(self) -> Json:
        found: Json = self.read("state")
        return found

    def calls(self, path: str = "/v3/") -> list[Json]:
        """API calls received: method, path, status, lost."""
        return [call for call in self.read("calls") if call["path"].startswith(path)]

    @property
    def public_key(self) -> str:
        return str(self.read("public-key")["public_key"])

    def mails(self, to: str = "", limit: int = 50) -> list[Json]:
        """The newest first, rendered: email, subject, text, html, headers, links, custom_args,
        fate, state, message_id … `to` is a part of the address."""
        found: list[Json] = self.read(f"mails?to={quote(to)}&limit={limit}")
        return found

    def mail_to(self, email: str) -> Json:
        """The newest mail to exactly this address."""
        found = self.mails(f"={email}", limit=1)
        if not found:
            raise LeverError("There is no mail to that address")
        return found[0]

    def events(self, mail: int) -> list[Json]:
        """All that was told about a mail."""
        return [one["event"] for one in self.read(f"events?mail={mail}")]

    def deeds(self, mail: int) -> list[Json]:
        """What its recipient did, and what the product answered."""
        found: list[Json] = self.read(f"deeds?mail={mail}")
        return found

    def act(self, mail: int, act: str, text: str = "") -> str:
        """As its recipient: reply, one_click, mail_out, spam, bounce, late, blocked, unsubscribe,
        group, open, click. The product's answer."""
        return str(self.control("mail", mail=mail, act=act, text=text)["answer"])

    def tally(self, arg: str) -> Json:
        """How often each value of a custom argument, or each `email`, was accepted and let go."""
        found: Json = self.read(f"tally?arg={arg}")
        return found
