"""What may not be kept is a liability until it is repaid, paid over, or its giver is known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts import refunds
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger import proving
from fundraise.ledger.queries import balance_ore
from fundraise.outbox.models import OutboxEvent
from fundraise.providers import by_hand
from fundraise.reconciliation import deciding
from fundraise.reconciliation.deciding import Choice
from fundraise.reconciliation.models import Item
from fundraise.reporting.party import (
    anonymous,
    figures,
    foreign,
    holding,
    paying_over,
    ruling,
    subscribers,
)
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import ForeignLook, Hold
from tests.people import DAVID
from tests.reconciliation.house import make_bank
from tests.reconciliation.test_inbox import book
from tests.reconciliation.written import Book, one
from tests.reporting.party.conftest import NEW_YEAR, GiveIt

pytestmark = pytest.mark.django_db
WHY = "Över gränsen"
FROM = date(2026, 12, 1)
LATER = datetime(2026, 12, 5, 9, 0, tzinfo=UTC)
GERMAN, SWEDISH = "DE89370400440532013000", "SE3550000000054910000003"


def books_hold(campaign: Campaign) -> None:
    """No identity of the books differs, receipts of hand-made gifts aside."""
    wrong = [check.name for check in proving.prove().differing]
    assert [name for name in wrong if not name.startswith("receipts")] == []


def held(campaign: Campaign) -> tuple[int, int, int]:
    """Account of gifts to be repaid, thermometer, and what the report tells."""
    entity = campaign.entity
    warm = Thermometer.objects.get(campaign=campaign).received_ore
    return -balance_ore(entity.pk, "repay"), warm, figures.of(entity, 2026).total_ore


def test_surplus_is_held_repaid_and_held_again_when_that_fails(
    campaign: Campaign, give: GiveIt
) -> None:
    gift = give(10_000)
    give(500, name="Anna", email="a@example.org")
    assert anonymous.reckon(campaign.entity_id, 2026) == (1, 0)
    assert anonymous.reckon(campaign.entity_id, 2026) == (0, 0)
    assert held(campaign) == (7_040_00, 3_460_00, 3_460_00)
    row = Hold.objects.get()
    assert (row.amount_ore, row.repay_by, row.booked.origin) == (
        7_040_00,
        date(2027, 3, 31),
        "hold",
    )
    books_hold(campaign)

    with pytest.raises(PartyError, match="personal"):
        holding.repay(row.ref, by=DAVID, reason="ring 070-123 45 67")
    row = Hold.objects.get()
    assert (row.state, held(campaign)[0]) == ("held", 7_040_00)
    holding.repay(row.ref, by=DAVID, reason=WHY)
    assert held(campaign)[0] == 0
    assert anonymous.reckon(campaign.entity_id, 2026) == (0, 0)
    books_hold(campaign)
    asked = Refund.objects.get(reason=WHY)
    assert (asked.amount_ore, asked.state) == (7_040_00, "awaiting_second")
    refunds.refuse_refund(asked.ref, by="staff:second", reason="Nej")
    assert subscribers.follow_all() == 1
    again = Hold.objects.get(state="held")
    assert (again.amount_ore, held(campaign)[0]) == (7_040_00, 7_040_00)

    holding.repay(again.ref, by=DAVID, reason="Över")
    refund = Refund.objects.get(reason="Över")
    refunds.approve_refund(refund.ref, by="staff:second")
    refund.refresh_from_db()
    by_hand.confirm_refund_by_hand(refund, LATER, "bank-1", DAVID)
    assert "fundraise.reporting.party.subscribers.refund_settled" in set(
        OutboxEvent.objects.filter(kind="RefundSettled").values_list("subscriber", flat=True)
    )
    subscribers.refund_settled(refund.pk)
    assert Hold.objects.get(refund=refund).state == "repaid"
    assert anonymous.reckon(campaign.entity_id, 2026) == (0, 0)
    assert held(campaign) == (0, 3_460_00, 3_460_00)
    assert Gift.objects.get(pk=gift.pk).refunded_ore == 7_040_00
    books_hold(campaign)


def test_a_giver_who_becomes_known_keeps_nothing_held_and_the_rest_goes_to_the_authority(
    campaign: Campaign, give: GiveIt, go_to: Any
) -> None:
    give(2_000, email="b@example.org")
    late = give(2_000, email="b@example.org")
    nobody = give(3_000)
    assert anonymous.reckon(campaign.entity_id, 2026) == (2, 0)
    rows = {row.gift_id: row.amount_ore for row in Hold.objects.all()}
    assert rows == {late.pk: 1_040_00, nobody.pk: 40_00}
    Gift.objects.filter(pk=late.pk).update(identified=True)
    assert anonymous.reckon(campaign.entity_id, 2026) == (0, 1)
    assert held(campaign) == (40_00, 6_960_00, 6_960_00)

    go_to(NEW_YEAR)
    row = Hold.objects.get(state="held")
    with pytest.raises(PartyError, match="reason_missing"):
        paying_over.pay_over([row.ref], voucher=" ", on=date(2027, 1, 15), by=DAVID)
    paying_over.pay_over([row.ref], voucher="KB-1", on=date(2027, 1, 15), by=DAVID)
    with pytest.raises(PartyError, match="not_waiting"):
        paying_over.pay_over([row.ref], voucher="KB-1", on=date(2027, 1, 15), by=DAVID)
    assert (held(campaign)[0], balance_ore(campaign.entity_id, "giro_clearing")) == (0, -40_00)
    assert anonymous.reckon(campaign.entity_id, 2026) == (0, 0)
    books_hold(campaign)


def test_a_stricter_rule_holds_from_its_day_and_old_rules_stay(
    campaign: Campaign, give: GiveIt, go_to: Any
) -> None:
    with pytest.raises(PartyError, match="day_in_the_past"):
        ruling.set_rule(campaign.entity, date(2026, 1, 1), permille=0, foreign="allow",
                        reason="x", by=DAVID)  # fmt: skip
    go_to(datetime(2026, 11, 20, 9, tzinfo=UTC))
    ruling.set_rule(campaign.entity, FROM, permille=0, foreign="refuse", reason="Ny lag", by=DAVID)
    with pytest.raises(PartyError, match="day_before_the_last"):
        ruling.set_rule(campaign.entity, FROM, permille=50, foreign="allow", reason="x", by=DAVID)
    go_to(LATER)
    give(1_000)
    give(100, at=LATER)
    assert anonymous.reckon(campaign.entity_id, 2026) == (1, 0)
    assert held(campaign) == (100_00, 1_000_00, 1_000_00), "what the old rule let in is told"
    assert figures.of(campaign.entity, 2026).bands.surplus_ore == 0


def test_foreign_money_is_held_looked_at_and_kept_or_sent_back(
    campaign: Campaign, give: GiveIt, go_to: Any
) -> None:
    give(50, name="Eva", email="e@example.org")
    go_to(datetime(2026, 11, 20, 9, tzinfo=UTC))
    ruling.set_rule(campaign.entity, FROM, permille=50, foreign="refuse", reason="Lag", by=DAVID)
    go_to(LATER)
    gifts = [give(100 * n, at=LATER) for n in (1, 2, 3)]
    Gift.objects.filter(pk=gifts[0].pk).update(card_country="SE", iban_country="DE")
    Gift.objects.filter(pk=gifts[1].pk).update(card_country="US")
    assert foreign.watch(campaign.entity_id, 2026) == 2
    assert foreign.watch(campaign.entity_id, 2026) == 0
    first, second = ForeignLook.objects.order_by("pk")
    assert (first.evidence, second.evidence) == ({"iban": "DE"}, {"card": "US"})
    assert held(campaign)[:2] == (300_00, 350_00)
    with pytest.raises(PartyError, match="reason_missing"):
        foreign.keep(first.ref, reason="", by=DAVID)
    foreign.keep(first.ref, reason="Medborgare", by=DAVID)
    assert held(campaign)[:2] == (200_00, 450_00)
    foreign.refuse(second.ref, reason="Utländsk", by=DAVID)
    with pytest.raises(PartyError, match="not_waiting"):
        foreign.keep(second.ref, reason="ändå", by=DAVID)
    assert held(campaign)[0] == 0
    assert Refund.objects.get(gift=gifts[1], origin="staff").state == "queued"
    assert anonymous.reckon(campaign.entity_id, 2026) == (0, 0)
    books_hold(campaign)


def test_a_gift_from_an_account_abroad_is_held_as_soon_as_the_banks_file_has_told_of_it(
    db: None, go_to: Any
) -> None:
    go_to(datetime(2026, 11, 20, 9, tzinfo=UTC))
    bank = make_bank()
    ruling.set_rule(bank.entity, FROM, permille=50, foreign="refuse", reason="Lag", by=DAVID)
    go_to(LATER)
    day = LATER.date()
    book(Book().day(one(300_00, name="K Weber", account=GERMAN, day=day),
                    one(200_00, name="Bo Ek", account=SWEDISH, day=day), day=day))  # fmt: skip
    for item in Item.objects.all():
        deciding.decide(item.pk, Choice("gift", campaign=bank.campaign), by=DAVID)
    assert foreign.watch(bank.entity.pk, 2026) == 1
    look = ForeignLook.objects.get()
    assert (look.evidence, look.gift.amount_ore) == ({"iban": "DE"}, 300_00)
    assert Hold.objects.get().amount_ore == 300_00
    assert "DE89" not in str([*Gift.objects.values(), *Item.objects.values()])
    books_hold(bank.campaign)
