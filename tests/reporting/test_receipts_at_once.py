"""Receipts issued by several workers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from fundraise.reporting import receipts
from fundraise.reporting.models import Receipt
from tests.reporting.conftest import GiveIt


def request(gift_id: int) -> str:
    try:
        receipts.request_receipt(gift_id)
    except IntegrityError:
        return "refused"  # the outbox tries again and finds the receipt
    finally:
        connection.close()
    return "done"


@pytest.mark.django_db(transaction=True)
def test_eight_workers_leave_one_receipt_per_gift_and_no_gap(received: GiveIt) -> None:
    gifts = [received().pk for _ in range(12)]
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(request, gifts * 3))
    assert sorted(Receipt.objects.values_list("gift_id", flat=True)) == gifts
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, 13))
