"""Stripe's published test cards, and what each of them does.

https://docs.stripe.com/testing. Any other number is refused, and no number is ever kept: a
payment method remembers the name of its behaviour only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TestCard:
    number: str
    magic: str
    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    # Why a charge is declined: (code, decline_code). None: it goes through.
    decline: tuple[str, str | None] | None = None
    # "no", "always", or "unless_saved": not asked again once saved with 3-D Secure.
    three_d_secure: str = "no"
    # The decline comes after 3-D Secure, or only when a saved card is charged.
    declines_when: str = "always"
    # What follows a successful charge.
    aftermath: str | None = None

    __test__ = False  # not a test class, whatever pytest thinks of the name


def _declined(number: str, magic: str, code: str, decline_code: str | None = None) -> TestCard:
    return TestCard(number, magic, decline=(code, decline_code))


_ALL = (
    TestCard("4242424242424242", "visa"),
    TestCard("4000056655665556", "visa_debit", funding="debit"),
    TestCard("5555555555554444", "mastercard", brand="mastercard"),
    TestCard("2223003122003222", "mastercard_2", brand="mastercard"),
    TestCard("5200828282828210", "mastercard_debit", brand="mastercard", funding="debit"),
    TestCard("378282246310005", "amex", brand="amex"),
    TestCard("4000007520000008", "se", country="SE"),
    _declined("4000000000000002", "chargeDeclined", "card_declined", "generic_decline"),
    _declined("4000000000009995", "chargeDeclinedInsufficientFunds", "card_declined",
              "insufficient_funds"),
    _declined("4000000000009987", "chargeDeclinedLostCard", "card_declined", "lost_card"),
    _declined("4000000000009979", "chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    _declined("4000000000000069", "chargeDeclinedExpiredCard", "expired_card"),
    _declined("4000000000000127", "chargeDeclinedIncorrectCvc", "incorrect_cvc"),
    _declined("4000000000000119", "chargeDeclinedProcessingError", "processing_error"),
    _declined("4000000000006975", "chargeDeclinedVelocityLimitExceeded", "card_declined",
              "card_velocity_exceeded"),
    _declined("4100000000000019", "radarBlock", "card_declined", "fraudulent"),
    TestCard("4000000000000341", "chargeCustomerFail", decline=("card_declined", "generic_decline"),
             declines_when="saved"),
    TestCard("4000002500003155", "authenticationRequiredOnSetup", three_d_secure="unless_saved"),
    TestCard("4000002760003184", "authenticationRequired", three_d_secure="always"),
    TestCard("4000003800000446", "authenticationRequiredSetupForOffSession",
             three_d_secure="unless_saved"),
    TestCard("4000000000003220", "threeDSecure2Required", three_d_secure="always"),
    TestCard("4000008260003178", "authenticationRequiredChargeDeclinedInsufficientFunds",
             decline=("card_declined", "insufficient_funds"), three_d_secure="always",
             declines_when="after_3ds"),
    TestCard("4000008400001629", "threeDSecureRequiredChargeDeclined",
             decline=("card_declined", "generic_decline"), three_d_secure="always",
             declines_when="after_3ds"),
    TestCard("4000000000000259", "createDispute", aftermath="dispute_fraudulent"),
    TestCard("4000000000002685", "createDisputeProductNotReceived",
             aftermath="dispute_product_not_received"),
    TestCard("4000000000001976", "createDisputeInquiry", aftermath="inquiry"),
    TestCard("4000000000005423", "createIssuerFraudRecord", aftermath="early_fraud_warning"),
    TestCard("4000000000000077", "bypassPending", aftermath="bypass_pending"),
    TestCard("4000000000007726", "pendingRefund", aftermath="refund_pending"),
    TestCard("4000000000005126", "refundFail", aftermath="refund_fails"),
)  # fmt: skip

BY_NUMBER = {card.number: card for card in _ALL}
BY_MAGIC = {card.magic: card for card in _ALL} | {
    f"visa_{card.magic}": card for card in _ALL if card.magic.startswith("charge")
}

# What the cardholder is told; Stripe's own wording (docs.stripe.com/error-codes).
MESSAGES = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "incorrect_number": "Your card number is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "payment_intent_authentication_failure": (
        "We are unable to authenticate your payment method. Please choose a different payment "
        "method and try again."
    ),
}


def by_number(typed: str) -> TestCard | None:
    return BY_NUMBER.get("".join(character for character in typed if character.isdigit()))


def by_token(token: str) -> TestCard | None:
    """pm_card_visa, tok_chargeDeclined and the like."""
    for prefix in ("pm_card_", "tok_"):
        if token.startswith(prefix):
            return BY_MAGIC.get(token.removeprefix(prefix))
    return None


def message(code: str, decline_code: str | None) -> str:
    return MESSAGES.get(decline_code or "") or MESSAGES.get(code) or MESSAGES["card_declined"]
