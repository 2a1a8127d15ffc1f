"""Payouts, and the balance transactions they are made of."""

from __future__ import annotations

from fundraise.sandbox.stripe import ids, lists, money
from fundraise.sandbox.stripe.config import CURRENCY, Json
from fundraise.sandbox.stripe.errors import invalid, unexpected_state
from fundraise.sandbox.stripe.objects import amounts, metadata
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World

URL = "/v1/payouts"
STEPS = ("created", "paid", "reconciled")
BANK_ACCOUNT = "ba_standin"


def run(world: World, *, pending: bool = False, until: str = "reconciled") -> Json:
    """The automatic payout of all that is available; a negative one takes money from the bank.

    Raises ApiError when there is nothing to pay out.
    """
    if until not in STEPS:
        raise invalid(f"until must be one of {', '.join(STEPS)}", param="until")
    lines = money.unpaid_lines(world, pending=pending)
    total = sum(line["net"] for line in lines)
    if not lines or total == 0:
        raise invalid("There is nothing to pay out.", code="balance_insufficient")
    payout = _shape(world, total, automatic=True)
    money.put_in_payout(world, lines, payout["id"])
    _book_own_line(world, payout)
    world.emit("payout.created", payout)
    delay = float(world.knobs["payout_step_seconds"])
    if delay and until != "created":
        world.later("advance_payout", {"payout": payout["id"], "until": until}, seconds=delay)
        return payout
    return advance(world, payout["id"], until)


def _book_own_line(world: World, payout: Json) -> None:
    line = money.book(world, "payout", payout["id"], -payout["amount"], text="STRIPE PAYOUT")
    money.put_in_payout(world, [line], payout["id"])
    payout["balance_transaction"] = line["id"]
    world.save(payout)


def advance(world: World, payout_id: str, until: str) -> Json:
    """To the bank, and then to a list of lines that is complete."""
    payout = world.find("payout", payout_id, "payout")
    if until != "created" and payout["status"] in ("pending", "in_transit"):
        previous = {"status": payout["status"]}
        payout |= {"status": "paid", "trace_id": {
            "status": "supported", "value": payout_id[-12:].upper()}}  # fmt: skip
        world.save(payout)
        world.emit("payout.paid", payout, previous)
    if until == "reconciled" and payout["reconciliation_status"] == "in_progress":
        payout["reconciliation_status"] = "completed"
        world.save(payout)
        world.emit("payout.reconciliation_completed", payout)
    return payout


def fail(world: World, payout_id: str, code: str = "account_closed") -> Json:
    """The bank sends the money back, also after `paid`: it is part of the balance again."""
    payout = world.find("payout", payout_id, "payout")
    if payout["status"] in ("failed", "canceled"):
        raise unexpected_state(f"This payout has a status of {payout['status']}.")
    previous = {"status": payout["status"]}
    line = money.book(world, "payout_failure", payout_id, payout["amount"],
                      category="payout_reversal", text="STRIPE PAYOUT FAILURE")  # fmt: skip
    payout |= {"status": "failed", "failure_code": code,
               "failure_message": "The bank account has been closed.",
               "failure_balance_transaction": line["id"]}  # fmt: skip
    world.save(payout)
    world.emit("payout.failed", payout, previous)
    return payout


def _shape(world: World, amount: int, *, automatic: bool) -> Json:
    nothing = dict.fromkeys((
        "application_fee", "application_fee_amount", "balance_transaction",
        "failure_balance_transaction", "failure_code", "failure_message", "original_payout",
        "payout_method", "reversed_by", "statement_descriptor",
    ))  # fmt: skip
    return nothing | {
        "id": ids.new("po"),
        "object": "payout",
        "amount": amount,
        "arrival_date": (world.now() // money.DAY + 1) * money.DAY,
        "automatic": automatic,
        "created": world.now(),
        "currency": CURRENCY,
        "description": "STRIPE PAYOUT",
        "destination": BANK_ACCOUNT,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "source_type": "card",
        "status": "in_transit",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


@route("POST", URL, "PayoutCreateParams")
def create(call: Call) -> Json:
    """A manual payout: its lines cannot be listed, which is why we do not use them."""
    world, params = call.world, call.params
    amounts.check_currency(params)
    available = money.balance(world)["available"][0]["amount"]
    if params["amount"] > available:
        message = "You have insufficient funds in your Stripe account for this transfer."
        raise unexpected_state(message, code="balance_insufficient")
    payout = _shape(world, params["amount"], automatic=False)
    payout["metadata"] = metadata.checked(params.get("metadata"))
    _book_own_line(world, payout)
    world.emit("payout.created", payout)
    return payout


@route("GET", URL + "/{id}", "PayoutRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("payout", call.id, "payout")


@route("GET", URL, "PayoutListParams")
def listed(call: Call) -> Json:
    query = lists.Query("payout").equals("status", call.params.get("status"))
    return lists.page(call.world, URL, query, call.params)


@route("GET", "/v1/balance_transactions/{id}", "BalanceTransactionRetrieveParams")
def retrieve_line(call: Call) -> Json:
    return call.world.find("balance_transaction", call.id, "id")


@route("GET", "/v1/balance_transactions", "BalanceTransactionListParams")
def listed_lines(call: Call) -> Json:
    query = lists.Query("balance_transaction")
    if "payout" in call.params:
        payout = call.world.find("payout", call.params["payout"], "payout")
        if not payout["automatic"]:
            message = "Balance transaction history can only be filtered on automatic transfers."
            raise invalid(message, param="payout")
        query.equals("payout", payout["id"])
    query.equals("type", call.params.get("type")).equals("source", call.params.get("source"))
    return lists.page(call.world, "/v1/balance_transactions", query, call.params)


@route("GET", "/v1/balance", "BalanceRetrieveParams")
def balance(call: Call) -> Json:
    return money.balance(call.world)
