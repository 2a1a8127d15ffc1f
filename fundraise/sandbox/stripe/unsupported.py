"""Parameters that Stripe takes and the stand-in would have to overlook: refused, not ignored.

Whatever would change what happens, and does not here, gets a clear answer. Parameters without
effect on our flow (appearance, tax settings of the account, risk hints) are taken and left.
"""

from __future__ import annotations

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid

MANUAL = "capture_method"
_CONFIRM = {"amount_details", "confirmation_token", "hooks", "mandate", "payment_details",
            "shipping"}  # fmt: skip
_UPDATE = {"amount_details", "application_fee_amount", "customer_account", "hooks",
           "payment_details", "shipping", "transfer_data"}  # fmt: skip

REFUSED: dict[str, set[str]] = {
    "checkout.SessionCreateParams": {
        "after_expiration", "allow_promotion_codes", "custom_fields", "customer_account",
        "discounts", "invoice_creation", "managed_payments", "optional_items",
        "payment_method_data", "shipping_address_collection", "shipping_options",
        "subscription_data", "tax_id_collection",
    },
    "checkout.SessionUpdateParams": {
        "collected_information", "line_items", "payment_intent_data", "shipping_options",
    },
    "checkout.SessionListParams": {"customer_account", "payment_link", "subscription"},
    "PaymentIntentCreateParams": _CONFIRM | _UPDATE | {"on_behalf_of"},
    "PaymentIntentConfirmParams": _CONFIRM | {"amount_to_confirm"},
    "PaymentIntentUpdateParams": _UPDATE
    | {"allowed_payment_method_types", "currency", "excluded_payment_method_types"},
    "RefundCreateParams": {"customer", "instructions_email", "origin", "refund_application_fee",
                           "reverse_transfer"},
    "PaymentIntentListParams": {"customer_account"},
    "ChargeListParams": {"transfer_group"},
    "BalanceTransactionListParams": {"currency"},
    "PayoutListParams": {"arrival_date", "destination"},
    "PayoutCreateParams": {"destination", "payout_method"},
    "CustomerListParams": {"test_clock"},
    "CustomerCreateParams": {"balance", "cash_balance", "shipping", "source", "tax_id_data",
                             "test_clock"},
    "PaymentMethodListParams": {"allow_redisplay", "customer_account"},
}  # fmt: skip


def refuse(params_class: str, params: Json) -> None:
    for name in REFUSED.get(params_class, set()) & params.keys():
        raise invalid(f"The stand-in for Stripe does not know {name}.", param=name)
    for holder in (params, params.get("payment_intent_data") or {}):
        if holder.get(MANUAL) == "manual":
            raise invalid("The stand-in knows no manual capture.", param=MANUAL)
