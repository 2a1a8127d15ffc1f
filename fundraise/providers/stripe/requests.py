"""What we ask of Stripe, as plain dicts; the tests hold them against the SDK's own types.

API 2026-10-28.endive. Metadata holds refs only: no name, no address.
"""

from __future__ import annotations

from typing import Any

from fundraise.providers.base import RefundRequest, StartRequest

INTENT_EXPAND = ["latest_charge.balance_transaction"]
SESSION_EXPAND = ["payment_intent.latest_charge.balance_transaction"]
CHARGE_EXPAND = ["balance_transaction"]
REFUND_EXPAND = ["balance_transaction", "failure_balance_transaction"]


def checkout_session(request: StartRequest) -> dict[str, Any]:
    """https://docs.stripe.com/api/checkout/sessions/create; sums in öre.

    Payment methods stay dynamic (set in the Dashboard). `hosted_page` is the name since dahlia.
    """
    metadata = {"gift": str(request.gift_ref), "attempt": str(request.attempt)}
    params: dict[str, Any] = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "submit_type": "donate",
        "locale": "en" if request.language == "en" else "sv",
        "client_reference_id": str(request.gift_ref),
        "metadata": metadata,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "sek",
                    "unit_amount": request.amount_ore,
                    "product_data": {"name": request.title},
                },
            }
        ],
        "payment_intent_data": {"metadata": metadata},
        "success_url": request.return_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
    }
    if request.email:
        params["customer_email"] = request.email
    if request.statement_suffix:
        params["payment_intent_data"]["statement_descriptor_suffix"] = request.statement_suffix
    return params


def refund(request: RefundRequest) -> dict[str, Any]:
    """https://docs.stripe.com/api/refunds/create; öre."""
    return {
        "charge": request.charge_ref,
        "amount": request.amount_ore,
        "reason": "requested_by_customer",
        "metadata": {"refund": str(request.refund_ref), "gift": str(request.gift_ref)},
        "expand": REFUND_EXPAND,
    }
