"""Refunds: in full, in part, and the ones that fail afterwards."""

from __future__ import annotations

import copy

from fundraise.sandbox.stripe import ids, lists, money
from fundraise.sandbox.stripe.config import CURRENCY, Json
from fundraise.sandbox.stripe.errors import invalid, unexpected_state
from fundraise.sandbox.stripe.objects import charges, disputes, metadata
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World

URL = "/v1/refunds"


@route("POST", URL, "RefundCreateParams")
def create(call: Call) -> Json:
    charge = _charge(call.world, call.params)
    return make(call.world, charge, call.params)


def _charge(world: World, params: Json) -> Json:
    if "charge" in params:
        return world.find("charge", params["charge"], "charge")
    if "payment_intent" not in params:
        message = (
            "One of the following params should be provided for this request: payment_intent or "
            "charge."
        )
        raise invalid(message)
    intent = world.find("payment_intent", params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        message = (
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        )
        raise unexpected_state(message)
    return world.find("charge", intent["latest_charge"], "charge")


def make(world: World, charge: Json, params: Json) -> Json:
    """A refund, its balance transaction and its events; also for the one from the Dashboard."""
    amount = _amount(world, charge, params)
    charge = charges.settle(world, charge["id"])
    refund = _shape(world, charge, amount, params)
    pending = bool(world.hidden(charge["id"]).get("refund_pending"))
    refund["status"] = "pending" if pending else "succeeded"
    kind = "refund" if _is_card(charge) else "payment_refund"
    line = money.book(world, kind, refund["id"], -amount, category="refund",
                      text="REFUND FOR CHARGE")  # fmt: skip
    refund["balance_transaction"] = line["id"]
    world.save(refund)
    _count(world, charge, amount)
    world.emit("refund.created", refund)
    _follow_up(world, charge, refund)
    return refund


def _amount(world: World, charge: Json, params: Json) -> int:
    left = int(charge["amount"] - charge["amount_refunded"])
    if charge["status"] != "succeeded":
        raise unexpected_state(f"Charge {charge['id']} has not succeeded.")
    if charge["refunded"]:
        message = f"Charge {charge['id']} has already been refunded."
        raise unexpected_state(message, code="charge_already_refunded")
    if disputes.holds_money(world, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise unexpected_state(message, code="charge_disputed")
    amount = int(params.get("amount", left))
    if amount < 1:
        raise invalid("Invalid positive integer", param="amount",
                      code="parameter_invalid_integer")  # fmt: skip
    if amount > left:
        raise unexpected_state(
            f"Refund amount ({amount / 100:.2f} kr) is greater than unrefunded amount on charge "
            f"({left / 100:.2f} kr)", param="amount",
        )  # fmt: skip
    return amount


def _count(world: World, charge: Json, amount: int) -> None:
    previous = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.save(charge)
    world.emit("charge.refunded", charge, previous)


def _follow_up(world: World, charge: Json, refund: Json) -> None:
    act = "fail_refund" if world.hidden(charge["id"]).get("refund_fails") else "update_refund"
    delay = float(world.knobs["refund_update_seconds"])
    world.later(act, {"refund": refund["id"]}, seconds=delay)


def _is_card(charge: Json) -> bool:
    return str(charge["id"]).startswith("ch_")


def _shape(world: World, charge: Json, amount: int, params: Json) -> Json:
    nothing = dict.fromkeys(("balance_transaction", "receipt_number", "source_transfer_reversal",
                             "transfer_reversal"))  # fmt: skip
    refund_id = ids.new("re" if _is_card(charge) else "pyr")
    return nothing | {
        "id": refund_id,
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": world.now(),
        "currency": CURRENCY,
        "destination_details": _destination(charge, "pending"),
        "metadata": metadata.checked(params.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "status": "succeeded",
    }


def _destination(charge: Json, reference: str) -> Json:
    if not _is_card(charge):
        return {"swish": {"network_decline_code": None, "reference": None,
                          "reference_status": reference}, "type": "swish"}  # fmt: skip
    return {"card": {"reference_status": reference, "reference_type": "acquirer_reference_number",
                     "type": "refund"}, "type": "card"}  # fmt: skip


def update_later(world: World, refund_id: str) -> None:
    """The bank's reference arrives, and a pending refund goes through."""
    refund = world.find("refund", refund_id)
    if refund["status"] not in ("pending", "succeeded"):
        return
    previous = {"destination_details": copy.deepcopy(refund["destination_details"])}
    if refund["status"] == "pending":
        previous["status"] = "pending"
        refund["status"] = "succeeded"
    kind = refund["destination_details"]["type"]
    refund["destination_details"][kind] |= {
        "reference_status": "available", "reference": refund["id"][-12:].upper(),
    }  # fmt: skip
    world.save(refund)
    world.emit("refund.updated", refund, previous)


def fail(world: World, refund_id: str, reason: str = "lost_or_stolen_card") -> Json:
    """The money could not reach the donor and comes back to the balance."""
    refund = world.find("refund", refund_id, "refund")
    if refund["status"] not in ("pending", "succeeded", "requires_action"):
        raise unexpected_state(f"This refund has a status of {refund['status']}.")
    previous = {"status": refund["status"]}
    charge = world.find("charge", refund["charge"])
    kind = "refund_failure" if _is_card(charge) else "payment_failure_refund"
    line = money.book(world, kind, refund_id, refund["amount"], category="refund_failure",
                      text="REFUND FAILURE")  # fmt: skip
    refund |= {"status": "failed", "failure_reason": reason,
               "failure_balance_transaction": line["id"]}  # fmt: skip
    world.save(refund)
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    world.save(charge)
    for event in ("refund.updated", "charge.refund.updated", "refund.failed"):
        world.emit(event, refund, previous if event != "refund.failed" else None)
    return refund


@route("GET", URL + "/{id}", "RefundRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("refund", call.id, "refund")


@route("GET", URL, "RefundListParams")
def listed(call: Call) -> Json:
    query = lists.Query("refund").equals("charge", call.params.get("charge"))
    query.equals("payment_intent", call.params.get("payment_intent"))
    return lists.page(call.world, URL, query, call.params)


@route("POST", URL + "/{id}", "RefundUpdateParams")
def update(call: Call) -> Json:
    refund = call.world.find("refund", call.id, "refund")
    previous = metadata.update(refund, call.params, ())
    call.world.save(refund)
    call.world.emit("refund.updated", refund, previous)
    return refund


@route("POST", URL + "/{id}/cancel", "RefundCancelParams")
def cancel(call: Call) -> Json:
    message = "Only refunds with a status of requires_action can be canceled."
    call.world.find("refund", call.id, "refund")
    raise unexpected_state(message)
