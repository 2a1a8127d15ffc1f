"""The small part of HTTP that a stand-in needs: a request in, a response out, over WSGI."""

from __future__ import annotations

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

MAX_BODY = 20_000_000
log = logging.getLogger(__name__)


@dataclass
class Request:
    environ: dict[str, Any]

    @property
    def method(self) -> str:
        return str(self.environ["REQUEST_METHOD"])

    @property
    def path(self) -> str:
        return str(self.environ["PATH_INFO"])

    @property
    def query(self) -> str:
        return str(self.environ.get("QUERY_STRING", ""))

    @property
    def query_values(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.query).items()}

    def header(self, name: str) -> str:
        return str(self.environ.get("HTTP_" + name.upper().replace("-", "_"), ""))

    @cached_property
    def raw(self) -> bytes:
        length = min(int(self.environ.get("CONTENT_LENGTH") or 0), MAX_BODY)
        found: bytes = self.environ["wsgi.input"].read(length) if length else b""
        return found

    @cached_property
    def body(self) -> str:
        return self.raw.decode("utf-8", errors="replace")

    @cached_property
    def form(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.body).items()}

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty is {}. Raises ValueError on anything else."""
        found = json.loads(self.body or "{}")
        if not isinstance(found, dict):
            raise ValueError("The body must be a JSON object.")
        return found


@dataclass
class Response:
    body: str | bytes = ""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    # The connection is closed without an answer: the answer was "lost".
    lost: bool = False


class ConnectionLost(Exception):
    """Told to the server: close the socket and say nothing."""


StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Application(ABC):
    """A WSGI app that answers with a sentence, and logs where, when its answer fails."""

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self.answer(request)
        except Exception:
            log.exception("%s %s failed", request.method, self.where(request))
            response = self.failed()
        return send(response, start)

    @abstractmethod
    def answer(self, request: Request) -> Response:
        """What is answered to a request."""

    def where(self, request: Request) -> str:
        """So much of the path as may be logged: never what tells who somebody is."""
        return request.path

    def failed(self) -> Response:
        """What is answered when the answer fails."""
        return json_response({"error": "The stand-in failed; see its log."}, 500)


def json_response(data: Any, status: int = 200) -> Response:
    return Response(json.dumps(data), status, "application/json")


def redirect(url: str) -> Response:
    return Response("", 303, headers={"Location": url})


def send(response: Response, start: StartResponse) -> Iterable[bytes]:
    if response.lost:
        raise ConnectionLost
    body = response.body if isinstance(response.body, bytes) else response.body.encode()
    headers = [
        ("Content-Type", response.type),
        ("Content-Length", str(len(body))),
        ("X-Content-Type-Options", "nosniff"),
        *response.headers.items(),
    ]
    start(f"{response.status} {HTTPStatus(response.status).phrase}", headers)
    return [body]
