"""The WSGI app: files out, the levers, and a page for people."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any

from fundraise.sandbox import layout
from fundraise.sandbox.bank import control, page
from fundraise.sandbox.bank.service import Service
from fundraise.sandbox.web import Request, Response, StartResponse, json_response, send

log = logging.getLogger(__name__)
FILE = "application/octet-stream"
NEWEST = 1000


class StandIn:
    def __init__(self, service: Service) -> None:
        self.service = service

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._answer(request)
        except Exception:
            # The path may hold a file's name, never a payer; contents are not logged.
            log.exception("%s %s failed", request.method, request.path)
            response = json_response({"error": "The stand-in failed; see its log."}, 500)
        return send(response, start)

    def _answer(self, request: Request) -> Response:
        path = request.path
        if path == layout.CSS_PATH:
            return layout.stylesheet()
        if path == "/":
            return page.show(self.service, request)
        if path == "/files" and request.method == "GET":
            return json_response(self.service.store.files(NEWEST))
        if path.startswith("/files/") and request.method == "GET":
            return self._file(path.removeprefix("/files/"))
        if path == "/truth" and request.method == "GET":
            return self._truth()
        if path.startswith("/control/"):
            return control.handle(self.service, request)
        return json_response({"error": "Nothing is here"}, 404)

    def _truth(self) -> Response:
        """All of it as a file to keep: every payment, every planted fault."""
        store = self.service.store
        said = {"payments": store.truth(), "faults": store.faults(control.NEWEST)}
        return Response(json.dumps(said, ensure_ascii=False), type="application/json")

    def _file(self, name: str) -> Response:
        file = self.service.store.file(name)
        if file is None:
            return json_response({"error": "No file has that name"}, 404)
        # Names are ours: letters, digits, full stops, hyphens.
        disposition = f'attachment; filename="{name}"'
        return Response(file.data, type=FILE, headers={"Content-Disposition": disposition})
