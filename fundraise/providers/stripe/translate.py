"""Stripe's objects (as plain dicts, API 2026-10-28.endive) as facts. Plain Python, no SDK.

A charge's `balance_transaction` is null at first and comes later (asynchronous capture,
https://docs.stripe.com/payments/payment-intents/asynchronous-capture), so a line is optional.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fundraise.providers.facts import (
    AttemptSeen,
    BalanceSeen,
    CardSaved,
    DisputeFact,
    Fact,
    LineSeen,
    MoneySeen,
    PageSeen,
    PayoutFact,
    RefundFact,
)
from fundraise.providers.stripe import cards
from fundraise.providers.stripe.reading import Object, at, code_of, our_ref, ref_of


def line(txn: Any, *, payout_ref: str = "") -> LineSeen | None:
    """A balance transaction; None while Stripe has none, or gave only its id."""
    if not isinstance(txn, dict):
        return None
    return LineSeen(
        ref=txn["id"],
        kind=txn.get("reporting_category") or txn["type"],
        amount_ore=txn["amount"],
        fee_ore=txn["fee"],
        source_ref=ref_of(txn.get("source")),
        at=at(txn["created"]),
        payout_ref=payout_ref,
    )


def session(obj: Object) -> list[Fact]:
    """A Checkout Session with its PaymentIntent and SetupIntent expanded."""
    intent = obj.get("payment_intent")
    if our_ref(obj, "page") is not None:
        return [*_money_of(intent, obj.get("customer")), *cards.page(obj)]
    state = {"complete": "paid", "expired": "closed"}.get(obj["status"], "open")
    if state == "paid" and obj["payment_status"] == "unpaid":
        state = _unpaid(intent)
    facts: list[Fact] = [AttemptSeen(obj["id"], ref_of(intent), our_ref(obj, "gift"), state)]
    return [*facts, *_money_of(intent, obj.get("customer"))]


def _money_of(intent: Any, customer: Any) -> list[Fact]:
    """What a session's PaymentIntent brought, and the card that it saved."""
    if not isinstance(intent, dict):
        return []
    seen = intent_money({**intent, "customer": intent.get("customer") or customer})
    return [fact for fact in seen if isinstance(fact, MoneySeen | CardSaved)]


def _unpaid(intent: Any) -> str:
    """A delayed method: the money is still to be seen, or has failed for good."""
    status = intent["status"] if isinstance(intent, dict) else ""
    return "closed" if status in {"requires_payment_method", "canceled"} else "open"


def intent_money(obj: Object, *, declined: bool = False) -> list[Fact]:
    """A PaymentIntent with its latest charge expanded: the source of truth for the money."""
    gift = our_ref(obj, "gift")
    charge = obj.get("latest_charge")
    if obj["status"] == "succeeded" and isinstance(charge, dict):
        return [money(charge, gift_ref=gift), *cards.of_charge(charge, obj.get("customer"))]
    state = "closed" if obj["status"] == "canceled" else "open"
    code = _decline(obj.get("last_payment_error") or {}) if declined else ""
    fraud = code in FRAUD_CODES
    page = our_ref(obj, "page")
    if page is not None:  # its session tells when it is over
        return [PageSeen("", page, "open", declined=declined, fraud=fraud, decline=code)]
    if our_ref(obj, "collection") is not None:
        return cards.draw(obj)
    return [AttemptSeen("", obj["id"], gift, state, declined=declined, fraud=fraud, decline=code)]


# https://docs.stripe.com/declines/codes
FRAUD_CODES = {
    "fraudulent",
    "lost_card",
    "stolen_card",
    "pickup_card",
    "merchant_blacklist",
    "card_velocity_exceeded",
    "highest_risk_level",
    "elevated_risk_level",
}


def _decline(error: Object) -> str:
    """Why a card was declined: the bank's code, else Stripe's own."""
    return code_of(error.get("decline_code") or error.get("code"))


def money(charge: Object, *, gift_ref: UUID | None = None) -> MoneySeen:
    """A charge that succeeded."""
    details = charge.get("payment_method_details") or {}
    method = details.get("type", "card")
    seen = line(charge.get("balance_transaction"))
    return MoneySeen(
        ref=charge["id"],
        gift_ref=(gift_ref or our_ref(charge, "gift")) if charge["currency"] == "sek" else None,
        intent_ref=ref_of(charge.get("payment_intent")),
        amount_ore=_in_kronor(charge, seen),
        channel="swish" if method == "swish" else "card",  # wallets and Link come as cards
        at=at(charge["created"]),
        line=seen,
        collection_ref=our_ref(charge, "collection") if charge["currency"] == "sek" else None,
        card_country=cards.country(details.get("card") or {}),
    )


