"""Why money did not move or is asked back: the providers' codes in plain words, and what to do.

Where a bank speaks of fraud the words blame nobody: most often somebody else used the card, and its
owner has done nothing wrong. A code that is not here is shown as it is.
"""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fundraise.console.words import Text

# Why a refund did not go through: Stripe's failure reasons and error codes, and our own.
# https://docs.stripe.com/refunds#failed-refunds
FAILURES: dict[str, Text] = {
    "by_hand": _("It has to be sent by hand, from the bank or the cash box."),
    "no provider account for this gift": _("No provider account belongs to this gift."),
    "charge_already_refunded": _("The provider says that it is paid back already."),
    "charge_disputed": _("The giver's bank has taken the gift back already."),
    "charge_for_pending_refund_disputed": _("The giver's bank took the gift back."),
    "returned_by_bank": _("The bank sent the money back: the account is wrong or closed."),
    "match_undone": _("The bank's line was something else."),
    "went_back_before": _("The money had gone back to the giver another way by then."),
    "insufficient_funds": _("The balance at the provider is too small."),
    "balance_insufficient": _("The balance at the provider is too small."),
    "expired_or_canceled_card": _("The giver's card has expired or is closed."),
    "lost_or_stolen_card": _("The giver's card is reported lost or stolen."),
    "merchant_request": _("The provider cancelled it as we asked."),
    "declined": _("The giver's bank said no."),
    "unknown": _("The giver's bank did not say why."),
}
BY_BANK = _("Ask the giver for a bank account and send the money from the bank.")
NOTHING_MORE = _("Nothing more is needed: the giver has the money.")
FAILURE_ADVICE: dict[str, Text] = {
    "by_hand": _("Send the money, then confirm it here with the bank line or slip."),
    "no provider account for this gift": BY_BANK,
    "charge_already_refunded": NOTHING_MORE,
    "charge_disputed": NOTHING_MORE,
    "charge_for_pending_refund_disputed": NOTHING_MORE,
    "returned_by_bank": _("Ask the giver for another account, then ask for the refund again."),
    "match_undone": _("See if the money left. If not, ask again."),
    "went_back_before": _("Send nothing. If it was sent already, ask the giver for it back."),
    "insufficient_funds": _("Wait for more gifts or fill the balance up, then ask again."),
    "balance_insufficient": _("Wait for more gifts or fill the balance up, then ask again."),
    "expired_or_canceled_card": BY_BANK,
    "lost_or_stolen_card": BY_BANK,
    "declined": BY_BANK,
    "unknown": BY_BANK,
}
# https://docs.stripe.com/api/disputes/object#dispute_object-reason
DISPUTE_REASONS: dict[str, Text] = {
    "fraudulent": _("The card's owner does not know of the gift"),
    "duplicate": _("Charged twice, says the giver"),
    "credit_not_processed": _("A promised refund has not come"),
    "subscription_canceled": _("Monthly giving was stopped"),
    "product_not_received": _("Nothing came, says the giver"),
    "product_unacceptable": _("Not as described, says the giver"),
    "unrecognized": _("The giver does not recognise the charge"),
    "general": _("No particular reason"),
    "noncompliant": _("A rule of the card network was not followed"),
    "customer_initiated": _("The giver asked the bank for the money"),
    "debit_not_authorized": _("The account's owner has not allowed the draw"),
    "bank_cannot_process": _("The bank could not carry it out"),
    "incorrect_account_details": _("The account's details were wrong"),
    "check_returned": _("The cheque came back"),
    "insufficient_funds": _("There was no money on the account"),
}
LET_IT_GO = _("Let the money go back. Do not ask the giver for it again.")
DISPUTE_ADVICE: dict[str, Text] = {
    "fraudulent": _(
        "Most often somebody else used the card, and its owner has done nothing wrong: let the"
        " money go back. Answer only with proof that the owner gave, such as a thank-you answered."
    ),
    "unrecognized": _(
        "Often our name on the bank statement was not known. Write to the giver kindly; if it was"
        " a gift after all, the giver can tell the bank so, and you answer with that."
    ),
    "duplicate": _(
        "Look for two gifts of the same sum and day. If there are two, let one go back; if there"
        " is one, answer with its receipt."
    ),
    "credit_not_processed": _("Look whether a refund was promised. If so, let the money go back."),
    "subscription_canceled": _("See when the giver stopped. Later draws go back without a word."),
    "product_not_received": _("A gift buys nothing: answer with the receipt and the thanks."),
    "product_unacceptable": _("A gift buys nothing: answer with the receipt and the thanks."),
    "general": _("Ask the giver what is wrong, and answer with the receipt if it is a mistake."),
    "noncompliant": LET_IT_GO,
    "customer_initiated": LET_IT_GO,
    "debit_not_authorized": LET_IT_GO,
    "bank_cannot_process": LET_IT_GO,
    "incorrect_account_details": LET_IT_GO,
    "check_returned": LET_IT_GO,
    "insufficient_funds": LET_IT_GO,
}
STEP_REASONS: dict[str, Text] = {
    "refused": _("the provider would not begin"),
    "changed": _("the giver changed the form"),
}
# https://docs.stripe.com/reports/reporting-categories
LINE_CHOICES: list[tuple[str, Text]] = [
    ("gift", _("Gift")),
    ("refund", _("Refund")),
    ("returned", _("Refund that came back")),
    ("dispute", _("Dispute")),
    ("won", _("Dispute won")),
    ("fee", _("Fee")),
    ("tax", _("Tax on fees")),
]
LINE_CHOICE_KINDS: dict[str, list[str]] = {
    "gift": ["charge", "payment"],
    "refund": ["refund", "payment_refund"],
    "returned": ["refund_failure", "payment_failure_refund"],
    "dispute": ["dispute"],
    "won": ["dispute_reversal"],
    "fee": ["fee", "network_cost"],
    "tax": ["tax"],
}
LINE_KINDS: dict[str, Text] = {
    kind: word for choice, word in LINE_CHOICES for kind in LINE_CHOICE_KINDS[choice]
}


def failure(code: str) -> Text:
    """Why a refund failed; a code that we don't know is shown as it is."""
    return _known(FAILURES, code)


def failure_advice(code: str) -> Text:
    """What staff may do about a refund that failed; empty when nothing is known."""
    return FAILURE_ADVICE.get(code, "")


def dispute_reason(code: str) -> Text:
    """Why the giver's bank takes the money back."""
    return _known(DISPUTE_REASONS, code)


def dispute_advice(code: str) -> Text:
    """What staff may do about a dispute; empty when nothing is known."""
    return DISPUTE_ADVICE.get(code, "")


def step_reason(code: str) -> Text:
    """Why a gift's state changed."""
    return STEP_REASONS.get(code, code)


def line_kind(code: str) -> Text:
    """What a line of a provider's balance is."""
    return LINE_KINDS.get(code, code)


def _known(words: dict[str, Text], code: str) -> Text:
    if not code:
        return ""
    return words.get(code) or gettext("The provider's code: %(code)s") % {"code": code}
