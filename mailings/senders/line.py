"""A kept connection to one HTTP host, that says how far a request came.

Whether a request that can't be repeated may be sent again depends on one question: may the other
side have it? The common clients mix the answers up, so this one parts them: NotSent (it can't have
a whole request) and AnswerLost (it may have). It repeats nothing and follows nothing. Besides the
time for each read there is one for the whole request, so a server that answers a byte a minute
holds nobody. Only the reading of the answer is http.client's.
"""

from __future__ import annotations

import http.client
import io
import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

PIECE = 1 << 16
MOST_OF_ANSWER = 1 << 16
# A server closes what is idle, and a request written into that moment is a doubt. Most wait a
# minute or more; we leave before.
IDLE_SECONDS = 20.0


class NotSent(Exception):
    """The other side can't have the request."""


class AnswerLost(Exception):
    """The other side may have the request; no answer was seen."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: to connect, for each read or write, and for all of it."""

    connect: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in small letters
    body: bytes = field(default=b"", repr=False)


class _Deadline:
    def __init__(self, times: Times) -> None:
        self.read, self.end = times.read, time.monotonic() + times.total

    def arm(self, sock: socket.socket) -> None:
        """Let the next step on this socket take what is left, and no more."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole request took too long")
        sock.settimeout(min(self.read, left))


class _Reader(io.RawIOBase):
    """A socket's bytes, each read within what is left of the time."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self.sock, self.deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.deadline.arm(self.sock)
        return self.sock.recv_into(buffer)


class _Source:
    """What HTTPResponse asks of a socket."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self.sock, self.deadline = sock, deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self.sock, self.deadline))


class Line:
    """The connection of one thread to one host."""

    def __init__(self, base: str, times: Times) -> None:
        parts = urlsplit(base)
        self.tls = ssl.create_default_context() if parts.scheme == "https" else None
        self.address = (parts.hostname or "", parts.port or (443 if self.tls else 80))
        self.host = parts.netloc
        self.times = times
        self.sock: socket.socket | None = None
        self.used_at = 0.0

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Raises NotSent and AnswerLost."""
        head = self._head(path, headers | {"Content-Length": str(len(body))})
        try:
            sock = self._open()
            deadline = _Deadline(self.times)
            deadline.arm(sock)
            sock.sendall(head)
        except OSError as error:
            self.close()  # at most a part of the head went out, and a head is no request
            raise NotSent(f"no connection: {type(error).__name__}") from None
        try:
            answer = self._finish(sock, body, deadline)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise AnswerLost(f"answer lost: {type(error).__name__}") from None
        self.used_at = time.monotonic()
        return answer

    def _head(self, path: str, headers: Mapping[str, str]) -> bytes:
        lines = [f"POST {path} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if any("\n" in line or "\r" in line for line in lines):
            raise ValueError("a header holds a line break")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _open(self) -> socket.socket:
        idle = time.monotonic() - self.used_at
        if self.sock is not None and (idle > IDLE_SECONDS or _readable(self.sock)):
            self.close()  # what can be read between two requests is only ever the end
        if self.sock is None:
            self.sock = self._connected()
        return self.sock

    def _connected(self) -> socket.socket:
        sock = socket.create_connection(self.address, self.times.connect)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self.tls.wrap_socket(sock, server_hostname=self.address[0]) if self.tls else sock
        except OSError:
            sock.close()
            raise

    def _finish(self, sock: socket.socket, body: bytes, deadline: _Deadline) -> Answer:
        view = memoryview(body)
        # It may answer before it has read all, as it does with a body that is too large.
        with suppress(BrokenPipeError, ConnectionResetError):
            for start in range(0, len(body), PIECE):
                deadline.arm(sock)
                sock.sendall(view[start : start + PIECE])
        source = cast("socket.socket", _Source(sock, deadline))
        response = http.client.HTTPResponse(source, method="POST")
        response.begin()
        content = b""
        with suppress(OSError, http.client.HTTPException):
            content = response.read(MOST_OF_ANSWER)  # its first line has said what matters
        if response.will_close or not response.isclosed():
            self.close()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, content)

    def close(self) -> None:
        if self.sock is not None:
            self.sock.close()
            self.sock = None


def _readable(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


class _Kept(threading.local):
    def __init__(self) -> None:
        self.owner = 0
        self.lines: dict[tuple[str, Times], Line] = {}


_kept = _Kept()


def line_to(base: str, times: Times) -> Line:
    """This thread's line to a host: the kept one, but never one from before a fork."""
    if _kept.owner != os.getpid():
        _kept.owner, _kept.lines = os.getpid(), {}
    found = _kept.lines.get((base, times))
    if found is None:
        found = _kept.lines[base, times] = Line(base, times)
    return found
