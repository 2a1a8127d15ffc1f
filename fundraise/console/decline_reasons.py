"""Why a card was declined or a payout failed: Stripe's codes in plain words, and what to do.

For staff alone; no page for givers says any of it. A bank's no is no proof against anybody: the
words say what the bank said and blame nobody, and what may be told to the giver is said with them.
"""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fundraise.console.words import Text

ANOTHER_WAY = _("If the giver asks: another card, Swish or the giro number works.")
ASK_THE_BANK = _("If the giver asks: only the bank can say why. Another card or Swish works.")
TYPE_AGAIN = _("If the giver asks: begin again and type the card's details with care.")
TRY_AGAIN = _("If the giver asks: nothing was drawn, and a new try a little later is safe.")
APPROVE = _("If the giver asks: begin again and approve the gift in the bank's app.")
SAY_LITTLE = _(
    "Most often somebody else has used the card, but the bank can be wrong. Tell whoever asks only"
    " that the bank said no and can say why; do not say this reason."
)

GENERIC = _("The bank said no without a reason.")
NUMBER, CVC = _("The card's number was wrong."), _("The card's security code was wrong.")
EXPIRY, PIN = _("The card's expiry date was wrong."), _("The card's PIN was wrong.")
NOT_APPROVED = _("The giver did not approve the gift at the bank.")
NOT_FOR_THIS = _("The card does not allow such a purchase.")
NO_ANSWER = _("The bank could not be reached.")
RISK = _("The provider thought that it looked like fraud.")
REVOKED = _("The card's owner has told the bank to stop such draws.")
LIMIT = _("The card's limit is reached.")

# https://docs.stripe.com/declines/codes and, without a bank's code, https://docs.stripe.com/error-codes
DECLINES: dict[str, tuple[Text, Text]] = {
    "approve_with_id": (GENERIC, ASK_THE_BANK),
    "authentication_not_handled": (NOT_APPROVED, APPROVE),
    "authentication_required": (_("The bank wants the giver to approve the gift."), APPROVE),
    "call_issuer": (GENERIC, ASK_THE_BANK),
    "card_declined": (GENERIC, ASK_THE_BANK),
    "card_not_supported": (NOT_FOR_THIS, ANOTHER_WAY),
    "card_velocity_exceeded": (LIMIT, ANOTHER_WAY),
    "currency_not_supported": (_("The card cannot pay in kronor."), ANOTHER_WAY),
    "do_not_honor": (GENERIC, ASK_THE_BANK),
    "do_not_try_again": (GENERIC, ASK_THE_BANK),
    "duplicate_transaction": (
        _("The bank took it for the same gift once more."),
        _("Look whether the same sum came just before; if so, the giver has given already."),
    ),
    "elevated_risk_level": (RISK, SAY_LITTLE),
    "expired_card": (_("The card has expired."), ANOTHER_WAY),
    "fraudulent": (RISK, SAY_LITTLE),
    "generic_decline": (GENERIC, ASK_THE_BANK),
    "highest_risk_level": (RISK, SAY_LITTLE),
    "incorrect_address": (_("The address is not the bank's."), TYPE_AGAIN),
    "incorrect_cvc": (CVC, TYPE_AGAIN),
    "incorrect_number": (NUMBER, TYPE_AGAIN),
    "incorrect_pin": (PIN, TYPE_AGAIN),
    "incorrect_zip": (_("The postcode is not the bank's."), TYPE_AGAIN),
    "insufficient_funds": (_("There was not enough money on the account."), ANOTHER_WAY),
    "invalid_account": (_("The card or its account does not work."), ASK_THE_BANK),
    "invalid_amount": (_("The bank does not allow that sum."), ASK_THE_BANK),
    "invalid_cvc": (CVC, TYPE_AGAIN),
    "invalid_expiry_month": (EXPIRY, TYPE_AGAIN),
    "invalid_expiry_year": (EXPIRY, TYPE_AGAIN),
    "invalid_number": (NUMBER, TYPE_AGAIN),
    "invalid_pin": (PIN, TYPE_AGAIN),
    "issuer_not_available": (NO_ANSWER, TRY_AGAIN),
    "lost_card": (_("The card is reported lost."), SAY_LITTLE),
    "merchant_blacklist": (_("The card is on our list of stopped cards."), SAY_LITTLE),
    "mobile_device_authentication_required": (
        _("The bank wants the giver to approve the gift."),
        APPROVE,
    ),
    "new_account_information_available": (
        _("The card or its account does not work."),
        ASK_THE_BANK,
    ),
    "no_action_taken": (GENERIC, ASK_THE_BANK),
    "not_permitted": (NOT_FOR_THIS, ASK_THE_BANK),
    "offline_pin_required": (_("The card needs its PIN."), ANOTHER_WAY),
    "online_or_offline_pin_required": (_("The card needs its PIN."), ANOTHER_WAY),
    "payment_intent_authentication_failure": (NOT_APPROVED, APPROVE),
    "payment_intent_payment_attempt_expired": (
        _("The giver did not finish in time."),
        _("If the giver asks: nothing was drawn; begin again."),
    ),
    "payment_intent_payment_attempt_failed": (GENERIC, ASK_THE_BANK),
    "payment_method_customer_decline": (
        _("The giver said no in the app."),
        _("Nothing is needed: the giver changed their mind, or can begin again."),
    ),
    "payment_method_provider_decline": (GENERIC, ASK_THE_BANK),
    "payment_method_provider_timeout": (NO_ANSWER, TRY_AGAIN),
    "pickup_card": (_("The bank has closed the card."), SAY_LITTLE),
    "pin_try_exceeded": (_("The PIN was wrong too many times."), ASK_THE_BANK),
    "processing_error": (_("Something went wrong on the way to the bank."), TRY_AGAIN),
    "reenter_transaction": (NO_ANSWER, TRY_AGAIN),
    "restricted_card": (_("The bank has closed the card."), ASK_THE_BANK),
    "revocation_of_all_authorizations": (REVOKED, ASK_THE_BANK),
    "revocation_of_authorization": (REVOKED, ASK_THE_BANK),
    "security_violation": (GENERIC, ASK_THE_BANK),
    "service_not_allowed": (NOT_FOR_THIS, ASK_THE_BANK),
    "stolen_card": (_("The card is reported stolen."), SAY_LITTLE),
    "stop_payment_order": (REVOKED, ASK_THE_BANK),
    "testmode_decline": (_("A test card was used; it works in tests alone."), ANOTHER_WAY),
    "transaction_not_allowed": (NOT_FOR_THIS, ASK_THE_BANK),
    "try_again_later": (GENERIC, TRY_AGAIN),
    "withdrawal_count_limit_exceeded": (LIMIT, ANOTHER_WAY),
}

