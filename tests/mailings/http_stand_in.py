"""An HTTP server in a thread that says what it is told to, and misbehaves on demand.

It knows nothing of SendGrid: the script gives the answers, in the order of the requests, and the
last one stays.
"""

from __future__ import annotations

import gzip
import socketserver
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import orjson


class Ill(Enum):
    """What a server does wrong once it has read a request."""

    NONE = ""
    SILENT = "never answers"
    CUTS = "takes the request and closes without an answer"
    DRIPS = "answers a letter at a time, for ever"
    HALF = "announces a longer answer than it gives"
    CLOSES = "answers and closes, without having said so"
    UNREAD = "answers and closes before it has read the body"


@dataclass(frozen=True, slots=True)
class Say:
    """One answer."""

    status: int = 202
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    ill: Ill = Ill.NONE

    def bytes(self) -> bytes:
        longer = 10 if self.ill is Ill.HALF else 0
        lines = [f"HTTP/1.1 {self.status} So", f"Content-Length: {len(self.body) + longer}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


TAKEN = Say(202, {"X-Message-Id": "x1"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        zipped = self.headers.get("content-encoding") == "gzip"
        return orjson.loads(gzip.decompress(self.body) if zipped else self.body)


class _Handler(socketserver.StreamRequestHandler):
    server: HttpStandIn

    def handle(self) -> None:
        self.server.connections += 1
        try:
            while self._one():
                pass
        except OSError:
            return  # the client went away, as it should from a server like this

    def _one(self) -> bool:
        first = self.rfile.readline().decode()
        if not first:
            return False
        headers = {}
        while (line := self.rfile.readline().decode().strip()) != "":
            name, _colon, value = line.partition(":")
            headers[name.lower()] = value.strip()
        say = self.server.next_answer()
        if say.ill is Ill.UNREAD:
            self.wfile.write(say.bytes())
            return False
        body = self.rfile.read(int(headers.get("content-length", "0")))
        method, path, _version = first.split(" ")
        self.server.asked.append(Asked(method, path, headers, body))
        return self._answer(say, headers)

    def _answer(self, say: Say, headers: Mapping[str, str]) -> bool:
        if say.ill is Ill.SILENT:
            self.server.over.wait(30)
            return False
        if say.ill is Ill.CUTS:
            return False
        if say.ill is Ill.DRIPS:
            for letter in b"HTTP/1.1 202 " + b"slow" * 500:
                self.wfile.write(bytes([letter]))
                time.sleep(0.02)
            return False
        self.wfile.write(say.bytes())
        stays = headers.get("connection", "").lower() != "close"
        return stays and say.ill not in {Ill.HALF, Ill.CLOSES}


class HttpStandIn(socketserver.ThreadingTCPServer):
    """`asked` is what it was asked; `script` what it answers."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.script: list[Say] = [TAKEN]
        self.connections = 0
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_answer(self) -> Say:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def running() -> Iterator[HttpStandIn]:
    with HttpStandIn() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
