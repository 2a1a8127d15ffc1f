"""The proof finds a gift without a receipt, and a gap in the numbers."""

from __future__ import annotations

import pytest

from fundraise import clock
from fundraise.ledger.checks import Check
from fundraise.outbox import services as outbox
from fundraise.outbox.models import OutboxEvent
from fundraise.reporting import proofs, receipts
from fundraise.reporting.models import Receipt, ReceiptCounter
from tests.reporting.conftest import GiveIt

pytestmark = pytest.mark.django_db

HAS_ONE = "receipts: every received gift has one"
NO_GAPS = "receipts: numbers are contiguous from 1"
LAST = "receipts: the last number given is the last receipt's"
OF_A_GIFT = "receipts: each is of a received gift of its entity"


def found() -> dict[str, Check]:
    return {check.name: check for check in proofs.checks()}


def test_an_empty_house_is_in_order() -> None:
    assert {check.name: check.status for check in proofs.checks()} == dict.fromkeys(
        (HAS_ONE, NO_GAPS, LAST, OF_A_GIFT), "ok"
    )


def test_gifts_with_receipts_are_in_order(received: GiveIt) -> None:
    for _ in range(3):
        receipts.request_receipt(received().pk)
    received(state="pending")
    received(origin="import")
    assert {check.status for check in proofs.checks()} == {"ok"}


def test_a_gift_whose_fact_is_still_in_the_outbox_waits(received: GiveIt) -> None:
    outbox.write("GiftReceived", received().pk)
    check = found()[HAS_ONE]
    assert (check.status, check.actual, check.note) == (
        "waiting",
        1,
        "1 on their way in the outbox",
    )


def test_a_gift_that_nothing_is_on_its_way_for_differs(received: GiveIt) -> None:
    outbox.write("GiftReceived", received().pk)
    OutboxEvent.objects.update(state="failed")
    outbox.write("GiftReceived", received().pk)
    check = found()[HAS_ONE]
    assert (check.status, check.difference) == ("differs", 2)


def test_a_gap_in_the_numbers_differs(received: GiveIt) -> None:
    for _ in range(3):
        receipts.request_receipt(received().pk)
    Receipt.objects.filter(number=3).update(number=4)
    assert (found()[NO_GAPS].status, found()[LAST].status) == ("differs", "differs")


def test_a_counter_that_ran_ahead_differs(received: GiveIt) -> None:
    receipts.request_receipt(received().pk)
    ReceiptCounter.objects.update(last_number=2)
    assert (found()[NO_GAPS].status, found()[LAST].status) == ("ok", "differs")


def test_a_receipt_of_a_gift_without_money_differs(received: GiveIt) -> None:
    gift = received(state="pending", received_at=None)
    ReceiptCounter.objects.create(entity=gift.entity, year=2026, last_number=1)
    Receipt.objects.create(
        gift=gift, entity=gift.entity, year=2026, number=1, language="sv", issued_at=clock.now()
    )
    assert found()[OF_A_GIFT].status == "differs"
