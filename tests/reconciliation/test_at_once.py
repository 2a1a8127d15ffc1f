"""Two treasurers say at the same time that two lines are the same payout's."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from fundraise.reconciliation import deciding
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.models import Item, Kind, Match
from tests.campaigns.test_funds_at_once import somebody_waits
from tests.reconciliation.house import make_bank
from tests.reconciliation.test_inbox import book
from tests.reconciliation.test_payouts_back import left_in_transit, paid_out
from tests.reconciliation.written import DAY, Book, one

pytestmark = pytest.mark.django_db(transaction=True)


def said(item: int, choice: Choice) -> str:
    """What became of it, on a connection of its own."""
    try:
        deciding.decide(item, choice, by="staff:8")
    except DecideError as error:
        return error.code
    finally:
        connection.close()
    return ""


def test_the_second_waits_and_is_told_that_nothing_is_left() -> None:
    bank, late = make_bank(), DAY + timedelta(days=20)
    payout = paid_out(bank)
    book(Book().day(one(900_00, name="A", day=late), one(900_00, name="B", day=late), day=late))
    first, second = Item.objects.order_by("pk").values_list("pk", flat=True)
    choice = Choice(Kind.PAYOUT, payout=payout)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            deciding.decide(first, choice, by="staff:7")
            waiting = pool.submit(said, second, choice)
            while not somebody_waits():
                assert not waiting.done(), waiting.result()
                time.sleep(0.01)
        assert waiting.result() == "stale"
    assert Match.objects.filter(state="stands").count() == 1
    assert left_in_transit(bank) == (-900_00, -900_00)