class ForeignMoney(Exception):
    """A charge in another currency whose worth in kronor is not known yet: asked for again."""


def _in_kronor(charge: Object, seen: LineSeen | None) -> int:
    """Öre; of another currency what it became on the balance. Raises ForeignMoney before that."""
    if charge["currency"] == "sek":
        return int(charge.get("amount_captured") or charge["amount"])
    if seen is None:
        raise ForeignMoney(charge["currency"])
    return seen.amount_ore


def charge(obj: Object) -> list[Fact]:
    """A charge: money when it succeeded, nothing yet otherwise."""
    if obj["status"] != "succeeded" or not obj.get("paid", True):
        return []
    return [money(obj), *cards.of_charge(obj)]


def refund(obj: Object) -> RefundFact:
    """A refund; a failed one gives its money back by a line of its own."""
    failed = obj["status"] in {"failed", "canceled"}
    undone = line(obj.get("failure_balance_transaction"))
    lines = [line(obj.get("balance_transaction")), undone]
    return RefundFact(
        ref=obj["id"],
        charge_ref=ref_of(obj.get("charge")),
        intent_ref=ref_of(obj.get("payment_intent")),
        gift_ref=our_ref(obj, "gift"),
        refund_ref=our_ref(obj, "refund"),
        amount_ore=obj["amount"],
        at=at(obj["created"]),
        failed=failed,
        failure=obj.get("failure_reason") or "",
        failed_at=undone.at if undone else None,
        moved=obj["status"] == "succeeded" or bool(obj.get("balance_transaction")),
        lines=tuple(seen for seen in lines if seen is not None),
    )


_DISPUTE_STATES = {"won": "won", "lost": "lost", "warning_closed": "won", "prevented": "won"}


def dispute(obj: Object) -> DisputeFact:
    """A dispute with its balance transactions: below zero taken, above given back."""
    due = (obj.get("evidence_details") or {}).get("due_by")
    lines = [line(txn) for txn in obj.get("balance_transactions") or []]
    return DisputeFact(
        ref=obj["id"],
        charge_ref=ref_of(obj.get("charge")),
        intent_ref=ref_of(obj.get("payment_intent")),
        amount_ore=obj["amount"],
        state=_DISPUTE_STATES.get(obj["status"], "open"),
        reason=obj.get("reason") or "",
        at=at(obj["created"]),
        due_at=at(due) if due else None,
        lines=tuple(seen for seen in lines if seen is not None),
    )


def payout(obj: Object, txns: list[Object]) -> PayoutFact:
    """A payout and its lines; the payout's own line is among them."""
    lines = [line(txn, payout_ref=obj["id"]) for txn in txns]
    listed = obj.get("automatic", True) and obj.get("reconciliation_status") == "completed"
    return PayoutFact(
        ref=obj["id"],
        amount_ore=obj["amount"],
        state=obj["status"],
        arrives_on=at(obj["arrival_date"]).date(),
        at=at(obj["created"]),
        failure=code_of(obj.get("failure_code")),
        trace=((obj.get("trace_id") or {}).get("value") or "")[:80],
        lines_ready=bool(listed),
        lines=tuple(seen for seen in lines if seen is not None),
    )


def balance(obj: Object, *, now: datetime) -> BalanceSeen:
    """Available and pending kronor together, in öre."""
    parts = [*obj.get("available", []), *obj.get("pending", [])]
    return BalanceSeen(sum(part["amount"] for part in parts if part["currency"] == "sek"), now)


def behind_line(txn: Object) -> list[Fact]:
    """What a line's expanded source tells by itself, so that a missed event is made good."""
    source = txn.get("source")
    if not isinstance(source, dict):
        return []
    match source.get("object"):
        case "charge":
            paid = {**source, "balance_transaction": txn}
            return [money(paid), *cards.of_charge(paid)]
        case "refund":
            failed = txn["type"] in {"refund_failure", "payment_failure_refund"}
            field = "failure_balance_transaction" if failed else "balance_transaction"
            return [refund({**source, field: txn})]
        case "dispute":
            return [dispute(source)]
    return []