RIGHT_ACCOUNT = _(
    "The administrator gives the provider the right bank account, on the provider's own pages."
    " The money waits there meanwhile."
)
CALL_THE_BANK = _("Ask our bank what is wrong. The money waits at the provider meanwhile.")
WRONG = _("The bank account's details are wrong.")
HOLDER = _("The account's owner is not called what the provider was told.")
CLOSED = _("Our bank account is closed.")
FROZEN = _("Our bank account is frozen.")
BANK_NO = _("Our bank said no without a reason.")
# https://docs.stripe.com/api/payouts/failures
PAYOUTS: dict[str, tuple[Text, Text]] = {
    "account_closed": (CLOSED, RIGHT_ACCOUNT),
    "account_frozen": (FROZEN, CALL_THE_BANK),
    "bank_account_restricted": (_("Our bank account does not take such payments."), CALL_THE_BANK),
    "bank_ownership_changed": (_("Our bank account has changed banks."), RIGHT_ACCOUNT),
    "could_not_process": (_("Our bank could not carry it out."), CALL_THE_BANK),
    "debit_not_authorized": (
        _("Our bank does not let the provider draw from the account."),
        CALL_THE_BANK,
    ),
    "declined": (BANK_NO, CALL_THE_BANK),
    "expired_card": (WRONG, RIGHT_ACCOUNT),
    "incorrect_account_holder_address": (WRONG, RIGHT_ACCOUNT),
    "incorrect_account_holder_name": (HOLDER, RIGHT_ACCOUNT),
    "incorrect_account_holder_tax_id": (WRONG, RIGHT_ACCOUNT),
    "incorrect_account_type": (WRONG, RIGHT_ACCOUNT),
    "insufficient_funds": (
        _("The balance at the provider was too small."),
        _("The next payout tries again when more gifts have come."),
    ),
    "invalid_account_number": (WRONG, RIGHT_ACCOUNT),
    "invalid_account_number_length": (WRONG, RIGHT_ACCOUNT),
    "invalid_card": (WRONG, RIGHT_ACCOUNT),
    "invalid_currency": (_("Our bank account does not take kronor."), RIGHT_ACCOUNT),
    "invalid_issuer": (WRONG, RIGHT_ACCOUNT),
    "invalid_routing_number": (WRONG, RIGHT_ACCOUNT),
    "issuer_unavailable": (_("Our bank could not be reached."), CALL_THE_BANK),
    "lost_or_stolen_card": (WRONG, RIGHT_ACCOUNT),
    "no_account": (_("There is no such bank account."), RIGHT_ACCOUNT),
    "refer_to_card_issuer": (BANK_NO, CALL_THE_BANK),
    "unsupported_card": (WRONG, RIGHT_ACCOUNT),
}


def decline(code: str) -> Text:
    """Why the last try was declined, as the bank said it."""
    return _said(DECLINES, code)


def decline_advice(code: str) -> Text:
    """What staff may do, and what may be told to the giver; empty when nothing is known."""
    return DECLINES.get(code, ("", ""))[1]


def payout(code: str) -> Text:
    """Why a payout did not reach the bank."""
    return _said(PAYOUTS, code)


def payout_advice(code: str) -> Text:
    """What to do so that the next one does; empty when nothing is known."""
    return PAYOUTS.get(code, ("", ""))[1]


def _said(table: dict[str, tuple[Text, Text]], code: str) -> Text:
    if not code:
        return ""
    found = table.get(code)
    return found[0] if found else gettext("The provider's code: %(code)s") % {"code": code}
