"""Ask an address again and again over plain sockets, loopback only.

http.client would take more time than the view that says ok; what the client takes is in every
figure alike and brings ratios nearer to one.
"""

from __future__ import annotations

import socket
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

CONNECTIONS = 4
HOST = "127.0.0.1"
HEAD_ENDS = b"\r\n\r\n"


class NotOk(Exception):
    """An answer that is neither 200 nor "you have it"."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, and how.

    `remembers`: every second question says which answer it has, as a page that asks twice a minute
    does of numbers that name their minute. `reconnects`: each on a connection of its own.
    """

    port: int
    path: str
    remembers: bool = False
    reconnects: bool = False

    def request(self, tag: str = "") -> bytes:
        known = f"If-None-Match: {tag}\r\n" if tag else ""
        ends = "Connection: close\r\n" if self.reconnects else ""
        head = f"GET {self.path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n{known}{ends}\r\n"
        return head.encode()


def milliseconds(port: int, path: str, seconds: float) -> float:
    """The mean time of an answer while some connections ask at once."""
    return 1000 / per_second(Asking(port, path), seconds)


def per_second(asking: Asking, seconds: float) -> float:
    """How many answers come in a second while some connections ask at once."""
    with ProcessPoolExecutor(CONNECTIONS, mp_context=get_context("fork")) as clients:
        asked = [clients.submit(_ask, asking, seconds) for _ in range(CONNECTIONS)]
        return sum(future.result() for future in asked) / seconds


def _ask(asking: Asking, seconds: float) -> int:
    answers, tag, connection = 0, "", _connect(asking)
    try:
        _, found = _answer(connection, asking.request())
        connection = _next(asking, connection)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            tag = found if asking.remembers and not tag else ""
            _answer(connection, asking.request(tag))
            connection = _next(asking, connection)
            answers += 1
    finally:
        connection.close()
    return answers


def _connect(asking: Asking) -> socket.socket:
    connection = socket.create_connection((HOST, asking.port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _next(asking: Asking, connection: socket.socket) -> socket.socket:
    if not asking.reconnects:
        return connection
    connection.close()
    return _connect(asking)


def _answer(connection: socket.socket, request: bytes) -> tuple[bytes, str]:
    """The answer's first line and its tag; read to its end."""
    connection.sendall(request)
    data = connection.recv(65_536)
    while HEAD_ENDS not in data:
        data += _more(connection)
    head, _, body = data.partition(HEAD_ENDS)
    status = head.split(b"\r\n")[0]
    if status.startswith(b"HTTP/1.1 304"):
        return status, ""
    if not status.startswith(b"HTTP/1.1 200"):
        raise NotOk(status.decode("latin-1"))
    missing = int(_header(head, b"content-length")) - len(body)
    while missing > 0:
        missing -= len(_more(connection))
    return status, _header(head, b"etag", required=False)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise NotOk("the connection was closed")
    return data


def _header(head: bytes, wanted: bytes, *, required: bool = True) -> str:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == wanted:
            return value.strip().decode("latin-1")
    if required:
        raise NotOk(f"an answer without {wanted.decode()}")
    return ""
