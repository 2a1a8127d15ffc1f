"""A party that takes gifts through a running stand-in for Stripe, in one process.

The product's own doors are used throughout; only the delivery of events and the work of the
workers is driven by hand, so that a test decides what arrives, when, and how often.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import stripe
from django.test import Client

from fundraise import clock
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.ledger.queries import balance_ore
from fundraise.outbox import services as outbox
from fundraise.providers import intake, services
from fundraise.providers.models import Account, Attempt, ProviderEvent
from tests.people import make_campaign, make_party
from tests.stripe_stand_in import CARD_OK, WEBHOOK_SECRET, StripeStandIn

BJORN = Giver(name="Björn Öberg", email="bjorn@example.org", keep_as_donor=True)
Json = dict[str, Any]


@dataclass
class Journey:
    """One party, one campaign, one Stripe account, and the stand-in behind it."""

    stand_in: StripeStandIn
    party: LegalEntity = field(default_factory=make_party)
    http: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def __post_init__(self) -> None:
        self.campaign: Campaign = make_campaign(self.party)
        self.account = Account.objects.create(
            entity=self.party,
            provider="stripe",
            slug="demo",
            name="Stripe",
            settings_prefix="STRIPE",
        )

    # Giving

    def request(self, ore: int = 200_00, **changes: Any) -> services.GiftRequest:
        fields: dict[str, Any] = {
            "campaign": self.campaign,
            "amount_ore": ore,
            "method": "stripe",
            "language": "sv",
            "giver": BJORN,
        }
        return services.GiftRequest(**{**fields, **changes})

    def start(self, ore: int = 200_00, **changes: Any) -> Gift:
        """A pending gift with its open page."""
        return Gift.objects.get(ref=services.start_gift(self.request(ore, **changes)).gift_ref)

    def url(self, gift: Gift) -> str:
        return Attempt.objects.filter(gift=gift).latest("number").url

    def give(self, ore: int = 200_00, card: str = CARD_OK, **changes: Any) -> Gift:
        """A gift whose giver has paid; nothing of it has reached us yet."""
        gift = self.start(ore, **changes)
        self.stand_in.pay(self.url(gift), card)
        return gift

    def given(self, ore: int = 200_00, **changes: Any) -> Gift:
        """A received gift, its fee included."""
        gift = self.give(ore, **changes)
        self.catch_up()
        gift.refresh_from_db()
        return gift

    # Events

    def events(self, kind: str = "") -> list[Json]:
        self.stand_in.wait()
        return self.stand_in.events(kind)

    def post(self, event: Json, **headers: str) -> Any:
        """Deliver one event as Stripe does: signed raw bytes to the account's address."""
        body = json.dumps(event)
        signature = stripe.WebhookSignature.generate_signature_header(body, WEBHOOK_SECRET)
        return self.http.post(
            "/webhooks/stripe/demo",
            data=body.encode(),
            content_type="application/json",
            headers={"Stripe-Signature": signature, **headers},
        )

    def deliver(self, *events: Json) -> None:
        """Deliver and work on events, in this order."""
        for event in events:
            assert self.post(event).status_code == 200
        self.work()

    def work(self) -> None:
        """What the workers would do now with what is stored."""
        waiting = ProviderEvent.objects.filter(state=ProviderEvent.State.STORED).order_by("pk")
        for pk in list(waiting.values_list("pk", flat=True)):
            intake.process(pk)
        outbox.deliver_due(clock.real_now(), most=1000)

    def catch_up(self) -> None:
        """Every event so far, once, in Stripe's order."""
        seen = set(ProviderEvent.objects.values_list("event_id", flat=True))
        self.deliver(*[event for event in self.events() if event["id"] not in seen])

    # What stands

    def balance(self, role: str) -> int:
        return balance_ore(self.party.pk, role)

    def thermometer(self) -> tuple[int, int, int]:
        """Received öre, gifts, donors."""
        row = Thermometer.objects.get(campaign=self.campaign)
        return row.received_ore, row.gifts, row.donors
