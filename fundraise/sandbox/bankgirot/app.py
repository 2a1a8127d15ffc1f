"""The WSGI app: files in and out, the levers, and a page for people."""

from __future__ import annotations

import json
from dataclasses import asdict

from fundraise.sandbox import layout
from fundraise.sandbox.bankgirot import control, page
from fundraise.sandbox.bankgirot.service import Service
from fundraise.sandbox.levers import from_elsewhere
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
        if path == "/files":
            return self._files(request)
        if path.startswith("/files/") and request.method == "GET":
            return self._file(path.removeprefix("/files/"))
        if path == "/received" and request.method == "GET":
            return json_response(self.service.store.receipts(NEWEST))
        if path.startswith("/control/"):
            return control.handle(self.service, request)
        return json_response({"error": "Nothing is here"}, 404)

    def _files(self, request: Request) -> Response:
        """GET: what has been handed out. POST: a file to Bankgirot as the body."""
        if request.method == "GET":
            return json_response(self.service.store.reports(NEWEST))
        if request.method != "POST" or from_elsewhere(request):
            return json_response({"error": "Files come from tools only"}, 403)
        receipt = self.service.take(request.raw, request.query_values.get("name", ""))
        said = json.loads(json.dumps(asdict(receipt), default=str))
        return json_response(said, 200 if receipt.accepted else 422)

    def _file(self, name: str) -> Response:
        content = self.service.content(name)
        if content is None:
            return json_response({"error": "No report has that name"}, 404)
        # Names are ours: letters, digits and full stops.
        disposition = f'attachment; filename="{name}"'
        return Response(content, type=FILE, headers={"Content-Disposition": disposition})
