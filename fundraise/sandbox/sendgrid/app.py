"""The WSGI app: the API under /v3, the levers under /control, the inbox for people."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import orjson

from fundraise.sandbox import layout
from fundraise.sandbox.sendgrid import page
from fundraise.sandbox.sendgrid.api import Api
from fundraise.sandbox.sendgrid.background import Background
from fundraise.sandbox.sendgrid.config import Config
from fundraise.sandbox.sendgrid.control import Control
from fundraise.sandbox.sendgrid.errors import plain
from fundraise.sandbox.sendgrid.world import World
from fundraise.sandbox.web import Request, Response, StartResponse, send

log = logging.getLogger(__name__)


class StandIn:
    def __init__(self, config: Config) -> None:
        self.world = World(config)
        self.api = Api(self.world)
        self.background = Background(self.world)
        self.control = Control(self.world, self.background)

    def start(self) -> None:
        self.background.start()

    def stop(self) -> None:
        self.background.stop()

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._answer(request)
        except Exception:
            # Addresses stand in paths of suppressions: only the first two parts are logged.
            where = "/".join(request.path.split("/")[:3])
            log.exception("%s %s failed", request.method, where)
            response = Response(orjson.dumps(plain(500).body()), 500, "application/json")
        return send(response, start)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/v3/"):
            return self.api.handle(request)
        if request.path.startswith("/control/"):
            return self.control.handle(request)
        if request.path == layout.CSS_PATH:
            return layout.stylesheet()
        return page.handle(self.control, request)
