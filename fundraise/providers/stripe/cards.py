"""Saved cards in Stripe's objects (plain dicts) as facts. Plain Python, no SDK.

A charge shows the card that paid it, so the first gift's own charge tells what was saved, whichever
event or nightly line brought it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

from fundraise.providers.facts import CardChanged, CardSaved, DrawSeen, Fact, PageSeen
from fundraise.providers.stripe import declines
from fundraise.providers.stripe.reading import Object, code_of, our_ref, ref_of

BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def hint(card: Object) -> str:
    """Brand and last four digits."""
    brand = BRANDS.get(str(card.get("brand")), "")
    return f"{brand} {card.get('last4') or ''}".strip()[:60]


def country(card: Object) -> str:
    """Where the card was issued: two letters, or nothing when Stripe does not say."""
    said = str(card.get("country") or "")
    return said if len(said) == 2 and said.isascii() and said.isupper() else ""


def expires_on(card: Object) -> date | None:
    """The last day of the month on the card."""
    year, month = card.get("exp_year"), card.get("exp_month")
    if not isinstance(year, int) or not isinstance(month, int):
        return None
    return date(year, month, monthrange(year, month)[1])


def of_charge(charge: Object, customer: Any = None) -> list[Fact]:
    """The card that a charge saved for a pledge: its first gift, or a draw paid on our page."""
    pledge, gift, page = (our_ref(charge, name) for name in ("pledge", "gift", "page"))
    owner, method = ref_of(customer) or ref_of(charge.get("customer")), charge["payment_method"]
    if pledge is None or (gift is None and page is None) or not owner or not method:
        return []
    details = charge.get("payment_method_details") or {}
    return [_saved(pledge, gift, page, owner, ref_of(method), details)]


def _saved(
    pledge: UUID, gift: UUID | None, page: UUID | None, owner: str, method: str, details: Object
) -> CardSaved:
    card = details.get("card") or {}
    return CardSaved(
        pledge_ref=pledge,
        gift_ref=gift,
        page_ref=page,
        customer_ref=owner,
        method_ref=method,
        hint=hint(card) or str(details.get("type") or "").capitalize()[:60],
        expires_on=expires_on(card),
        fingerprint=str(card.get("fingerprint") or ""),
    )


def page(session: Object) -> list[Fact]:
    """A Checkout Session about a saved card; a finished one in setup mode tells of its card."""
    ref, pledge = our_ref(session, "page"), our_ref(session, "pledge")
    if ref is None or pledge is None:
        return []
    state = {"complete": "done", "expired": "closed"}.get(session["status"], "open")
    facts: list[Fact] = []
    setup = session.get("setup_intent")
    if state == "done" and isinstance(setup, dict) and isinstance(setup["payment_method"], dict):
        method = setup["payment_method"]
        owner = ref_of(session.get("customer")) or ref_of(method.get("customer"))
        facts.append(_saved(pledge, None, ref, owner, method["id"], method))
    return [*facts, PageSeen(session["id"], ref, state)]


def setup_failed(setup: Object, fraud_codes: set[str]) -> list[Fact]:
    """A card that was refused on the page where a new one is saved."""
    ref = our_ref(setup, "page")
    if ref is None:
        return []
    error = setup.get("last_setup_error") or {}
    code = code_of(error.get("decline_code") or error.get("code"))
    return [PageSeen("", ref, "open", declined=True, fraud=code in fraud_codes, decline=code)]


def draw(intent: Object) -> list[Fact]:
    """A draw without its owner that has not brought money (yet)."""
    ref = our_ref(intent, "collection")
    if ref is None:
        return []
    error = intent.get("last_payment_error") or {}
    code = code_of(error.get("decline_code") or error.get("code"))
    if intent["status"] == "canceled":
        return [DrawSeen(ref, intent["id"], "closed", code or "canceled")]
    if intent["status"] == "requires_payment_method" and error:
        return [DrawSeen(ref, intent["id"], "failed", code, declines.kind_of(code, error))]
    return [DrawSeen(ref, intent["id"], "open")]


def changed(method: Object) -> list[Fact]:
    """A payment method as it is now."""
    card = method.get("card") or {}
    if not ref_of(method.get("customer")):
        return [CardChanged(method["id"], gone=True)]
    return [
        CardChanged(method["id"], hint(card), expires_on(card), str(card.get("fingerprint") or ""))
    ]
