"""Somebody else's server: says what it is told to say; checks signatures with its own code.

With a `certificate` (its file) it speaks TLS. One that `trickles` sends its answer a byte at a time
and goes on until the other side hangs up, or for half a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
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
    certificate: Path | None = None
    got: list[Message] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)  # the other side did
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
                if receiver.trickles:
                    self.flush_headers()
                    self.trickle()
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def trickle(self) -> None:
                self.wfile.write(b"X-Slowly: ")
                try:
                    for _byte in range(600):
                        self.wfile.write(b".")
                        if receiver.go_on.wait(0.05):
                            break
                except OSError:
                    receiver.hung_up.set()
                    raise
                self.wfile.write(b"\r\n")

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"{'https' if self.certificate else 'http'}://127.0.0.1:{self._server.server_port}/in?x=1"
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
