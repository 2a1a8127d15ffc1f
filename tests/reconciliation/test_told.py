"""Disputes, refused draws and other money stand in the queue, once, until they are over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fundraise import clock
from fundraise.gifts.models import Dispute, Gift
from fundraise.reconciliation import exceptions, told
from fundraise.reconciliation.models import QueueItem
from tests.reconciliation.house import ADMIN, make_bank
from tests.reconciliation.test_inbox import OCR, book, donor_with, take
from tests.reconciliation.written import Book, one

pytestmark = pytest.mark.django_db


def queue(code: str) -> list[tuple[str, int | None, str]]:
    rows = QueueItem.objects.filter(code=code).order_by("pk")
    return list(rows.values_list("subject", "amount_ore", "state"))


def test_a_dispute_waits_until_its_last_day_and_leaves_when_it_is_over() -> None:
    bank = make_bank()
    donor_with(OCR, bank)
    book(Book().day(one(100_00, ocr=OCR)))
    due = clock.now() + timedelta(days=9)
    row = Dispute.objects.create(
        gift=Gift.objects.get(), provider_ref="dp_1", amount_ore=100_00, opened_at=clock.now(),
        due_at=due,
    )  # fmt: skip
    assert [told.watch(), told.watch()] == [1, 0]
    waiting = QueueItem.objects.get(code="dispute")
    assert (waiting.entity, waiting.due_on) == (bank.entity, clock.local_date(due))
    Dispute.objects.filter(pk=row.pk).update(state="lost")
    assert told.watch() == 0
    assert queue("dispute") == [(f"dispute:{row.ref}", 100_00, "settled")]


def test_a_statement_in_another_currency_waits_until_it_is_put_right() -> None:
    make_bank()
    file = take(Book().day(one(100_00, ocr=OCR)).replace(b"<Ccy>SEK</Ccy>", b"<Ccy>EUR</Ccy>"))
    assert file.reason == "currency"
    assert told.watch() == 1
    assert queue("currency") == [(f"statement_file:{file.ref}", None, "open")]
    exceptions.settle(QueueItem.objects.get().pk, how="not_ours", by=ADMIN)
    assert told.watch() == 0, "settled by a person: it does not come back"
