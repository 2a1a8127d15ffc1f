"""Refunds, disputes, fraud warnings, payouts: every öre is accounted for."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import card_intent, gift_session
from tests.stripe_stand_in import (
    CARD_AVAILABLE_AT_ONCE,
    CARD_DISPUTED,
    CARD_FRAUD_WARNING,
    CARD_REFUND_FAILS,
    StandInError,
    StripeStandIn,
)


def _gift(stand_in: StripeStandIn, client: stripe.StripeClient, card: str) -> Any:
    session = client.v1.checkout.sessions.create(gift_session())
    stand_in.pay(str(session.url), card)
    stand_in.wait()
    found: Any = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )
    return found.payment_intent.latest_charge


def _lines(client: stripe.StripeClient, payout: str) -> list[Any]:
    given: Any = {"payout": payout, "limit": 2}
    return list(client.v1.balance_transactions.list(given).auto_paging_iter())


def test_two_equal_part_refunds_and_one_too_many(client: stripe.StripeClient) -> None:
    intent = card_intent(client)
    for _ in range(2):
        refund = client.v1.refunds.create(
            {"payment_intent": intent.id, "amount": 8_000, "reason": "requested_by_customer"}
        )
        assert (refund.status, refund.amount) == ("succeeded", 8_000)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 8_000})
    assert caught.value.param == "amount"
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (16_000, False)
    assert len(charge.refunds.data) == 2  # type: ignore[union-attr]


def test_a_full_refund_by_charge_keeps_the_fee(client: stripe.StripeClient) -> None:
    intent = card_intent(client)
    refund: Any = client.v1.refunds.create(
        {"charge": intent.latest_charge, "expand": ["balance_transaction"]}
    )
    line = refund.balance_transaction
    assert (line.type, line.amount, line.fee, line.net) == ("refund", -20_000, 0, -20_000)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": intent.latest_charge})
    assert caught.value.code == "charge_already_refunded"


def test_a_refund_from_the_dashboard_tells_of_itself(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    intent = card_intent(client)
    refund = stand_in.refund(payment_intent=intent.id, amount=5_000)
    stand_in.wait()
    types = [e["type"] for e in stand_in.events() if "refund" in e["type"]]
    assert types == ["charge.refunded", "refund.created", "refund.updated"]
    found = client.v1.refunds.list({"payment_intent": intent.id}).data
    assert [r.id for r in found] == [refund["id"]]


def test_a_refund_that_fails_brings_the_money_back(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    charge = _gift(stand_in, client, CARD_REFUND_FAILS)
    refund = client.v1.refunds.create({"charge": charge.id})
    assert refund.status == "succeeded"
    stand_in.wait()
    failed: Any = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert failed.failure_balance_transaction.amount == 20_000
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert stand_in.events("refund.failed")


def test_a_dispute_takes_the_money_and_a_fee_and_may_be_won(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    charge = _gift(stand_in, client, CARD_DISPUTED)
    dispute = client.v1.disputes.list({"charge": charge.id}).data[0]
    assert (dispute.status, dispute.reason, dispute.amount) == (
        "needs_response", "fraudulent", 20_000)  # fmt: skip
    assert [(t.amount, t.fee) for t in dispute.balance_transactions] == [(-20_000, 20_000)]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": charge.id})
    assert caught.value.code == "charge_disputed"
    stand_in.win_dispute(dispute.id)
    won = client.v1.disputes.retrieve(dispute.id)
    assert (won.status, [t.net for t in won.balance_transactions]) == ("won", [-40_000, 20_000])
    assert [e["type"] for e in stand_in.events("charge.dispute")] == [
        "charge.dispute.created", "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated", "charge.dispute.closed",
    ]  # fmt: skip


def test_a_partial_dispute_answered_and_lost(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    intent = card_intent(client)
    opened = stand_in.open_dispute(payment_intent=intent.id, amount=5_000, reason="duplicate")
    answered = client.v1.disputes.update(
        opened["id"], {"evidence": {"uncategorized_text": "En gåva"}, "submit": True}
    )
    assert answered.status == "under_review"
    assert client.v1.disputes.close(opened["id"]).status == "lost"
    line = client.v1.disputes.retrieve(opened["id"]).balance_transactions[0]
    assert line.amount == -5_000


def test_an_inquiry_holds_no_money_and_is_closed(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    intent = card_intent(client)
    inquiry = stand_in.open_dispute(payment_intent=intent.id, inquiry=True)
    assert (inquiry["status"], inquiry["balance_transactions"]) == ("warning_needs_response", [])
    assert stand_in.win_dispute(inquiry["id"])["status"] == "warning_closed"
    assert client.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def test_an_inquiry_taken_further_takes_the_money(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    intent = card_intent(client)
    inquiry = stand_in.open_dispute(payment_intent=intent.id, inquiry=True)
    stand_in.control("dispute/withdraw", dispute=inquiry["id"])
    dispute = client.v1.disputes.retrieve(inquiry["id"])
    assert (dispute.status, len(dispute.balance_transactions)) == ("needs_response", 1)
    assert stand_in.lose_dispute(dispute.id)["status"] == "lost"


def test_a_pending_refund_goes_through_later(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    charge = _gift(stand_in, client, "4000000000007726")
    refund = client.v1.refunds.create({"charge": charge.id})
    assert refund.status == "pending"
    stand_in.wait()
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_money_of_the_card_that_bypasses_waiting_is_available_at_once(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    _gift(stand_in, client, CARD_AVAILABLE_AT_ONCE)
    assert client.v1.balance.retrieve().available[0].amount == 19_425


def test_a_fraud_warning(stand_in: StripeStandIn, client: stripe.StripeClient) -> None:
    charge = _gift(stand_in, client, CARD_FRAUD_WARNING)
    warnings = client.v1.radar.early_fraud_warnings.list({"charge": charge.id}).data
    assert [w.actionable for w in warnings] == [True]
    assert stand_in.events("radar.early_fraud_warning.created")


def test_the_net_of_the_lines_is_the_payout(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    for amount in (10_000, 20_000, 33_300):
        card_intent(client, amount=amount)
    refunded = card_intent(client)
    client.v1.refunds.create({"payment_intent": refunded.id, "amount": 4_000})
    stand_in.wait()
    payout = stand_in.payout()
    lines = _lines(client, payout["id"])
    assert sum(line.net for line in lines if line.type != "payout") == payout["amount"]
    assert sum(line.net for line in lines) == 0
    assert (payout["status"], payout["reconciliation_status"]) == ("paid", "completed")
    balance = client.v1.balance.retrieve()
    assert balance.available[0].amount + balance.pending[0].amount == 0


def test_only_what_is_available_is_paid_out(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    card_intent(client)
    stand_in.wait()
    with pytest.raises(StandInError, match="nothing to pay out"):
        stand_in.payout(pending=False)
    assert client.v1.balance.retrieve().pending[0].amount == 19_425
    stand_in.clock(4 * 86_400)
    assert client.v1.balance.retrieve().available[0].amount == 19_425
    assert stand_in.payout(pending=False)["amount"] == 19_425


def test_a_payout_is_negative_when_refunds_exceed_gifts(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    intent = card_intent(client)
    stand_in.wait()
    stand_in.payout()
    client.v1.refunds.create({"payment_intent": intent.id})
    negative = stand_in.payout()
    assert negative["amount"] == -20_000
    assert sum(line.net for line in _lines(client, negative["id"])) == 0


def test_a_payout_that_fails_after_paid_is_part_of_the_next(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    card_intent(client)
    stand_in.wait()
    first = stand_in.payout()
    failed = stand_in.fail_payout(first["id"])
    assert (failed["status"], failed["failure_code"]) == ("failed", "account_closed")
    second = stand_in.payout()
    assert second["amount"] == first["amount"]
    types = [line.type for line in _lines(client, second["id"])]
    assert types == ["payout", "payout_failure"]
    assert [e["type"] for e in stand_in.events("payout")] == [
        "payout.created", "payout.paid", "payout.reconciliation_completed", "payout.failed",
        "payout.created", "payout.paid", "payout.reconciliation_completed",
    ]  # fmt: skip


def test_a_manual_payout_cannot_be_split(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    card_intent(client)
    stand_in.wait()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payouts.create({"amount": 1_000, "currency": "sek"})
    assert caught.value.code == "balance_insufficient"
    stand_in.clock(4 * 86_400)
    payout = client.v1.payouts.create({"amount": 1_000, "currency": "sek"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.balance_transactions.list({"payout": payout.id})
