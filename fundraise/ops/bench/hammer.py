"""Ask an address again and again over connections that stay open: plain sockets, loopback only.

http.client would take more time than the view that says ok; what the client takes is in every
figure alike and brings ratios nearer to one.
"""

from __future__ import annotations

import socket
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

CONNECTIONS = 4
HOST = "127.0.0.1"
HEAD_ENDS = b"\r\n\r\n"


class NotOk(Exception):
    """An answer that is not 200."""


def milliseconds(port: int, path: str, seconds: float) -> float:
    """The mean time of an answer while some connections ask at once."""
    with ProcessPoolExecutor(CONNECTIONS, mp_context=get_context("fork")) as clients:
        asked = [clients.submit(_ask, port, path, seconds) for _ in range(CONNECTIONS)]
        answers = sum(future.result() for future in asked)
    return seconds * 1000 / answers


def _ask(port: int, path: str, seconds: float) -> int:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    answers = 0
    with socket.create_connection((HOST, port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _answer(connection, request)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            _answer(connection, request)
            answers += 1
    return answers


def _answer(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    data = connection.recv(65_536)
    while HEAD_ENDS not in data:
        data += _more(connection)
    head, _, body = data.partition(HEAD_ENDS)
    if not head.startswith(b"HTTP/1.1 200"):
        raise NotOk(head.split(b"\r\n")[0].decode("latin-1"))
    missing = _length(head) - len(body)
    while missing > 0:
        missing -= len(_more(connection))


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise NotOk("the connection was closed")
    return data


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise NotOk("an answer without a length")
