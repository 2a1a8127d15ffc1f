"""After one gift: to give every month by autogiro, with name and e-mail filled in already.

The button sends a signed token of the gift, good for half an hour, by POST: no address carries it,
and a copied one opens an empty form. The page is filled in from what the giver typed, on the
server, and kept by no browser. The offer is made in the
hour of the gift alone, while its page is in the giver's own hands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from fundraise.gifts import queries as gifts
from fundraise.gifts.models import Gift
from fundraise.gifts.queries import GiftPage
from fundraise.give import links
from fundraise.give.presets import MONTHLY
from fundraise.give.terms import Terms
from fundraise.money import format_number
from fundraise.pledges import signed, states
from fundraise.pledges.models import Pledge

OFFERED_FOR = timedelta(hours=1)
CARRIER = "efter"  # the hidden field that carries the token
A_MONTH = 10  # a gift of 2 000 kr once is as likely as 200 kr every month


@dataclass(frozen=True, slots=True)
class Offer:
    """A sum to begin with, where it is sent, and the hidden fields that go with it."""

    amount_ore: int
    url: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)


def offer(gift: GiftPage, terms: Terms, now: datetime) -> Offer | None:
    """None when it is too late, when autogiro is not open, when the giver gives so already, or when
    the gift is smaller than what would be asked for every month."""
    about = terms.monthly
    ladder = terms.amounts_monthly
    if about is None or not about.by_account or not terms.is_open or not ladder:
        return None
    if now - gift.created_at > OFFERED_FOR or _gives_monthly(gift.ref):
        return None
    if gift.amount_ore < min(ladder):
        return None  # who gave 20 kr once is not asked for 50 kr every month
    amount = min(ladder, key=lambda ore: abs(ore - gift.amount_ore // A_MONTH))
    fields = (
        ("frequency", MONTHLY),
        ("amount", format_number(amount, space="")),
        (CARRIER, signed.token("after", gift.ref)),
    )
    return Offer(amount, links.give(terms.slug, terms.language), fields)


def _gives_monthly(ref: UUID) -> bool:
    gift = Gift.objects.only("giver_key", "entity_id").get(ref=ref)
    pledges = Pledge.objects.filter(entity_id=gift.entity_id, state__in=states.LIVE_PLEDGE)
    key = gift.giver_key
    return key is None or pledges.filter(giver_key=bytes(key)).exists()


def filled_in(token: str, slug: str) -> dict[str, str]:
    """Name and e-mail of who gave to this campaign; nothing for a token that is not good."""
    ref = signed.read("after", token) if token else None
    gift = Gift.objects.filter(ref=ref, campaign__slug=slug).first() if ref else None
    giver = gifts.giver_of(gift.pk) if gift else None
    return {"name": giver.name, "email": giver.email} if giver else {}
