"""Stripe's report and Stripe's API tell of the same payout: whichever is second adds nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from fundraise import clock
from fundraise.gifts import giver, services
from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from fundraise.ledger.queries import balance_ore
from fundraise.providers import pull, settle
from fundraise.providers.facts import Fact, LineSeen, MoneySeen, PayoutFact
from fundraise.providers.models import Account, BalanceLine, Payout
from fundraise.reconciliation import inbox
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
