"""One stand-in per test worker, emptied before each test, and an endpoint for its events."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from tests.stripe_stand_in import WEBHOOK_SECRET, StripeStandIn

SUCCESS_URL = "http://localhost:9/tack?s={CHECKOUT_SESSION_ID}"
CANCEL_URL = "http://localhost:9/avbruten"


class Endpoint:
    """Takes events as the product would: signature on the raw body first."""

    def __init__(self) -> None:
        self.events: list[stripe.Event] = []
        self.status = 200
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signature = self.headers["Stripe-Signature"]
                endpoint.take(body, signature)
                self.send_response(endpoint.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, body: bytes, signature: str) -> None:
        event = stripe.Webhook.construct_event(body, signature, WEBHOOK_SECRET, api_key="sk_test")
        self.events.append(event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="session")
def running_endpoint() -> Iterator[Endpoint]:
    found = Endpoint()
    yield found
    found.close()


@pytest.fixture(scope="session")
def running(running_endpoint: Endpoint) -> Iterator[StripeStandIn]:
    with StripeStandIn(running_endpoint.url) as found:
        yield found


@pytest.fixture
def stand_in(running: StripeStandIn, running_endpoint: Endpoint) -> StripeStandIn:
    running.reset()
    running.wait()
    running_endpoint.events.clear()
    running_endpoint.status = 200
    return running


@pytest.fixture
def endpoint(stand_in: StripeStandIn, running_endpoint: Endpoint) -> Endpoint:
    return running_endpoint


@pytest.fixture
def client(stand_in: StripeStandIn) -> stripe.StripeClient:
    return stand_in.client()


def gift_session(amount: int = 20_000, **changes: Any) -> Any:
    """Parameters of a session as the donation page makes it."""
    product = {"name": "Gåva"}
    line = {"currency": "sek", "unit_amount": amount, "product_data": product}
    return {
        "mode": "payment",
        "submit_type": "donate",
        "locale": "sv",
        "line_items": [{"quantity": 1, "price_data": line}],
        "success_url": SUCCESS_URL,
        "cancel_url": CANCEL_URL,
        "client_reference_id": "gift-1",
        "customer_email": "anna@example.org",
        "metadata": {"gift": "g1"},
        "payment_intent_data": {"metadata": {"gift": "g1"}, "description": "Gåva g1"},
    } | changes


def card_intent(client: stripe.StripeClient, method: str = "pm_card_visa", amount: int = 20_000,
                **more: Any) -> Any:  # fmt: skip
    """A PaymentIntent that is confirmed at once."""
    given: Any = {"amount": amount, "currency": "sek", "payment_method": method, "confirm": True,
                  "return_url": SUCCESS_URL}  # fmt: skip
    return client.v1.payment_intents.create(given | more)
