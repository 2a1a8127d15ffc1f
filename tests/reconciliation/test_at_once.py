"""Two treasurers say at the same time that two lines are the same payout's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from fundraise import clock
from fundraise.providers.models import Payout
from fundraise.reconciliation import deciding
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.inbox import booking_files
from fundraise.reconciliation.models import Item, Kind, Match
from tests import queueing
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


def matched(pk: int, payout: Payout) -> str:
    """What became of it where a rule says so, when open items are looked at again."""
    try:
        with transaction.atomic():
            item = Item.objects.select_related("account__entity", "account__ledger_account").get(
                pk=pk
            )
            match = Match.objects.create(
                item=item, kind=Kind.PAYOUT, payout=payout, state="stands", by="system:rules",
                made_at=clock.now(),
            )  # fmt: skip
            booking_files.book_items([item])
            match.refresh_from_db()
            return str(match.state)
    finally:
        connection.close()


def test_the_second_waits_and_is_told_that_nothing_is_left() -> None:
    bank, late = make_bank(), DAY + timedelta(days=20)
    payout = paid_out(bank)
    book(Book().day(one(900_00, name="A", day=late), one(900_00, name="B", day=late),
                    one(900_00, name="C", day=late), day=late))  # fmt: skip
    first, second, third = Item.objects.order_by("pk").values_list("pk", flat=True)
    choice = Choice(Kind.PAYOUT, payout=payout)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            deciding.decide(first, choice, by="staff:7")
            waiting = pool.submit(said, second, choice)
            queueing.until_it_waits(waiting)
            by_rule = pool.submit(matched, third, payout)
            queueing.until_it_waits(by_rule, among=2)
        assert (waiting.result(), by_rule.result()) == ("stale", "undone")
    assert Match.objects.filter(state="stands").count() == 1
    assert left_in_transit(bank) == (-900_00, -1_800_00), "two lines are somebody's matter"
