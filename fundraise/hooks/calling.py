"""One call to somebody else's server, which may be slow, broken or hostile.

No redirect is followed, little of the answer is read, and a timer cuts the line: a server that
trickles its handshake or its answer holds nobody up for longer than that.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Event, Timer

from fundraise.hooks.addresses import AddressRefused, Target, read

CONNECT_SECONDS = 5.0
MOST_SECONDS = 15.0  # from the look-up of the name to the last byte
READ_AT_MOST = 4096
BROKEN = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or a code of what went wrong."""

    status: int | None
    error: str = ""

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST once. Never raises for what the other side does."""
    return _asked("POST", url, body, headers, MOST_SECONDS)


def look(url: str, seconds: float) -> Answer:
    """Ask whether there is something at an address (HEAD); nothing is sent along."""
    return _asked("HEAD", url, b"", {"User-Agent": "fundraise"}, seconds)


def _asked(
    method: str, url: str, body: bytes, headers: Mapping[str, str], seconds: float
) -> Answer:
    until = time.monotonic() + seconds
    try:
        return _ask(method, read(url), body, headers, until)
    except AddressRefused as refused:
        return Answer(None, refused.code)
    except ssl.SSLError:
        return Answer(None, "certificate")
    except TimeoutError:
        return Answer(None, "too_slow")
    except BROKEN:
        return Answer(None, "no_answer")


def _ask(
    method: str, target: Target, body: bytes, headers: Mapping[str, str], until: float
) -> Answer:
    with contextlib.closing(_line(target, until)) as line, _cut_off(line, until) as over:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        plain = http.client.HTTPConnection(target.host, target.port)
        plain.sock = line
        plain.request(method, target.path, body or None, dict(headers))
        with contextlib.closing(plain.getresponse()) as response:
            if over.is_set():
                raise TimeoutError  # cut among the headers, which looks like their end
            with contextlib.suppress(*BROKEN):
                response.read(READ_AT_MOST)  # out of politeness: the status says it all
            return Answer(response.status)


def _line(target: Target, until: float) -> socket.socket:
    """The line to the address we looked at; TLS checks the certificate for the name.

    The handshake is left to the caller, who sets the timer on the wrapped socket first: wrapping
    takes the descriptor away from the plain one, which can neither be cut nor closed after that.
    """
    wait = min(CONNECT_SECONDS, _left(until))
    line = socket.create_connection((target.address, target.port), wait)
    if not target.secure:
        return line
    with _closed_when_broken(line):
        return ssl.create_default_context().wrap_socket(
            line, server_hostname=target.host, do_handshake_on_connect=False
        )


@contextlib.contextmanager
def _closed_when_broken(line: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        line.close()
        raise


@contextlib.contextmanager
def _cut_off(line: socket.socket, until: float) -> Iterator[Event]:
    """Cut the line when the time is over. Raises TimeoutError when that broke what was done."""
    over = Event()

    def cut() -> None:
        over.set()
        with contextlib.suppress(OSError):
            # Not the TLS socket's own: it drops its state under the feet of the thread that reads.
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    timer = Timer(_left(until), cut)
    timer.daemon = True
    timer.start()
    try:
        yield over
    except BROKEN:
        if over.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _left(until: float) -> float:
    """The seconds that are left. Raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
