"""The WSGI app: the API under /v3, the levers under /control, the inbox for people."""

from __future__ import annotations

import orjson

from fundraise.sandbox import layout
from fundraise.sandbox.sendgrid import page
from fundraise.sandbox.sendgrid.api import Api
from fundraise.sandbox.sendgrid.background import Background
from fundraise.sandbox.sendgrid.config import Config
from fundraise.sandbox.sendgrid.control import Control
from fundraise.sandbox.sendgrid.errors import plain
from fundraise.sandbox.sendgrid.world import World
from fundraise.sandbox.web import Application, Request, Response


class StandIn(Application):
    def __init__(self, config: Config) -> None:
        self.world = World(config)
        self.api = Api(self.world)
        self.background = Background(self.world)
        self.control = Control(self.world, self.background)

    def start(self) -> None:
        self.background.start()

    def stop(self) -> None:
        self.background.stop()

    def where(self, request: Request) -> str:
        """Addresses stand in paths of suppressions: only the first two parts are logged."""
        return "/".join(request.path.split("/")[:3])

    def failed(self) -> Response:
        return Response(orjson.dumps(plain(500).body()), 500, "application/json")

    def answer(self, request: Request) -> Response:
        if request.path.startswith("/v3/"):
            return self.api.handle(request)
        if request.path.startswith("/control/"):
            return self.control.handle(request)
        if request.path == layout.CSS_PATH:
            return layout.stylesheet()
        return page.handle(self.control, request)
