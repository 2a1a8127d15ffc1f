"""A running stand-in for Bankgirot, for tests."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.ports import free_port
from tests.stripe_stand_in import ROOT

COMMAND = [sys.executable, "-m", "fundraise.sandbox.bankgirot"]


class BankProcess:
    def __init__(self, data: Path, *options: str) -> None:
        self.data, self.options, self.port = data, options, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def to_bank(self) -> Path:
        return self.data / "to-bankgirot"

    @property
    def from_bank(self) -> Path:
        return self.data / "from-bankgirot"

    @property
    def log(self) -> Path:
        return self.data / "stand-in.log"

    def start(self) -> Self:
        self.data.mkdir(parents=True, exist_ok=True)
        command = [*COMMAND, "--port", str(self.port), "--data", str(self.data), "--poll", "0.05"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *self.options], cwd=ROOT, stderr=log,
                env=os.environ | {"FUNDRAISE_MODE": "demo"},
            )  # fmt: skip
        self.wait_for(self._open)
        return self

    def _open(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self, *, kill: bool = False) -> int:
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

    def wait_for(self, found: Any) -> None:
        until = time.monotonic() + 120
        while not found():
            if time.monotonic() > until:
                raise AssertionError(f"It did not happen: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(self.address + path, body, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=120) as reply:  # noqa: S310
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def read(self, path: str) -> Any:
        status, body = self.ask(path)
        assert status == 200, body
        return json.loads(body)

    def control(self, act: str, **given: Any) -> Any:
        status, body = self.ask(f"/control/{act}", json.dumps(given).encode())
        assert status == 200, body
        return json.loads(body)

    def run_until_told(self) -> list[Any]:
        """Bank days until there is a report. A file in the evening counts for the next day."""
        for _ in range(4):
            reports: list[Any] = self.control("run-day")["reports"]
            if reports:
                return reports
        raise AssertionError("No report came")

    def drop(self, name: str, data: bytes) -> None:
        """As the product does: whole or not at all."""
        part = self.to_bank / f"{name}.part"
        part.write_bytes(data)
        part.replace(self.to_bank / name)
