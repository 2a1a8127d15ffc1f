"""Posts over kept-alive connections, one to each destination; a Line per worker thread."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Line:
    timeout: Callable[[], float]
    connections: dict[tuple[str, str], http.client.HTTPConnection] = field(default_factory=dict)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status. Raises HTTPException or OSError."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        where = (parts.scheme, parts.netloc)
        known = where in self.connections
        try:
            return self._post(where, target, body, headers)
        except (http.client.HTTPException, OSError):
            self.connections.pop(where).close()
            if not known:
                raise
        # The other side had closed a connection we kept: once more on a new one.
        return self._post(where, target, body, headers)

    def _post(self, where: tuple[str, str], target: str, body: bytes,
              headers: dict[str, str]) -> int:  # fmt: skip
        if where not in self.connections:
            kind = http.client.HTTPSConnection if where[0] == "https" else (
                http.client.HTTPConnection)  # fmt: skip
            self.connections[where] = kind(where[1], timeout=self.timeout())
        connection = self.connections[where]
        connection.request("POST", target or "/", body, headers)
        response = connection.getresponse()
        response.read()
        return response.status
