"""Declined cards and failed payouts in plain words, for staff, with what to do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.console import decline_reasons
from fundraise.console.words import Text
from fundraise.providers.models import Account, Attempt, Payout
from fundraise.providers.stripe.translate import FRAUD_CODES
from tests.console.conftest import swish_gift
from tests.console.house import make_payout

# https://docs.stripe.com/declines/codes
STRIPE_DECLINES = [
    "approve_with_id",
    "authentication_not_handled",
    "authentication_required",
    "call_issuer",
    "card_not_supported",
    "card_velocity_exceeded",
    "currency_not_supported",
    "do_not_honor",
    "do_not_try_again",
    "duplicate_transaction",
    "expired_card",
    "fraudulent",
    "generic_decline",
    "incorrect_address",
    "incorrect_cvc",
    "incorrect_number",
    "incorrect_pin",
    "incorrect_zip",
    "insufficient_funds",
    "invalid_account",
    "invalid_amount",
    "invalid_cvc",
    "invalid_expiry_month",
    "invalid_expiry_year",
    "invalid_number",
    "invalid_pin",
    "issuer_not_available",
    "lost_card",
    "merchant_blacklist",
    "mobile_device_authentication_required",
    "new_account_information_available",
    "no_action_taken",
    "not_permitted",
    "offline_pin_required",
    "online_or_offline_pin_required",
    "pickup_card",
    "pin_try_exceeded",
    "processing_error",
    "reenter_transaction",
    "restricted_card",
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "security_violation",
    "service_not_allowed",
    "stolen_card",
    "stop_payment_order",
    "testmode_decline",
    "transaction_not_allowed",
    "try_again_later",
    "withdrawal_count_limit_exceeded",
]
# https://docs.stripe.com/api/payouts/failures
STRIPE_PAYOUTS = [
    "account_closed",
    "account_frozen",
    "bank_account_restricted",
    "bank_ownership_changed",
    "could_not_process",
    "debit_not_authorized",
    "declined",
    "incorrect_account_holder_address",
    "incorrect_account_holder_name",
    "incorrect_account_holder_tax_id",
    "insufficient_funds",
    "invalid_account_number",
    "invalid_currency",
    "no_account",
    "unsupported_card",
]
TABLES = [decline_reasons.DECLINES, decline_reasons.PAYOUTS]
Said = dict[str, tuple[Text, Text]]


def attempted(campaign: Campaign, account: Account, code: str, state: str = "closed") -> Attempt:
    return Attempt.objects.create(
        gift=swish_gift(campaign), account=account, number=1, idempotency_key="k-1", request=b"",
        created_at=clock.now(), declines=2, last_decline=code, state=state,
    )  # fmt: skip


def test_every_code_of_stripes_has_words_and_advice() -> None:
    assert sorted({*STRIPE_DECLINES, *FRAUD_CODES} - set(decline_reasons.DECLINES)) == []
    assert sorted(set(STRIPE_PAYOUTS) - set(decline_reasons.PAYOUTS)) == []


@pytest.mark.parametrize("table", TABLES)
def test_reasons_are_said_in_swedish_and_an_unknown_one_as_its_code(table: Said) -> None:
    with translation.override("en"):
        english = [[str(part) for part in said] for said in table.values()]
    with translation.override("sv"):
        swedish = [[str(part) for part in said] for said in table.values()]
        unknown = str(decline_reasons.decline("brand_new"))
    assert [one for one, other in zip(english, swedish, strict=True) if set(one) & set(other)] == []
    assert unknown == "Leverantörens kod: brand_new"


def test_what_speaks_of_fraud_or_theft_is_not_told_to_whoever_asks() -> None:
    aloud = FRAUD_CODES - {"card_velocity_exceeded"}  # a limit, which the owner may know

    advice = {decline_reasons.DECLINES[code][1] for code in aloud}

    assert advice == {decline_reasons.SAY_LITTLE}


def test_gifts_timeline_says_why_and_what_to_do(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    attempt = attempted(campaign, stripe, "expired_card")

    text = david.get(f"/staff/gifts/{attempt.gift.ref}/").content.decode()

    assert "2 nekade försök. Kortet har gått ut. Om givaren frågar: ett annat kort" in text


def test_a_try_that_was_paid_needs_no_advice(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    attempt = attempted(campaign, stripe, "insufficient_funds", "paid")

    text = david.get(f"/staff/gifts/{attempt.gift.ref}/").content.decode()

    assert "2 nekade försök. Det fanns inte tillräckligt med pengar på kontot." in text
    assert "Om givaren frågar" not in text


def test_declines_from_before_codes_were_kept_are_counted_alone(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    attempt = attempted(campaign, stripe, "")

    text = david.get(f"/staff/gifts/{attempt.gift.ref}/").content.decode()

    assert "2 nekade försök<" in text


def test_payouts_page_says_why_it_failed(stripe: Account, david: Client) -> None:
    payout = make_payout(stripe)
    url = f"/staff/payouts/{payout.ref}/"
    assert "Varför den misslyckades" not in david.get(url).content.decode()
    Payout.objects.update(state="failed", failure_code="account_closed")

    text = david.get(url).content.decode()

    assert "Varför den misslyckades" in text
    assert "Vårt bankkonto är avslutat. Administratören ger leverantören rätt bankkonto" in text
