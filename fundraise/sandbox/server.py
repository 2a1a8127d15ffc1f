"""A small threaded HTTP/1.1 server for one WSGI app: keep-alive, one thread per connection.

Why not gunicorn: one process that starts and stops at once, and a connection that can be dropped
without an answer when a test asks for that.
"""

from __future__ import annotations

import contextlib
import io
import logging
import signal
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from fundraise.sandbox.web import ConnectionLost

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

IDLE_SECONDS = 120
MAX_HEAD = 65_536
log = logging.getLogger(__name__)


class Connection(socketserver.StreamRequestHandler):
    """One client, request after request, until it or we close."""

    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: Server

    def handle(self) -> None:
        try:
            while self._one():
                pass
        except (ConnectionLost, OSError, ValueError):
            pass

    def finish(self) -> None:
        with contextlib.suppress(OSError):  # the client may be gone
            super().finish()

    def _one(self) -> bool:
        environ = self._read()
        if environ is None:
            return False
        keep: bool = environ.get("HTTP_CONNECTION", "").lower() != "close"
        answered: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            answered[:] = [status, headers]

        body = b"".join(self.server.app(environ, start))
        # What the app did not read would be taken for the next request.
        environ["wsgi.input"].read()
        status, headers = answered
        if ("Connection", "close") in headers:
            headers.remove(("Connection", "close"))
            keep = False
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        connection = "keep-alive" if keep else "close"
        text = f"HTTP/1.1 {status}\r\n{head}Connection: {connection}\r\n\r\n"
        self.wfile.write(text.encode("latin-1") + (b"" if environ["HEAD"] else body))
        return keep

    def _read(self) -> dict[str, Any] | None:
        line = self.rfile.readline(MAX_HEAD).decode("latin-1").rstrip()
        if not line:
            return None
        method, target, _ = line.split(" ", 2)
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET" if method == "HEAD" else method,
            "HEAD": method == "HEAD",
            "PATH_INFO": path,
            "QUERY_STRING": query,
        }
        while header := self.rfile.readline(MAX_HEAD).decode("latin-1").rstrip("\r\n"):
            name, _, value = header.partition(":")
            environ["HTTP_" + name.strip().upper().replace("-", "_")] = value.strip()
        length = int(environ.pop("HTTP_CONTENT_LENGTH", 0))
        if "HTTP_EXPECT" in environ:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        environ["CONTENT_LENGTH"] = length
        environ["wsgi.input"] = io.BytesIO(self.rfile.read(length))
        return environ


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256
    # Threads are daemons: nothing to wait for when we stop.
    block_on_close = False

    def __init__(self, host: str, port: int, app: App) -> None:
        self.app = app
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), Connection, bind_and_activate=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # Called from within an exception handler of the base class.
        log.error("A connection failed: %s", sys.exc_info()[0])


def log_as(name: str) -> None:
    """Log lines to the error stream under a name."""
    form = f"%(asctime)s {name} %(levelname)s %(message)s"
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format=form)


def run(
    app: App, host: str, port: int, starting: Callable[[], None], stopping: Callable[[], None],
    safe: str,
) -> None:  # fmt: skip
    """Serve until told to stop; `safe` says in the log what never happens here."""

    def begun() -> None:
        starting()
        log.info("Ready on %s:%s; %s", host, port, safe)

    serve(Server(host, port, app), begun, stopping)


def serve(server: Server, starting: Callable[[], None], stopping: Callable[[], None]) -> None:
    """Until SIGTERM or SIGINT, also when started in the background of a shell."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this very thread runs.
        threading.Thread(target=server.shutdown, daemon=True).start()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    # Only now: whoever finds the port open may also stop us cleanly.
    server.server_bind()
    server.server_activate()
    starting()
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        stopping()
        server.server_close()
