"""Reasons of providers in plain words, with what to do; every alarm and job has its words."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from fundraise.campaigns.models import Campaign
from fundraise.console import duties, reasons, words
from fundraise.providers.models import Account
from tests.console.house import furnish

# https://docs.stripe.com/refunds#failed-refunds
STRIPE_REFUNDS = {
    "charge_for_pending_refund_disputed",
    "declined",
    "expired_or_canceled_card",
    "insufficient_funds",
    "lost_or_stolen_card",
    "merchant_request",
    "unknown",
}
# https://docs.stripe.com/api/disputes/object#dispute_object-reason
STRIPE_DISPUTES = {
    "bank_cannot_process",
    "check_returned",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "noncompliant",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
}


def test_every_reason_of_stripes_has_words_and_advice() -> None:
    assert set(reasons.FAILURES) >= STRIPE_REFUNDS
    assert set(reasons.DISPUTE_REASONS) == STRIPE_DISPUTES
    assert set(reasons.DISPUTE_ADVICE) == STRIPE_DISPUTES
    assert set(reasons.FAILURE_ADVICE) <= set(reasons.FAILURES)


@pytest.mark.parametrize("table", [reasons.FAILURES, reasons.DISPUTE_REASONS])
def test_reason_is_said_in_swedish_and_an_unknown_one_as_its_code(
    table: dict[str, words.Text],
) -> None:
    with translation.override("en"):
        english = {code: str(said) for code, said in table.items()}
    with translation.override("sv"):
        assert [code for code, said in table.items() if str(said) == english[code]] == []
        assert str(reasons.failure("brand_new")) == "Leverantörens kod: brand_new"
        assert str(reasons.dispute_reason("")) == ""


def test_words_of_fraud_blame_nobody() -> None:
    with translation.override("en"):
        said = str(reasons.dispute_advice("fraudulent"))

    assert "done nothing wrong" in said
    assert "criminal" not in said


def test_open_dispute_says_what_to_do_on_its_gifts_page(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    house = furnish(campaign, stripe)

    text = david.get(f"/staff/gifts/{house.dispute.gift.ref}/").content.decode()

    assert "Oftast har någon annan använt kortet" in text


def test_every_alarm_says_what_to_do_and_every_job_what_it_does() -> None:
    assert sorted(set(duties.ALARMS) - set(duties.ADVICE)) == []
    assert sorted(set(settings.JOBS) - set(duties.JOBS)) == []
