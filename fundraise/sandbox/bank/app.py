"""The WSGI app: files out, the levers, and a page for people."""

from __future__ import annotations

import json

from fundraise.sandbox import layout
from fundraise.sandbox.bank import control, page
from fundraise.sandbox.bank.service import Service
from fundraise.sandbox.web import Application, Request, Response, json_response

FILE = "application/octet-stream"
NEWEST = 1000


class StandIn(Application):
    def __init__(self, service: Service) -> None:
        self.service = service

    def answer(self, request: Request) -> Response:
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
