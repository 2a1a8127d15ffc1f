"""Somebody else's server: says what it is told to say; checks signatures with its own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Message:
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    def signed_with(self, secret: str) -> bool:
        """As the standard says it, written without looking at the sender's code."""
        key = base64.b64decode(secret.split("_", 1)[1])
        content = b".".join(
            [self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode(),
             self.body]
        )  # fmt: skip
        mine = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        theirs = [one.split(",")[1] for one in self.headers["webhook-signature"].split(" ")]
        fresh = abs(time.time() - int(self.headers["webhook-timestamp"])) < 300  # noqa: TID251
        return fresh and any(hmac.compare_digest(mine, one) for one in theirs)


@dataclass
class Receiver:
    status: int = 200
    location: str = ""
    trickles: bool = False
    got: list[Message] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    holds: bool = False

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(Message({k.lower(): v for k, v in self.headers.items()}, body))
                receiver.arrived.set()
                if receiver.holds:
                    receiver.go_on.wait(30)
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/in?x=1"
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
