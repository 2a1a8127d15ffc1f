"""One request to our own public address, from outside in: no redirect is followed."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

SECONDS = 10


class Unreachable(Exception):
    """Nobody answered; the code says at which step."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back. `certificate_ends` is None without https."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    certificate_ends: datetime | None


def fetch(
    url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answered:
    """Raises Unreachable: name, certificate, no_answer, slow."""
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST" if body is not None else "GET", path, body, dict(headers or {}))
        ends = _certificate_ends(connection)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answered(answer.status, told, answer.read(65_536), ends)
    except ssl.SSLCertVerificationError:
        raise Unreachable("certificate") from None
    except TimeoutError:
        raise Unreachable("slow") from None
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable("name" if isinstance(error, socket.gaierror) else "no_answer") from None
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def _certificate_ends(connection: http.client.HTTPConnection) -> datetime | None:
    if not isinstance(connection.sock, ssl.SSLSocket):
        return None
    shown = connection.sock.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), tz=UTC)
