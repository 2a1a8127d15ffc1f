"""Stripe's report and Stripe's API tell of the same payout: whichever is second adds nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from fundraise import clock
from fundraise.gifts import giver, services
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.jobs.models import Alarm
from fundraise.ledger.models import Journal
from fundraise.ledger.queries import balance_ore
from fundraise.providers import proofs, pull, settle
from fundraise.providers.facts import (
    DisputeFact,
    Fact,
    LineSeen,
    MoneySeen,
    PayoutFact,
    RefundFact,
)
from fundraise.providers.models import Account, Attempt, BalanceLine, Payout
from fundraise.reconciliation import inbox
from fundraise.reconciliation.inbox import stripe_lines
from fundraise.reconciliation.models import QueueItem
from tests.proofs import differing
from tests.reconciliation.house import ADMIN, Bank, make_bank
from tests.reconciliation.test_inbox import book, take
from tests.reconciliation.written import DAY, Book, Entry

pytestmark = pytest.mark.django_db
HEAD = (
    "automatic_payout_id,automatic_payout_effective_at_utc,balance_transaction_id,gross,fee,"
    "net,currency,reporting_category,source_id\n"
)
REPORT = (
    "po_1,2026-11-02 00:00:00,txn_1,100.00,3.00,97.00,sek,charge,ch_1\n"
    "po_1,2026-11-02 00:00:00,txn_2,-2.00,0.00,-2.00,sek,fee,\n"
)
LINES = {"txn_1", "txn_2", "txn_3"}


def stripe_of(bank: Bank, *, followed: bool = False) -> Account:
    until = clock.now() if followed else None
    return Account.objects.create(
        entity=bank.entity, provider="stripe", slug="stripe", name="Stripe", pulled_until=until
    )


def promised(bank: Bank) -> Gift:
    who = giver.Giver(name="Anna Lind", email="anna@example.org")
    return services.begin_gift(services.NewGift(bank.campaign, 100_00, who))


def from_report(ending: str = "") -> tuple[int, int, int]:
    """New payouts, new lines and lines known before, of a report that is booked."""
    file = take((HEAD + REPORT + ending).encode())
    assert (file.kind, file.state) == ("stripe_payouts", "read")
    inbox.book(file.pk, by=ADMIN)
    return file.new_lines, file.new_items, file.known_items


def from_api(account: Account, gift: UUID | None) -> None:
    """Everything Stripe lists of the payout, as the nightly pull tells it."""
    at = clock.now() - timedelta(days=1)
    charge = LineSeen("txn_1", "charge", 100_00, 3_00, "ch_1", at)
    facts: list[Fact] = [
        PayoutFact("po_1", 95_00, "in_transit", DAY, at),
        MoneySeen("ch_1", gift, "pi_1", 100_00, "card", at, charge),
        charge,
        LineSeen("txn_2", "fee", -2_00, 0, "", at),
        LineSeen("txn_3", "payout", -95_00, 0, "po_1", at, "po_1"),
    ]
    for fact in facts:
        settle.apply(account, [fact])


def books(bank: Bank) -> dict[str, int]:
    roles = ("stripe", "fees", "gifts", "payout_in_transit", "suspense")
    return {role: balance_ore(bank.entity.pk, role) for role in roles}


ALL_BOOKED = {
    "stripe": 0, "fees": 5_00, "gifts": -100_00, "payout_in_transit": 95_00, "suspense": 0,
}  # fmt: skip


def test_a_report_after_the_api_adds_nothing_and_says_so() -> None:
    bank = make_bank()
    account, gift = stripe_of(bank, followed=True), promised(bank)
    from_api(account, gift.ref)
    assert books(bank) == ALL_BOOKED
    assert from_report() == (0, 0, 2)
    Account.objects.update(pulled_until=None)  # a report of an account that nobody follows
    assert from_report("\n") == (0, 0, 2)
    assert books(bank) == ALL_BOOKED
    assert set(BalanceLine.objects.values_list("provider_ref", flat=True)) == LINES


def test_the_api_after_a_report_adds_nothing_but_whose_the_money_is() -> None:
    bank = make_bank()
    account, gift = stripe_of(bank), promised(bank)
    assert from_report() == (1, 2, 0)
    assert books(bank) == {**ALL_BOOKED, "gifts": 0, "suspense": -100_00}
    assert Alarm.objects.filter(subject="ch_1").exists(), "nobody knows yet whose it is"
    for _twice in range(2):
        from_api(account, gift.ref)
        assert books(bank) == ALL_BOOKED
    gift.refresh_from_db()
    assert (gift.state, gift.fee_ore, gift.amount_ore) == ("received", 3_00, 100_00)
    assert set(BalanceLine.objects.values_list("provider_ref", flat=True)) == LINES
    assert Payout.objects.get().state == "paid", "an older answer takes nothing back"
    book(Book().day(Entry((), ore=95_00, text="STRIPE")))
    assert books(bank)["payout_in_transit"] == 0


def test_a_charge_that_the_api_has_not_told_of_is_left_to_it() -> None:
    bank = make_bank()
    account, gift = stripe_of(bank, followed=True), promised(bank)
    assert from_report() == (1, 2, 0)
    assert pull._kept(["txn_1", "txn_2"]) == {"txn_2"}, "the nightly pull still asks for the charge"
    from_api(account, gift.ref)
    assert books(bank) == ALL_BOOKED


# What came back, as a report with the charge's own columns tells it.
FULL_HEAD = HEAD.strip() + ",charge_id,payment_intent_id\n"
DAY_OF = ",2026-11-02 00:00:00,"
CHARGE = f"po_1{DAY_OF}txn_1,100.00,3.00,97.00,sek,charge,ch_1,ch_1,pi_1\n"
REFUND = f"po_1{DAY_OF}txn_4,-40.00,0.00,-40.00,sek,refund,re_1,ch_1,pi_1\n"
DISPUTED = f"po_2{DAY_OF}txn_5,-60.00,150.00,-210.00,sek,dispute,dp_1,ch_1,pi_1\n"
WON = f"po_3{DAY_OF}txn_6,60.00,-150.00,210.00,sek,dispute_reversal,dp_1,ch_1,pi_1\n"
CAME_BACK = f"po_4{DAY_OF}txn_7,40.00,0.00,40.00,sek,refund_failure,re_1,ch_1,pi_1\n"
OWN = f"po_5{DAY_OF}txn_8,-7.00,0.00,-7.00,sek,topup_reversal,tu_1,,\n"


def report(*rows: str) -> None:
    file = take((FULL_HEAD + "".join(rows)).encode())
    assert file.state == "read", file.reason
    inbox.book(file.pk, by=ADMIN)


def begun(account: Account, gift: Gift) -> None:
    """The page at Stripe, so that the intent tells whose the charge is."""
    Attempt.objects.create(
        account=account, gift=gift, number=1, idempotency_key="k", request=b"-",
        intent_id="pi_1", created_at=clock.now(),
    )  # fmt: skip


def on_the_gift() -> tuple[int, int, int]:
    gift = Gift.objects.get()
    return gift.refunded_ore, gift.disputed_ore, gift.standing_ore


def waiting() -> list[str]:
    return list(QueueItem.objects.filter(state="open").values_list("subject", flat=True))


def unlike_their_lines() -> list[int]:
    return [int(c.actual) for c in proofs.checks() if "payouts that are not" in c.name]


IN_ORDER = [[CHARGE, REFUND], [DISPUTED], [WON, CAME_BACK]]
LATEST_FIRST = [[CAME_BACK], [WON], [DISPUTED], [CHARGE, REFUND]]


@pytest.mark.parametrize("order", [IN_ORDER, LATEST_FIRST], ids=["in order", "latest first"])
def test_refunds_and_disputes_that_only_reports_tell_of_are_booked_in_any_order(
    order: list[list[str]],
) -> None:
    bank = make_bank()
    account, gift = stripe_of(bank), promised(bank)
    begun(account, gift)
    for rows in order:
        report(*rows)
        assert unlike_their_lines() == [0]
    assert on_the_gift() == (0, 0, 100_00)
    assert waiting() == []
    refund, dispute = Refund.objects.get(), Dispute.objects.get()
    assert (refund.state, refund.provider_ref, dispute.state) == ("failed", "re_1", "won")
    assert books(bank) == {
        "stripe": 0, "fees": 3_00, "gifts": -100_00, "suspense": 0,
        "payout_in_transit": 97_00,
    }  # fmt: skip
    assert differing() == []


def test_half_way_a_refund_and_a_dispute_stand_on_the_gift_and_the_api_adds_nothing() -> None:
    bank = make_bank()
    account, gift = stripe_of(bank), promised(bank)
    begun(account, gift)
    report(CHARGE, REFUND, DISPUTED)
    assert on_the_gift() == (40_00, 60_00, 0)
    assert books(bank)["gifts"] == 0
    before = Journal.objects.count()
    at = clock.now() - timedelta(days=1)
    lines = [LineSeen("txn_4", "refund", -40_00, 0, "re_1", at),
             LineSeen("txn_5", "dispute", -60_00, 150_00, "dp_1", at)]  # fmt: skip
    for _twice in range(2):
        settle.apply(account, [
            RefundFact("re_1", "ch_1", "pi_1", gift.ref, None, 40_00, at, False,
                       lines=(lines[0],)),
            DisputeFact("dp_1", "ch_1", "pi_1", 60_00, "open", "fraudulent", at, None,
                        (lines[1],)),
        ])  # fmt: skip
    assert Journal.objects.count() == before
    report(REFUND.replace("po_1", "po_9"))
    assert Journal.objects.count() == before + 1, "the payout's own line"
    assert on_the_gift() == (40_00, 60_00, 0)


def test_what_no_charge_is_known_of_lies_in_suspense_and_is_named_until_the_api_tells() -> None:
    bank = make_bank()
    account, gift = stripe_of(bank), promised(bank)
    report(REFUND, DISPUTED, OWN)
    assert waiting() == ["stripe:txn_4", "stripe:txn_5", "stripe:txn_8"]
    told = {row.subject: (row.code, row.amount_ore) for row in QueueItem.objects.all()}
    assert told["stripe:txn_5"] == ("returned", -60_00)
    assert told["stripe:txn_8"] == ("unknown_category", -7_00)
    assert books(bank)["suspense"] == 107_00
    assert unlike_their_lines() == [0]
    report(REFUND, DISPUTED, OWN.replace("\n", "\n\n"))
    assert len(waiting()) == 3, "the same report says nothing new"
    assert stripe_lines.look_again_everywhere() == 0

    at = clock.now() - timedelta(days=1)
    charge = LineSeen("txn_1", "charge", 100_00, 3_00, "ch_1", at)
    settle.apply(account, [MoneySeen("ch_1", gift.ref, "pi_1", 100_00, "card", at, charge)])
    assert on_the_gift() == (0, 0, 100_00)
    assert stripe_lines.look_again_everywhere() == 2
    assert stripe_lines.look_again_everywhere() == 0
    assert on_the_gift() == (40_00, 60_00, 0)
    assert waiting() == ["stripe:txn_8"]
    assert books(bank)["suspense"] == 7_00
    assert books(bank)["gifts"] == 0
    gift.refresh_from_db()
    assert gift.fee_ore == 153_00
    assert differing() == []


def test_the_api_places_a_refund_and_a_dispute_of_a_charge_that_was_in_suspense() -> None:
    bank = make_bank()
    account, gift = stripe_of(bank), promised(bank)
    report(CHARGE, REFUND, DISPUTED)
    assert books(bank)["suspense"] == 0, "all of it: 100 less 40 less 60"
    assert waiting() == [], "the alarm tells of the charge"
    at = clock.now() - timedelta(days=1)
    refund = LineSeen("txn_4", "refund", -40_00, 0, "re_1", at)
    dispute = LineSeen("txn_5", "dispute", -60_00, 150_00, "dp_1", at)
    for _twice in range(2):
        from_api(account, gift.ref)
        settle.apply(account, [
            RefundFact("re_1", "ch_1", "pi_1", gift.ref, None, 40_00, at, False, lines=(refund,)),
            DisputeFact("dp_1", "ch_1", "pi_1", 60_00, "open", "fraudulent", at, None, (dispute,)),
        ])  # fmt: skip
        assert on_the_gift() == (40_00, 60_00, 0)
        assert (books(bank)["suspense"], books(bank)["gifts"]) == (0, 0)
        assert books(bank)["fees"] == 155_00
