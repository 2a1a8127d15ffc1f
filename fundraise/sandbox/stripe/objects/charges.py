"""Charges: what a confirmed PaymentIntent makes."""

from __future__ import annotations

from fundraise.sandbox.stripe import cards, expand, ids, lists, money
from fundraise.sandbox.stripe.config import CURRENCY, PAYEE, Json
from fundraise.sandbox.stripe.objects import metadata, payment_methods
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World


def succeed(world: World, intent: Json, method: Json, *, authenticated: bool) -> Json:
    charge = _shape(world, intent, method, authenticated)
    charge |= {"amount_captured": intent["amount"], "captured": True, "paid": True,
               "status": "succeeded", "outcome": _outcome("authorized", None)}  # fmt: skip
    world.save(charge)
    world.emit("charge.succeeded", charge)
    delay = float(world.knobs["fee_delay_seconds"])
    world.later("settle_charge", {"charge": charge["id"]}, seconds=delay)
    _aftermath(world, charge, method)
    return charge


def fail(world: World, intent: Json, method: Json, code: str, decline_code: str | None) -> Json:
    charge = _shape(world, intent, method, authenticated=False)
    reason = decline_code or code
    charge |= {"failure_code": code, "failure_message": cards.message(code, decline_code),
               "outcome": _outcome("declined", reason), "status": "failed"}  # fmt: skip
    world.save(charge)
    world.emit("charge.failed", charge)
    return charge


def settle(world: World, charge_id: str) -> Json:
    """Give a charge its balance transaction, unless it has one: the fee is known from here on."""
    charge = world.find("charge", charge_id, "charge")
    if charge["balance_transaction"] is not None or charge["status"] != "succeeded":
        return charge
    kind = charge["payment_method_details"]["type"]
    bypass = world.hidden(charge_id).get("bypass_pending")
    transaction = money.book(
        world, "charge" if kind == "card" else "payment", charge_id, charge["amount"],
        fee=money.fee_for(world, charge["amount"], kind), category="charge",
        text=charge["description"], available_on=None if bypass else money.on_the_way(world),
    )  # fmt: skip
    charge["balance_transaction"] = transaction["id"]
    world.save(charge)
    world.emit("charge.updated", charge, {"balance_transaction": None})
    return charge


def _aftermath(world: World, charge: Json, method: Json) -> None:
    card = payment_methods.behaviour(world, method)
    if card is None or card.aftermath is None:
        return
    world.save(charge, **{card.aftermath: True})
    if card.aftermath.startswith(("dispute_", "inquiry", "early_fraud")):
        world.later("aftermath", {"charge": charge["id"], "name": card.aftermath}, seconds=0.5)


def _outcome(status: str, reason: str | None) -> Json:
    declined = reason is not None
    blocked = reason == "fraudulent"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": "05" if declined and not blocked else None,
        "network_status": "not_sent_to_network" if blocked else
                          "declined_by_network" if declined else "approved_by_network",
        "reason": "highest_risk_level" if blocked else reason,
        "risk_level": "highest" if blocked else "normal",
        "risk_score": 95 if blocked else 12,
        "seller_message": "The bank did not return any further details with this decline."
                          if declined else "Payment complete.",
        "type": "blocked" if blocked else "issuer_declined" if declined else "authorized",
    }  # fmt: skip


NULL = (
    "application", "application_fee", "application_fee_amount", "balance_transaction",
    "failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of", "outcome",
    "receipt_number", "receipt_url", "review", "shipping", "source", "source_transfer",
    "transfer_data", "transfer_group",
)  # fmt: skip
FROM_INTENT = ("amount", "customer", "description", "receipt_email", "statement_descriptor",
               "statement_descriptor_suffix")  # fmt: skip


def _shape(world: World, intent: Json, method: Json, authenticated: bool) -> Json:
    # A charge that is no card charge is called "payment" at Stripe, down to its id.
    charge_id = ids.new("ch" if method["type"] == "card" else "py")
    return dict.fromkeys(NULL) | {name: intent[name] for name in FROM_INTENT} | {
        "id": charge_id,
        "object": "charge",
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": _descriptor(intent),
        "captured": False,
        "created": world.now(),
        "currency": CURRENCY,
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(intent, method, charge_id, authenticated),
        "radar_options": {},
        "refunded": False,
        "status": "pending",
    }  # fmt: skip


def _descriptor(intent: Json) -> str:
    suffix = intent["statement_descriptor_suffix"]
    return (f"INSAMLINGEN* {suffix}" if suffix else PAYEE.upper())[:22]


def _details(intent: Json, method: Json, charge_id: str, authenticated: bool) -> Json:
    if method["type"] == "swish":
        swish = {"fingerprint": method["id"][-16:], "payment_reference": charge_id[-16:].upper(),
                 "verified_phone_last4": "0000"}  # fmt: skip
        return {"swish": swish, "type": "swish"}
    card = method["card"]
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding",
            "last4", "regulated_status", "wallet")  # fmt: skip
    details = {name: card[name] for name in kept} | {
        "amount_authorized": intent["amount"],
        "authorization_code": "123456",
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": charge_id[-15:],
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "three_d_secure": _three_d_secure() if authenticated else None,
    }
    return {"card": details, "type": "card"}


def _three_d_secure() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": ids.new("tds"),
        "version": "2.2.0",
    }


def refunds_of(world: World, charge: Json) -> Json:
    query = lists.Query("refund").equals("charge", charge["id"])
    return lists.page(world, f"/v1/charges/{charge['id']}/refunds", query, {})


expand.INCLUDABLE["charge", "refunds"] = refunds_of


@route("GET", "/v1/charges/{id}", "ChargeRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("charge", call.id, "charge")


@route("GET", "/v1/charges", "ChargeListParams")
def listed(call: Call) -> Json:
    query = lists.Query("charge").equals("payment_intent", call.params.get("payment_intent"))
    query.equals("customer", call.params.get("customer"))
    return lists.page(call.world, "/v1/charges", query, call.params)


@route("POST", "/v1/charges/{id}", "ChargeUpdateParams")
def update(call: Call) -> Json:
    charge = call.world.find("charge", call.id, "charge")
    previous = metadata.update(charge, call.params, ("description", "receipt_email"))
    call.world.save(charge)
    call.world.emit("charge.updated", charge, previous)
    return charge
