"""What the stand-ins for Stripe and Bankgirot say they paid out, as moves of an account."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.moves import Move

Json = dict[str, Any]
# Blocks of a payment specification: deposits; withdrawals and refunds leave the account.
SIGNS = {"15": 1, "16": -1, "17": -1}
SECONDS = 5.0
PAGE = 100


class SourceAway(Exception):
    """A stand-in does not answer."""


def payout_moves(account: str, payout: Mapping[str, Any]) -> Iterator[tuple[date, str, Move]]:
    """Day, key and move: the payout on its day, and what the bank sent back when it failed."""
    ident, ore = str(payout["id"]), int(payout["amount"])
    if not ore or payout["status"] == "canceled":
        return
    trace = str((payout.get("trace_id") or {}).get("value") or ident[-12:].upper())
    move = Move(account, ore, "payout", "payout", "STRIPE", "", message=f"STRIPE {trace}",
                end_to_end=trace, source=ident)  # fmt: skip
    arrival = datetime.fromtimestamp(int(payout["arrival_date"]), UTC).date()
    yield arrival, ident, move
    if payout["status"] == "failed":
        yield arrival, failed_key(ident), returned(move)


def failed_key(payout: str) -> str:
    """How it is remembered that a payout went back."""
    return f"{payout}/failed"


def returned(move: Move, reason: str = "AC04") -> Move:
    """The same money the other way, told as a return."""
    return Move(move.account, -move.amount_ore, "payout_return", "payout", move.name,
                message=move.message, end_to_end=move.end_to_end, source=move.source,
                reason=reason)  # fmt: skip


def deposit_move(account: str, deposit: Mapping[str, Any]) -> tuple[date, str, Move] | None:
    """None for one whose sum is 0."""
    bankgiro = str(deposit["bankgiro"]).lstrip("0")
    serial, kind = int(deposit["serial"]), str(deposit["kind"])
    ore = int(deposit["amount"]) * SIGNS[kind]
    day = date.fromisoformat(str(deposit["day"]))
    key = f"{bankgiro}/{kind}/{day}/{serial}"
    if not ore:
        return None
    text = f"AUTOGIRO {bankgiro} {kind} {serial:05d}"
    return day, key, Move(account, ore, "autogiro", "autogiro", "BANKGIROCENTRALEN BGC AB",
                          message=text, end_to_end=f"{kind}{day:%y%m%d}{serial:05d}",
                          source=key)  # fmt: skip


def account_of(bankgiro: str, accounts: Sequence[BankAccount]) -> str:
    """The number of the account behind a bankgiro; "" when it is nobody's here."""
    wanted = bankgiro.replace("-", "").lstrip("0")
    return next((a.number for a in accounts if a.bankgiro and a.bankgiro == wanted), "")


def ask_payouts(base: str, key: str) -> list[Json]:
    """Every payout of the stand-in for Stripe, the newest first. Raises SourceAway."""
    found: list[Json] = []
    after = ""
    while True:
        page = _ask(f"{base}/v1/payouts?limit={PAGE}{after}", {"Authorization": f"Bearer {key}"})
        found += page["data"]
        if not page["has_more"]:
            return found
        after = f"&starting_after={found[-1]['id']}"


def ask_deposits(base: str) -> list[Json]:
    """What reached or left payees' accounts, by the stand-in for Bankgirot. Raises SourceAway."""
    found: list[Json] = _ask(f"{base}/control/deposits", {})
    return found


def _ask(url: str, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - a stand-in's address
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310
            return json.load(reply)
    except (OSError, ValueError, urllib.error.HTTPError) as problem:
        raise SourceAway(f"{url.split('?')[0]}: {problem}") from None
