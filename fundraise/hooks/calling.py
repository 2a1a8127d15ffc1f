"""One call to somebody else's server, which may be slow, broken or hostile.

No redirect is followed, little of the answer is read, and a timer cuts the line: a server that
trickles its answer holds nobody up for longer than that.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Timer

from fundraise.hooks.addresses import AddressRefused, Target, read

CONNECT_SECONDS = 5.0
MOST_SECONDS = 15.0
READ_AT_MOST = 4096


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
    try:
        target = read(url)
    except AddressRefused as refused:
        return Answer(None, refused.code)
    try:
        return _post(target, body, headers)
    except ssl.SSLError:
        return Answer(None, "certificate")
    except TimeoutError:
        return Answer(None, "too_slow")
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(None, "no_answer")


def _post(target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    line = socket.create_connection((target.address, target.port), CONNECT_SECONDS)
    cut = Timer(MOST_SECONDS, _cut, [line])
    cut.daemon = True
    cut.start()
    try:
        plain = http.client.HTTPConnection(target.host, target.port)
        plain.sock = _secured(line, target.host) if target.secure else line
        plain.request("POST", target.path, body, dict(headers))
        response = plain.getresponse()
        response.read(READ_AT_MOST)
        return Answer(response.status)
    finally:
        cut.cancel()
        line.close()


def _secured(line: socket.socket, host: str) -> socket.socket:
    """TLS with the certificate checked for the name, on the line to the address we looked at."""
    return ssl.create_default_context().wrap_socket(line, server_hostname=host)


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
