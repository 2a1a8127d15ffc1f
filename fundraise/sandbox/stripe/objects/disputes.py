"""Disputes: the donor's bank takes the money back, and the charity may win it again."""

from __future__ import annotations

import copy
from typing import Any

from fundraise.sandbox.stripe import ids, lists, money
from fundraise.sandbox.stripe.config import CURRENCY, Json
from fundraise.sandbox.stripe.errors import unexpected_state
from fundraise.sandbox.stripe.objects import charges, metadata
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World

URL = "/v1/disputes"
HOLDING = ("needs_response", "under_review", "lost")
WEEK = 7 * 86_400
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy",
    "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication",
    "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
    "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id",
    "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address",
    "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
    "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def open_dispute(
    world: World,
    charge_id: str,
    *,
    amount: int | None = None,
    reason: str = "fraudulent",
    inquiry: bool = False,
) -> Json:
    """A dispute on a charge; the money leaves at once unless the bank only asks (inquiry)."""
    charge = charges.settle(world, charge_id)
    if charge["status"] != "succeeded" or not charge_id.startswith("ch_"):
        raise unexpected_state("Only a card charge that went through can be disputed.")
    if charge["disputed"]:
        raise unexpected_state("This charge is disputed already.")
    sum_ = charge["amount"] if amount is None else amount
    dispute = world.save(_shape(world, charge, sum_, reason, inquiry))
    charge["disputed"] = True
    world.save(charge)
    world.emit("charge.dispute.created", dispute)
    return dispute if inquiry else withdraw(world, dispute)


def withdraw(world: World, dispute: Json) -> Json:
    fee = int(world.knobs["dispute_fee_ore"])
    line = money.book(
        world, "adjustment", dispute["id"], -dispute["amount"], fee=fee, fee_text="Dispute fee",
        category="dispute", text=f"Chargeback withdrawal for {dispute['charge']}",
    )  # fmt: skip
    dispute["balance_transactions"].append(line)
    if dispute["status"].startswith("warning_"):
        dispute["status"] = "needs_response"
    world.save(dispute)
    world.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def reinstate(world: World, dispute: Json, amount: int | None = None) -> Json:
    back = dispute["amount"] if amount is None else amount
    fee = -int(world.knobs["dispute_fee_ore"]) if world.knobs["return_dispute_fee"] else 0
    line = money.book(
        world, "adjustment", dispute["id"], back, fee=fee, fee_text="Dispute fee",
        category="dispute_reversal", text=f"Chargeback reversal for {dispute['charge']}",
    )  # fmt: skip
    dispute["balance_transactions"].append(line)
    world.save(dispute)
    world.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def win(world: World, dispute_id: str, amount: int | None = None) -> Json:
    """Closed in our favour; `amount` is what comes back when the bank decides for a part."""
    dispute = _open(world, dispute_id)
    inquiry = dispute["status"].startswith("warning_")
    if not inquiry:
        reinstate(world, dispute, amount)
    return _close(world, dispute, "warning_closed" if inquiry else "won")


def lose(world: World, dispute_id: str) -> Json:
    return _close(world, _open(world, dispute_id), "lost")


def holds_money(world: World, charge: Json) -> bool:
    """Is the charge's money at the donor's bank, so that it cannot be refunded?"""
    query = lists.Query("dispute").equals("charge", charge["id"])
    found = lists.page(world, URL, query, {})["data"]
    return any(dispute["status"] in HOLDING for dispute in found)


def _open(world: World, dispute_id: str) -> Json:
    dispute = world.find("dispute", dispute_id, "dispute")
    if dispute["status"] not in OPEN:
        raise unexpected_state("This dispute is already closed.")
    return dispute


def _close(world: World, dispute: Json, status: str) -> Json:
    previous = {"status": dispute["status"]}
    dispute |= {"status": status}
    world.save(dispute)
    world.emit("charge.dispute.closed", dispute, previous)
    return dispute


def warn_of_fraud(world: World, charge_id: str) -> Json:
    charge = world.find("charge", charge_id, "charge")
    warning = {
        "id": ids.new("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": not (charge["refunded"] or charge["disputed"]),
        "charge": charge_id,
        "created": world.now(),
        "fraud_type": "made_with_stolen_card",
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    world.save(warning)
    world.emit("radar.early_fraud_warning.created", warning)
    return warning


def _shape(world: World, charge: Json, amount: int, reason: str, inquiry: bool) -> Json:
    card: Json = {"brand": charge["payment_method_details"]["card"]["brand"],
                  "case_type": "inquiry" if inquiry else "chargeback",
                  "network_reason_code": "83"}  # fmt: skip
    details: dict[str, Any] = {
        "due_by": world.now() + WEEK,
        "enhanced_eligibility": {},
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
    }
    return {
        "id": ids.new("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": world.now(),
        "currency": CURRENCY,
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(EVIDENCE),
        "evidence_details": details,
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": card, "type": "card"},
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


@route("GET", URL + "/{id}", "DisputeRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("dispute", call.id, "dispute")


@route("GET", URL, "DisputeListParams")
def listed(call: Call) -> Json:
    query = lists.Query("dispute").equals("charge", call.params.get("charge"))
    query.equals("payment_intent", call.params.get("payment_intent"))
    return lists.page(call.world, URL, query, call.params)


@route("POST", URL + "/{id}", "DisputeUpdateParams")
def update(call: Call) -> Json:
    dispute = _open(call.world, call.id)
    before = copy.deepcopy(dispute)
    metadata.update(dispute, call.params, ())
    dispute["evidence"] |= call.params.get("evidence") or {}
    details = dispute["evidence_details"]
    details["has_evidence"] = any(dispute["evidence"].values())
    if call.params.get("submit") and details["has_evidence"]:
        details["submission_count"] += 1
        dispute["status"] = dispute["status"].replace("needs_response", "under_review")
    call.world.save(dispute)
    previous = {name: before[name] for name in before if before[name] != dispute[name]}
    call.world.emit("charge.dispute.updated", dispute, previous)
    return dispute


@route("POST", URL + "/{id}/close", "DisputeCloseParams")
def close(call: Call) -> Json:
    return lose(call.world, call.id)


@route("GET", "/v1/radar/early_fraud_warnings/{id}", "radar.EarlyFraudWarningRetrieveParams")
def retrieve_warning(call: Call) -> Json:
    kind = "radar.early_fraud_warning"
    return call.world.find(kind, call.id, "early_fraud_warning")


@route("GET", "/v1/radar/early_fraud_warnings", "radar.EarlyFraudWarningListParams")
def listed_warnings(call: Call) -> Json:
    query = lists.Query("radar.early_fraud_warning").equals("charge", call.params.get("charge"))
    query.equals("payment_intent", call.params.get("payment_intent"))
    return lists.page(call.world, "/v1/radar/early_fraud_warnings", query, call.params)
