"""Many who book at once: no gap, no double, no thermometer that drifts, no ring of waiters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from fundraise.campaigns.models import Thermometer
from fundraise.gifts.giver import Giver
from fundraise.gifts.refunds import request_refund
from fundraise.ledger.models import Journal
from fundraise.providers.by_hand import ManualGift, confirm_refund_by_hand, record_manual_gift
from tests.people import DAVID, NOON, make_campaign, make_party
from tests.proofs import differing


@pytest.mark.django_db(transaction=True)
def test_eight_who_book_at_once_leave_contiguous_numbers_and_true_sums() -> None:
    party, district = make_party(), make_party("district")
    campaigns = [make_campaign(party), make_campaign(district, "distriktet")]
    given = ManualGift(campaigns[0], 100_00, "bank", NOON, "", DAVID)

    def book(number: int) -> Any:
        try:
            giver = Giver(name="G", email=f"giver{number % 7}@example.org")
            gift = record_manual_gift(
                replace(given, campaign=campaigns[number % 2], proof=f"{number}", giver=giver)
            )
            if number % 5 == 0:
                refund = request_refund(gift.pk, amount_ore=100_00, reason="", by=DAVID)
                confirm_refund_by_hand(refund, NOON, f"r{number}", DAVID)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(book, range(80)))
    assert Journal.objects.count() == 80 + 16
    sums = dict(Thermometer.objects.values_list("campaign__slug", "received_ore"))
    assert sums == {"valet": 32 * 100_00, "distriktet": 32 * 100_00}
    assert differing() == []
