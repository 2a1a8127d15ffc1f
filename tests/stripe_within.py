"""The stand-in for Stripe within the test's own process: no port, no thread, no event.

The product's client asks it through the SDK; what no event tells is pulled, as it is every night.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import stripe

from fundraise.providers.stripe import client
from fundraise.sandbox.stripe import bulk
from fundraise.sandbox.stripe.app import StandIn
from fundraise.sandbox.stripe.config import Config
from fundraise.sandbox.stripe.errors import ApiError
from fundraise.sandbox.stripe.objects import disputes, payouts, refunds
from tests.stripe_stand_in import API_KEY

Json = dict[str, Any]


class Within(stripe.HTTPClient):
    """Calls go to the app by hand instead of over a socket."""

    name = "within"

    def __init__(self, stand_in: StandIn) -> None:
        super().__init__()
        self._stand_in = stand_in

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None,
        *, _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:  # fmt: skip
        parts, body = urlsplit(url), (post_data or "").encode()
        environ: Json = {
            "REQUEST_METHOD": method.upper(), "PATH_INFO": parts.path, "QUERY_STRING": parts.query,
            "CONTENT_LENGTH": len(body), "wsgi.input": io.BytesIO(body),
        }  # fmt: skip
        for name, value in (headers or {}).items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        said: list[Any] = []
        answer = self._stand_in(environ, lambda status, heads: said.append((status, dict(heads))))
        text = b"".join(answer).decode()
        return text, int(said[0][0][:3]), said[0][1]

    def close(self) -> None:
        """Nothing is open."""


class StripeWithin:
    """One account at Stripe, moved by hand."""

    def __init__(self, folder: Path, patch: Any, settings: Any) -> None:
        self.stand_in = StandIn(Config(0, folder, api_keys=(API_KEY,)))
        self.world = self.stand_in.world
        settings.STRIPE_SECRET_KEY = API_KEY
        transport = Within(self.stand_in)

        def made(key: str, _base: str) -> stripe.StripeClient:
            return stripe.StripeClient(key, stripe_version=settings.STRIPE_API_VERSION,
                                       http_client=transport)  # fmt: skip

        patch.setattr(client, "_client", made)

    def give(self, items: list[Json]) -> list[Json]:
        """Charges that went through: each with amount and metadata; returns their ids."""
        found: list[Json] = bulk.make(self.world, items)["data"]
        return found

    def pay_out(self) -> Json | None:
        """The day's automatic payout of all that is available; None when it is nothing."""
        with self.world.store.write():
            try:
                return payouts.run(self.world)
            except ApiError as problem:
                if problem.code != "balance_insufficient":
                    raise
                return None

    def fail(self, payout: str) -> None:
        with self.world.store.write():
            payouts.fail(self.world, payout)

    def refund(self, charge: str, amount: int) -> None:
        with self.world.store.write():
            refunds.make(self.world, self.world.find("charge", charge), {"amount": amount})

    def dispute(self, charge: str) -> str:
        with self.world.store.write():
            return str(disputes.open_dispute(self.world, charge)["id"])

    def settle_dispute(self, dispute: str, *, won: bool) -> None:
        with self.world.store.write():
            (disputes.win if won else disputes.lose)(self.world, dispute)

    def payouts(self, most: int = 10) -> list[Json]:
        """The newest first, as the API lists them."""
        sql = "SELECT body FROM objects WHERE kind = 'payout' ORDER BY seq DESC LIMIT ?"
        return [json.loads(body) for (body,) in self.world.store.query(sql, most)]
