"""What we ask of Stripe, as plain dicts; the tests hold them against the SDK's own types.

API 2026-10-28.endive. Metadata holds refs only: no name, no address.
"""

from __future__ import annotations

from typing import Any

from fundraise.providers.base import ChargeRequest, PageRequest, RefundRequest, StartRequest

INTENT_EXPAND = ["latest_charge.balance_transaction"]
SESSION_EXPAND = [
    "payment_intent.latest_charge.balance_transaction",
    "setup_intent.payment_method",
]
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
        "line_items": [_item(request.title, request.amount_ore)],
        "payment_intent_data": {"metadata": metadata},
        "success_url": request.return_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
    }
    if request.email:
        params["customer_email"] = request.email
    if request.statement_suffix:
        params["payment_intent_data"]["statement_descriptor_suffix"] = request.statement_suffix
    if request.pledge_ref is not None:
        metadata["pledge"] = str(request.pledge_ref)
        params["customer_creation"] = "always"
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
    return params


def card_page(request: PageRequest) -> dict[str, Any]:
    """https://docs.stripe.com/payments/save-and-reuse; without a sum the card is only saved.

    Checkout takes no `setup_credential_usage`: that the card is for recurring draws it tells the
    network by `setup_future_usage`, and every draw says so itself (see `charge`).
    """
    metadata = {"pledge": str(request.pledge_ref), "page": str(request.page_ref)}
    if request.collection_ref is not None:
        metadata["collection"] = str(request.collection_ref)
    params: dict[str, Any] = {
        "mode": "payment" if request.amount_ore else "setup",
        "ui_mode": "hosted_page",
        "locale": "en" if request.language == "en" else "sv",
        "customer": request.customer_ref,
        "client_reference_id": str(request.page_ref),
        "metadata": metadata,
        "success_url": request.return_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
    }
    if not request.amount_ore:
        return params | {"currency": "sek", "setup_intent_data": {"metadata": metadata}}
    return params | {
        "submit_type": "donate",
        "line_items": [_item(request.title, request.amount_ore)],
        "payment_intent_data": {"metadata": metadata, "setup_future_usage": "off_session"},
    }


def charge(request: ChargeRequest) -> dict[str, Any]:
    """https://docs.stripe.com/payments/cards/save-and-reuse: a draw without the card's owner."""
    return {
        "amount": request.amount_ore,
        "currency": "sek",
        "customer": request.customer_ref,
        "payment_method": request.method_ref,
        "off_session": True,
        "confirm": True,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "payment_method_options": {"card": {"stored_credential_usage": "recurring"}},
        "metadata": {
            "collection": str(request.collection_ref),
            "pledge": str(request.pledge_ref),
        },
        "expand": INTENT_EXPAND,
    }


def _item(title: str, amount_ore: int) -> dict[str, Any]:
    return {
        "quantity": 1,
        "price_data": {
            "currency": "sek",
            "unit_amount": amount_ore,
            "product_data": {"name": title},
        },
    }


def refund(request: RefundRequest) -> dict[str, Any]:
    """https://docs.stripe.com/api/refunds/create; öre."""
    return {
        "charge": request.charge_ref,
        "amount": request.amount_ore,
        "reason": "requested_by_customer",
        "metadata": {"refund": str(request.refund_ref), "gift": str(request.gift_ref)},
        "expand": REFUND_EXPAND,
    }
