"""Every face of the public pages, made from rows, and what must hold for each of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Page

from fundraise import clock
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts import services as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.providers.models import Account, Attempt
from tests import axe

# Each language and each scheme once; `make prove` tries every pair.
PAIRS = [("sv", "light"), ("en", "dark"), ("sv", "dark"), ("en", "light")]
LOOKS = PAIRS if axe.FULL else PAIRS[:2]
TURNS = {"sv": 0, "en": 1}  # whose page it is, where the languages share them
SHOTS = Path(__file__).resolve().parents[2] / "screenshots"


def make_gift(
    campaign: Campaign, state: str = "pending", *, channel: str = "", **changes: object
) -> Gift:
    """A gift of 200 kr in a state, as its page sees it."""
    gift = gifts.begin_gift(
        gifts.NewGift(
            campaign=campaign,
            amount_ore=200_00,
            giver=Giver(name="Björn", email="bjorn@example.org"),
            channel=channel,
        )
    )
    if state == "received":
        changes = {"channel": "card", "received_at": clock.now(), **changes}
    Gift.objects.filter(pk=gift.pk).update(state=state, **changes)
    return gift


def open_attempt(
    gift: Gift, url: str = "https://checkout.stripe.com/c/pay/x", **changes: object
) -> None:
    """The provider's page of a gift is open."""
    Attempt.objects.create(
        gift=gift,
        account=Account.objects.get(provider="stripe"),
        number=1,
        idempotency_key=f"key-{gift.pk}",
        request=b"",
        created_at=clock.now(),
        asked_at=clock.now() + timedelta(hours=1),  # so that nothing is asked of anybody
        **{"state": "open", "session_id": f"cs_{gift.pk}", "url": url, **changes},
    )


def raise_sums(campaign: Campaign) -> None:
    """1 243 500 kr of 2 000 000 kr from 3 112 donors."""
    Thermometer.objects.filter(campaign=campaign).update(
        received_ore=1_243_500_00, donors=3112, gifts=3400
    )


def gift_faces(campaign: Campaign) -> dict[str, UUID]:
    """A gift for each face of its page."""
    faces = {
        "waiting": make_gift(campaign),
        "unknown": make_gift(campaign, created_at=clock.now() - timedelta(hours=1)),
        "open": make_gift(campaign),
        "declined-once": make_gift(campaign),
        "declined-twice": make_gift(campaign),
        "received": make_gift(campaign, "received"),
        "partly-refunded": make_gift(campaign, "received", refunded_ore=50_00),
        "refunded": make_gift(campaign, "received", refunded_ore=200_00),
        "failed": make_gift(campaign, "failed"),
        "expired": make_gift(campaign, "expired"),
        "void": make_gift(campaign, "void"),
        "swish": make_gift(campaign, channel="swish_number"),
    }
    open_attempt(faces["open"])
    open_attempt(faces["declined-once"], declines=1)
    open_attempt(faces["declined-twice"], declines=2)
    return {name: gift.ref for name, gift in faces.items()}


def fault_list(page: Page) -> list[str]:
    """What axe finds, as "rule: first place"."""
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:160]}"
        for fault in axe.violations(page, *axe.BEST)
    ]


def overflow_of(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
