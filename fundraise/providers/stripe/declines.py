"""What follows from a decline of a saved card. Plain Python.

https://docs.stripe.com/declines/codes, https://docs.stripe.com/declines/card (advice codes). What
is not listed is soft: it may be tried once more, as the house's rule allows.
"""

from __future__ import annotations

from typing import Any

SOFT, HARD, ASK, REVOKED = "soft", "hard", "ask", "revoked"

# Its owner has told the bank to stop: a stop of the monthly gift, not a fault of the card.
STOPPED_BY_OWNER = {
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "stop_payment_order",
}
ASKS_OWNER = {"authentication_required", "payment_intent_authentication_failure"}
OF_NO_USE = {
    "card_not_supported",
    "currency_not_supported",
    "expired_card",
    "fraudulent",
    "incorrect_number",
    "invalid_account",
    "invalid_amount",
    "invalid_number",
    "lost_card",
    "merchant_blacklist",
    "new_account_information_available",
    "no_action_taken",
    "not_permitted",
    "payment_method_unexpected_state",
    "pickup_card",
    "resource_missing",
    "restricted_card",
    "security_violation",
    "service_not_allowed",
    "stolen_card",
    "testmode_decline",
    "transaction_not_allowed",
}
ADVICE_AGAINST = {"do_not_try_again", "confirm_card_data"}


def kind_of(code: str, error: dict[str, Any]) -> str:
    """soft, hard, ask or revoked, by the bank's code, Stripe's own and the network's advice."""
    codes = {code, str(error.get("code") or "")}
    if codes & STOPPED_BY_OWNER:
        return REVOKED
    if codes & ASKS_OWNER:
        return ASK
    if codes & OF_NO_USE or error.get("advice_code") in ADVICE_AGAINST:
        return HARD
    return SOFT
