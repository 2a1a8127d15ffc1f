"""Balance transactions: every öre that moves on the account at the stand-in."""

from __future__ import annotations

import json
from typing import Any

from fundraise.sandbox.stripe import ids
from fundraise.sandbox.stripe.config import CURRENCY, Json
from fundraise.sandbox.stripe.world import World

DAY = 86_400


def fee_for(world: World, amount: int, method_type: str) -> int:
    kind = "swish" if method_type == "swish" else "card"
    share = amount * int(world.knobs[f"{kind}_fee_per_10000"])
    return (share + 5_000) // 10_000 + int(world.knobs[f"{kind}_fee_fixed_ore"])


def book(
    world: World,
    type: str,
    source: str | None,
    amount: int,
    *,
    fee: int = 0,
    fee_text: str = "Stripe processing fees",
    category: str | None = None,
    text: str | None = None,
    available_on: int | None = None,
) -> Json:
    """One balance transaction; available at once unless a day is given."""
    transaction = {
        "id": ids.new("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": available_on or world.now(),
        "balance_type": "payments",
        "created": world.now(),
        "currency": CURRENCY,
        "description": text,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": _fee_details(fee, fee_text),
        "net": amount - fee,
        "reporting_category": category or type,
        "source": source,
        "status": "pending",
        "type": type,
    }
    return world.save(dated(world, transaction))


def _fee_details(fee: int, text: str) -> list[Json]:
    if not fee:
        return []
    details = {"amount": fee, "application": None, "currency": CURRENCY, "description": text}
    return [details | {"type": "stripe_fee"}]


def dated(world: World, transaction: Json) -> Json:
    """Its status follows the clock."""
    available = transaction["available_on"] <= world.now()
    transaction["status"] = "available" if available else "pending"
    return transaction


def on_the_way(world: World) -> int:
    """When money of a charge made now becomes available."""
    return world.now() + int(world.knobs["available_after_days"]) * DAY


def unpaid_lines(world: World, *, pending: bool) -> list[Json]:
    """What the next payout takes: lines in no payout yet, and available unless `pending`."""
    rows = world.store.query(
        "SELECT body FROM objects WHERE kind = 'balance_transaction' AND payout IS NULL "
        "AND type != 'payout' ORDER BY seq"
    )
    lines = [json.loads(body) for (body,) in rows]
    return [line for line in lines if pending or line["available_on"] <= world.now()]


def put_in_payout(world: World, lines: list[Json], payout: str) -> None:
    with world.store.write():
        for line in lines:
            world.store.run("UPDATE objects SET payout = ? WHERE id = ?", payout, line["id"])


def balance(world: World) -> Json:
    rows = world.store.query(
        "SELECT json_extract(body, '$.available_on') <= ?, SUM(json_extract(body, '$.net')) "
        "FROM objects WHERE kind = 'balance_transaction' GROUP BY 1",
        world.now(),
    )
    sums = {bool(available): total for available, total in rows}

    def amount(total: int) -> list[Json]:
        return [{"amount": total, "currency": CURRENCY, "source_types": {"card": total}}]

    found: dict[str, Any] = {"object": "balance", "available": amount(sums.get(True, 0))}
    return found | {"livemode": False, "pending": amount(sums.get(False, 0))}
