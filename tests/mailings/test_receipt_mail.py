"""From a received gift to a mail in the giver's box: once."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.giver import Giver
from fundraise.gifts.services import NewGift
from fundraise.outbox import tasks as outbox
from mailings import subscribers, tasks
from mailings.models import TransactionalMessage
from tests.people import NOON, make_campaign, make_party

pytestmark = pytest.mark.django_db

BJORN = Giver(name="Björn Åkesson", email="bjorn@exempel.se")


@pytest.fixture(autouse=True)
def only_the_receipt(settings: Any) -> None:
    settings.OUTBOX_SUBSCRIBERS = {
        "GiftStarted": [],
        "GiftReceived": ["fundraise.reporting.receipts.request_receipt"],
        "ReceiptReady": ["mailings.subscribers.send_receipt"],
    }


def give(giver: Giver) -> int:
    gift = gifts.begin_gift(
        NewGift(campaign=make_campaign(make_party()), amount_ore=200_00, giver=giver)
    )
    seen = gifts.Receipt(
        channel="card",
        amount_ore=200_00,
        provider_ref="pi_1",
        received_at=NOON,
        movement=Movement(source="charge:ch_1", at=NOON, by="test"),
    )
    assert gifts.record_gift(gift.pk, seen) is True
    assert gifts.record_gift(gift.pk, seen) is False
    return gift.pk


def sweep_all() -> None:
    for _time in range(2):  # the receipt is a fact of its own
        outbox.sweep()
        tasks.sweep()


def mails(folder: Path) -> list[Any]:
    found = sorted(folder.glob("*.eml"))
    return [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in found]


def test_one_gift_is_one_mail_to_its_giver(settings: Any) -> None:
    give(BJORN)
    sweep_all()
    sweep_all()
    (mail,) = mails(settings.MAIL_DIR)
    assert (mail["To"], mail["Reply-To"]) == (
        "bjorn@exempel.se",
        "ekonomi@framtidspartiet.example",
    )
    assert "Åkesson" not in str(mail["Subject"]) + str(mail["Message-ID"])
    assert "200\u202fkr" in mail.get_body(("plain",)).get_content()
    assert TransactionalMessage.objects.get().state == "sent"


def test_the_fact_told_twice_is_still_one_mail(settings: Any) -> None:
    give(BJORN)
    sweep_all()
    row = TransactionalMessage.objects.get()
    from fundraise.reporting.models import Receipt

    with transaction.atomic():
        subscribers.send_receipt(Receipt.objects.get().pk)
    sweep_all()
    assert TransactionalMessage.objects.get().pk == row.pk
    assert len(mails(settings.MAIL_DIR)) == 1


def test_a_giver_without_an_address_has_a_receipt_but_no_mail(settings: Any) -> None:
    give(Giver(name="Eva"))
    sweep_all()
    from fundraise.reporting.models import Receipt

    assert Receipt.objects.count() == 1
    assert TransactionalMessage.objects.count() == 0
    assert mails(settings.MAIL_DIR) == []
