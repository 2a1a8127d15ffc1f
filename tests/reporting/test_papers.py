"""Receipts as PDF: tagged, in two languages, and the same bytes for ever."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError

from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.reporting import receipts
from fundraise.reporting.models import KeptPaper, Receipt
from fundraise.reporting.papers import pdf, services, words
from tests.reporting.conftest import GiveIt
from tests.reporting.pdfs import unpacked

pytestmark = pytest.mark.django_db
BJORN = Giver(name="Björn Åkesson", email="bjorn@exempel.se")
ASKED = "staff:david"

# A template that papers were made with stays as it was: a better one gets the next number.
USED = {
    "receipt-1": "40918c31237403a1464207f8eb08efd614d90b42659a1bde52950b4e7f509c9f",
    "statement-1": "edd1dc987aa8c6a56259589befdd02b3a993f2866aa3f75079de94056a7b0b2f",
    "statements-1": "300845f40fedaa3baac8e6533e8a69191c40d2f47f19e94ebc0e61546d2424c8",
}


def receipt_of(gift: Gift) -> Receipt:
    receipts.request_receipt(gift.pk)
    return Receipt.objects.get(gift=gift)


@pytest.mark.parametrize(("language", "title"), [("sv", "Kvitto"), ("en", "Receipt")])
def test_a_receipt_is_a_tagged_pdf_with_language_and_title(
    received: GiveIt, language: str, title: str
) -> None:
    receipt = receipt_of(received(BJORN))
    paper = services.receipt_pdf(receipt, language, by=ASKED)
    inside = unpacked(paper.content)
    assert paper.content.startswith(b"%PDF-1.7")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"<pdfuaid:part>1</pdfuaid:part>"):
        assert mark in inside
    assert f"/Lang({language})".encode() in inside
    assert f"{title} {receipt}".encode() in inside
    assert paper.name == f"{title.lower()}-{receipt.year}-{receipt.number}.pdf"
    assert "Björn" not in repr(paper) + paper.name


def test_whoever_asks_again_gets_the_same_bytes_whatever_has_changed(
    received: GiveIt, party: LegalEntity, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = receipt_of(received(BJORN))
    first = services.receipt_pdf(receipt, "sv", by=ASKED)
    LegalEntity.objects.filter(pk=party.pk).update(name="Ett annat namn", phone="0")
    monkeypatch.setattr(pdf, "render", lambda *_a: b"%PDF of a newer template")
    assert services.receipt_pdf(receipt, "sv", by=ASKED) == first
    assert KeptPaper.objects.get().template == 1
    assert b"%PDF" not in bytes(KeptPaper.objects.get().sealed)


def test_the_same_words_give_the_same_bytes_on_any_day(received: GiveIt) -> None:
    receipt = receipt_of(received(BJORN))
    first = services.receipt_pdf(receipt, "sv", by=ASKED)
    KeptPaper.objects.all().delete()
    assert services.receipt_pdf(receipt, "sv", by=ASKED) == first


def test_a_paper_names_the_payee_as_the_receipt_was_issued(
    received: GiveIt, party: LegalEntity
) -> None:
    receipt = receipt_of(received(BJORN))
    LegalEntity.objects.filter(pk=party.pk).update(name="Ett annat namn")
    said = words.of_receipt(Receipt.objects.get(pk=receipt.pk), "sv", by=ASKED)
    assert said["payee"] == "Framtidspartiet"
    assert ["Ett annat namn" in str(value) for value in said.values()] == [False] * len(said)


@pytest.mark.parametrize("channel", ["card", "swish", "swish_number", "bank", "cash", "autogiro"])
def test_there_is_a_receipt_whatever_way_a_gift_came(received: GiveIt, channel: str) -> None:
    gift = received(BJORN, channel=channel, origin="staff" if channel == "cash" else "pledge")
    receipt = receipts.of_gift(gift.pk, by=ASKED)
    assert receipt is not None
    said: Any = words.of_receipt(receipt, "sv", by=ASKED)
    facts = dict(said["facts"])
    assert said["sum"] == "1\u202f200\u202fkr"
    assert facts["Givare"] == "Björn Åkesson"
    assert facts["Kvittonummer"] == str(receipt)
    assert facts["Sätt att ge"] == str(gift.get_channel_display())


def test_a_receipt_that_is_asked_for_is_made_once_and_not_mailed(received: GiveIt) -> None:
    from fundraise.outbox.models import OutboxEvent

    gift = received(BJORN, origin="pledge", channel="autogiro")
    assert receipts.of_gift(gift.pk, by=ASKED) == receipts.of_gift(gift.pk, by=ASKED)
    assert Receipt.objects.count() == 1
    assert not OutboxEvent.objects.filter(kind="ReceiptReady").exists()


@pytest.mark.parametrize(
    "fields", [{"state": "pending", "received_at": None}, {"origin": "import"}]
)
def test_no_receipt_is_made_of_what_has_none(received: GiveIt, fields: dict[str, Any]) -> None:
    assert receipts.of_gift(received(BJORN, **fields).pk, by=ASKED) is None
    assert Receipt.objects.count() == 0


def test_templates_that_have_been_used_are_never_changed() -> None:
    found = {path.stem: sha256(path.read_bytes()).hexdigest() for path in pdf.FOLDER.glob("*.typ")}
    assert found == USED
    assert {f"{kind}-{number}" for kind, number in pdf.NOW.items()} <= set(USED)


def test_a_receipt_that_was_a_moment_earlier_is_the_one(
    received: GiveIt, monkeypatch: pytest.MonkeyPatch
) -> None:
    gift = received(BJORN)
    first = receipt_of(gift)

    def beaten(_gift_id: int, _by: str) -> Receipt:
        raise IntegrityError("the gift has a receipt")

    monkeypatch.setattr(receipts, "_asked_for", beaten)
    assert receipts.of_gift(gift.pk, by=ASKED) == first
