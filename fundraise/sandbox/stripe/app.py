"""The WSGI app: the API under /v1, the pages a donor sees, the control plane under /_test."""

from __future__ import annotations

from fundraise.sandbox.stripe import background, control, control_money, control_page
from fundraise.sandbox.stripe.api import Api
from fundraise.sandbox.stripe.config import Config, Json
from fundraise.sandbox.stripe.delivery import Delivery
from fundraise.sandbox.stripe.errors import ApiError
from fundraise.sandbox.stripe.idempotency import Keys
from fundraise.sandbox.stripe.objects import (
    catalogue,
    charges,
    customers,
    disputes,
    events,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    sessions,
    setup_intents,
)
from fundraise.sandbox.stripe.pages import hosted
from fundraise.sandbox.stripe.world import World
from fundraise.sandbox.web import Application, Request, Response, json_response

# Importing them is what puts their calls into the tables of `routes` and `control`.
CALLS = (
    catalogue, charges, control_money, customers, disputes, events, payment_intents,
    payment_methods, payouts, refunds, sessions, setup_intents,
)  # fmt: skip


class StandIn(Application):
    def __init__(self, config: Config) -> None:
        self.world = World(config)
        self.api = Api(self.world, Keys(self.world))
        self.delivery = Delivery(self.world)
        self.background = background.Background(self.world)
        self.control = control.Control(self.world, self.delivery, self.background, self.first_run)
        self.first_run()

    def first_run(self) -> None:
        """The endpoint of the command line; its address may be another one in every run."""
        config = self.world.config
        if config.webhook_url:
            events.add_endpoint(self.world, config.webhook_url, ["*"], config.webhook_secret,
                                events.FIRST_ENDPOINT)  # fmt: skip

    def start(self) -> None:
        self.delivery.start()
        self.background.start()

    def stop(self) -> None:
        self.background.stop()
        self.delivery.stop()

    def failed(self) -> Response:
        error: Json = {"message": "The stand-in failed; see its log.", "type": "api_error"}
        return json_response({"error": error}, 500)

    def answer(self, request: Request) -> Response:
        if request.path.startswith("/v1/"):
            return self.api.handle(request)
        try:
            if request.path.rstrip("/") == "/_test":
                return control_page.show(self.control, request)
            if request.path.startswith("/_test/"):
                return self.control.handle(request)
            return hosted.handle(self.world, request)
        except ApiError as problem:
            return json_response(problem.body(""), problem.status)
