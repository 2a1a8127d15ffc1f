"""A small house whose books have everything in them: for proofs to hold and to break."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from fundraise.campaigns.models import Campaign
from fundraise.gifts import giver as givers
from fundraise.gifts import services as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Channel, Gift
from fundraise.providers import by_hand, settle
from fundraise.providers.facts import (
    BalanceSeen,
    DisputeFact,
    Fact,
    LineSeen,
    MoneySeen,
    PayoutFact,
    RefundFact,
)
from fundraise.providers.models import Account
from fundraise.reporting import receipts
from tests.people import DAVID, make_campaign, make_party

BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FEE = 3_30


def make_books() -> Account:
    """Five gifts by Stripe and one in cash; a refund, a lost dispute, a payout, a snapshot."""
    campaign = make_campaign(make_party())
    account = Account.objects.create(
        entity=campaign.entity, provider="stripe", slug="demo", name="Stripe"
    )
    for number in range(1, 6):
        settle.apply(account, [money(begin(campaign, number), number)])
    settle.apply(account, [refund(2, 50_00), dispute(3), payout(), balance()])
    by_hand.record_manual_gift(
        by_hand.ManualGift(campaign, 70_00, Channel.CASH, BEGAN, proof="slip-1", by=DAVID)
    )
    for gift in Gift.objects.filter(state=Gift.State.RECEIVED):
        receipts.request_receipt(gift.pk)
    return account


def begin(campaign: Campaign, number: int) -> Gift:
    giver = Giver(name="Björn", email=f"giver{number}@example.org")
    new = gifts.NewGift(campaign=campaign, amount_ore=number * 100_00, giver=giver)
    return gifts.begin_gift(new)


def at(number: int) -> datetime:
    return BEGAN + timedelta(hours=number)


def line(ref: str, kind: str, amount: int, fee: int, source: str, payout: str = "") -> LineSeen:
    return LineSeen(f"txn_{ref}", kind, amount, fee, source, at(10), payout)


def money(gift: Gift, number: int) -> MoneySeen:
    sold = line(f"ch_{number}", "charge", gift.amount_ore, FEE, f"ch_{number}")
    return MoneySeen(
        f"ch_{number}", gift.ref, f"pi_{number}", gift.amount_ore, "card", at(number), sold
    )


def refund(number: int, ore: int) -> RefundFact:
    lines = (line(f"re_{number}", "refund", -ore, 0, f"re_{number}"),)
    return RefundFact(
        f"re_{number}", f"ch_{number}", "", None, None, ore, at(20), failed=False, lines=lines
    )


def dispute(number: int) -> DisputeFact:
    ore = number * 100_00
    lines = (line(f"dp_{number}", "dispute", -ore, 150_00, f"dp_{number}"),)
    charge = f"ch_{number}"
    return DisputeFact(f"dp_{number}", charge, "", ore, "lost", "fraud", at(30), None, lines)


def payout() -> PayoutFact:
    """Pays out the first two gifts: 300 kr less two fees."""
    lines: tuple[LineSeen, ...] = tuple(
        line(f"ch_{n}", "charge", n * 100_00, FEE, f"ch_{n}", "po_1") for n in (1, 2)
    )
    net = 300_00 - 2 * FEE
    out = line("po_1", "payout", -net, 0, "po_1", "po_1")
    return PayoutFact(
        "po_1", net, "paid", date(2026, 11, 5), at(60), lines_ready=True, lines=(*lines, out)
    )


def balance() -> Fact:
    """What Stripe holds after all of it."""
    gifts_in, back, taken = 1500_00 - 5 * FEE, 50_00, 300_00 + 150_00
    return BalanceSeen(gifts_in - back - taken - (300_00 - 2 * FEE), at(80))


def key_of(number: int) -> bytes:
    return givers.giver_key(f"giver{number}@example.org")
