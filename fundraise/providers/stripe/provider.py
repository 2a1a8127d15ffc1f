"""The Stripe adapter: every call to the SDK is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import stripe

from fundraise import clock
from fundraise.providers.base import (
    ChargeRequest,
    Health,
    Incoming,
    Known,
    PageRequest,
    RefundRequest,
    Sample,
    StartedAttempt,
    StartRequest,
    Way,
)
from fundraise.providers.facts import Fact, WarningSeen
from fundraise.providers.models import Account
from fundraise.providers.stripe import charging, health, requests, translate, webhook
from fundraise.providers.stripe.client import client_of, our_errors
from fundraise.providers.stripe.reading import at, ref_of

KEY_REMEMBERED = timedelta(hours=23)
LOOK_FIRST_AFTER = timedelta(minutes=1)
# Of lines that are listed at once: so long while they fill no page, else so short.
LONG_WINDOW, WINDOW = timedelta(days=4), timedelta(hours=6)
CHARGES = {"charge", "payment"}
PAGE = 100

Fetch = Callable[[stripe.StripeClient, str, str], list[Fact]]


class StripeProvider:
    """Checkout hosted page; see fundraise/providers/base.py for what each method promises."""

    name: ClassVar[str] = "stripe"
    hosted: ClassVar[bool] = True

    def way(self, account: Account) -> Way | None:
        return Way("stripe", has_swish=True)

    def start(self, account: Account, request: StartRequest) -> StartedAttempt:
        with our_errors():
            session = client_of(account).v1.checkout.sessions.create(
                requests.checkout_session(request),  # type: ignore[arg-type]
                {"idempotency_key": request.key},
            )
        obj = plain(session)
        return StartedAttempt(
            session_ref=obj["id"],
            intent_ref=ref_of(obj.get("payment_intent")),
            url=obj.get("url") or "",
            expires_at=at(obj["expires_at"]),
        )

    def ask(self, account: Account, session_ref: str) -> list[Fact]:
        with our_errors():
            return _session(client_of(account), session_ref, "")

    def close(self, account: Account, session_ref: str) -> list[Fact]:
        client = client_of(account)
        with our_errors():
            # It may be complete or expired already: what it is, the next line tells.
            with suppress(stripe.InvalidRequestError):
                client.v1.checkout.sessions.expire(session_ref)
            return _session(client, session_ref, "")

    def save_method(self, account: Account, request: PageRequest) -> StartedAttempt:
        return charging.open_page(account, request)

    def charge(self, account: Account, request: ChargeRequest) -> list[Fact]:
        return charging.charge(account, request)

    def find_charge(self, account: Account, request: ChargeRequest, *, end: bool) -> list[Fact]:
        return charging.find_charge(account, request, end=end)

    def forget_payer(self, account: Account, customer_ref: str) -> None:
        charging.forget_payer(account, customer_ref)

    def refund(self, account: Account, request: RefundRequest) -> list[Fact]:
        client = client_of(account)
        age = clock.now() - request.asked_at
        with our_errors():
            if age > LOOK_FIRST_AFTER:
                found = self._refund_by_ref(client, request)
                if found:
                    return found
            key = request.key if age < KEY_REMEMBERED else f"{request.key}-again"
            made = client.v1.refunds.create(
                requests.refund(request),  # type: ignore[arg-type]
                {"idempotency_key": key},
            )
        return [translate.refund(plain(made))]

    def _refund_by_ref(self, client: stripe.StripeClient, request: RefundRequest) -> list[Fact]:
        """Our refund among those of the charge, if an earlier call made it."""
        made = client.v1.refunds.list(
            {
                "charge": request.charge_ref,
                "limit": PAGE,
                "expand": [f"data.{field}" for field in requests.REFUND_EXPAND],
            }
        )
        facts = [translate.refund(plain(refund)) for refund in made.auto_paging_iter()]
        return [fact for fact in facts if fact.refund_ref == request.refund_ref]

    def parse(self, account: Account, body: bytes, headers: Mapping[str, str]) -> Incoming:
        return webhook.parse(account, body, headers)

    def facts(self, account: Account, kind: str, object_id: str) -> list[Fact] | None:
        fetch = HANDLERS.get(kind)
        if fetch is None:
            return None
        with our_errors():
            return fetch(client_of(account), object_id, kind)

    def settlements(self, account: Account, since: datetime, known: Known) -> Iterator[Fact]:
        """Window by window, the oldest first and charges before what came of them.

        Lines that are kept already are left out: a line is kept when all behind it is settled.
        """
        client, now = client_of(account), clock.now()
        with our_errors():
            yield from _payouts(client, since)
            for txns in _windows(client, since, now):
                yield from _unknown(txns, known)
            yield translate.balance(plain(client.v1.balance.retrieve()), now=now)

    def health(self, account: Account) -> Health | None:
        return health.health(account, frozenset(HANDLERS))

    def sample(self, account: Account) -> Sample | None:
        return health.sample(account)


def _payouts(client: stripe.StripeClient, since: datetime) -> Iterator[Fact]:
    made = client.v1.payouts.list({"created": {"gte": int(since.timestamp())}, "limit": PAGE})
    for payout in made.auto_paging_iter():
        yield translate.payout(plain(payout) | {"reconciliation_status": ""}, [])


def _windows(
    client: stripe.StripeClient, since: datetime, now: datetime
) -> Iterator[list[dict[str, Any]]]:
    """Balance transactions by windows, the oldest window first; a busy one is asked for in parts,
    so that memory holds six hours at most of what does not fit on one page."""
    width = LONG_WINDOW
    while since < now:
        until = min(since + width, now)
        first, end = int(since.timestamp()), int(until.timestamp()) + 1
        listed = client.v1.balance_transactions.list(
            {"created": {"gte": first, "lt": end}, "limit": PAGE, "expand": ["data.source"]}
        )
        if listed.has_more and width > WINDOW:
            width = WINDOW
            continue
        width = width if listed.has_more else min(2 * width, LONG_WINDOW)
        yield [plain(txn) for txn in listed.auto_paging_iter()]
        since = until


def _unknown(txns: list[dict[str, Any]], known: Known) -> Iterator[Fact]:
    """What is behind the lines of a window that are not kept yet, and the lines."""
    if not txns:
        return
    kept = known([txn["id"] for txn in txns])
    txns = [txn for txn in reversed(txns) if txn["id"] not in kept]
    for txn in sorted(txns, key=lambda txn: txn["amount"] < 0 or txn["type"] not in CHARGES):
        yield from _line_facts(txn)


def plain(obj: Any) -> dict[str, Any]:
    """A StripeObject as a dict of plain values."""
    made: dict[str, Any] = obj.to_dict(for_json=True)
    return made


def _line_facts(txn: dict[str, Any], payout_ref: str = "") -> Iterator[Fact]:
    """What is behind a line first, then the line itself."""
    yield from translate.behind_line(txn)
    line = translate.line(txn, payout_ref=payout_ref)
    if line is not None:
        yield line


def _session(client: stripe.StripeClient, ref: str, _kind: str) -> list[Fact]:
    session = client.v1.checkout.sessions.retrieve(ref, {"expand": requests.SESSION_EXPAND})
    return translate.session(plain(session))


def _intent(client: stripe.StripeClient, ref: str, kind: str) -> list[Fact]:
    intent = client.v1.payment_intents.retrieve(ref, {"expand": requests.INTENT_EXPAND})
    declined = kind == "payment_intent.payment_failed"
    return translate.intent_money(plain(intent), declined=declined)


def _charge(client: stripe.StripeClient, ref: str, _kind: str) -> list[Fact]:
    charge = client.v1.charges.retrieve(ref, {"expand": requests.CHARGE_EXPAND})
    return translate.charge(plain(charge))


def _charge_refunded(client: stripe.StripeClient, ref: str, kind: str) -> list[Fact]:
    refunds = client.v1.refunds.list(
        {
            "charge": ref,
            "limit": PAGE,
            "expand": [f"data.{field}" for field in requests.REFUND_EXPAND],
        }
    )
    made = [translate.refund(plain(refund)) for refund in refunds.auto_paging_iter()]
    return [*_charge(client, ref, kind), *made]


def _refund(client: stripe.StripeClient, ref: str, kind: str) -> list[Fact]:
    refund = translate.refund(
        plain(client.v1.refunds.retrieve(ref, {"expand": requests.REFUND_EXPAND}))
    )
    return [*_charge(client, refund.charge_ref, kind), refund]


def _dispute(client: stripe.StripeClient, ref: str, kind: str) -> list[Fact]:
    dispute = translate.dispute(plain(client.v1.disputes.retrieve(ref)))
    return [*_charge(client, dispute.charge_ref, kind), dispute]


def _payout(client: stripe.StripeClient, ref: str, _kind: str) -> list[Fact]:
    payout = plain(client.v1.payouts.retrieve(ref))
    if not payout["automatic"]:  # Stripe lists the lines of automatic ones only
        return [translate.payout(payout, [])]
    lines = client.v1.balance_transactions.list(
        {"payout": ref, "limit": PAGE, "expand": ["data.source"]}
    )
    seen = translate.payout(payout, [])
    facts: list[Fact] = [replace(seen, lines_ready=False)]
    for txn in lines.auto_paging_iter():
        facts += _line_facts(plain(txn), payout_ref=ref)
    return [*facts, seen]


def _warning(_client: stripe.StripeClient, ref: str, kind: str) -> list[Fact]:
    return [WarningSeen(kind, ref)]


HANDLERS: dict[str, Fetch] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _session,
    "checkout.session.expired": _session,
    "payment_intent.succeeded": _intent,
    "payment_intent.payment_failed": _intent,
    "payment_intent.canceled": _intent,
    "payment_intent.processing": _intent,
    "payment_intent.requires_action": _intent,
    "charge.updated": _charge,
    "charge.refunded": _charge_refunded,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
    "charge.dispute.closed": _dispute,
    "payment_method.automatically_updated": charging.changed_card,
    "payment_method.updated": charging.changed_card,
    "payment_method.detached": charging.changed_card,
    "setup_intent.setup_failed": charging.refused_card,
    "radar.early_fraud_warning.created": _warning,
    "review.opened": _warning,
    "review.closed": _warning,
    "payout.created": _payout,
    "payout.updated": _payout,
    "payout.paid": _payout,
    "payout.failed": _payout,
    "payout.canceled": _payout,
    "payout.reconciliation_completed": _payout,
}
