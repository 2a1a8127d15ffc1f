"""One receipt per received gift, in the giver's language, with what it must say."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from fundraise import clock
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.ledger.models import LegalEntity
from fundraise.outbox.models import OutboxEvent
from fundraise.reporting import receipts
from fundraise.reporting.models import Receipt, ReceiptCounter
from tests.people import CECILIA, make_campaign, make_fund, make_party
from tests.reporting.conftest import GiveIt

pytestmark = pytest.mark.django_db

BJORN = Giver(name="Björn Åkesson", email="bjorn@exempel.se")
THIS_YEAR = clock.today().year


def receipt_of(gift: Any) -> Receipt:
    receipts.request_receipt(gift.pk)
    return Receipt.objects.get(gift=gift)


def test_a_received_gift_gets_one_receipt_and_one_fact(received: GiveIt) -> None:
    gift = received(BJORN)
    receipts.request_receipt(gift.pk)
    receipts.request_receipt(gift.pk)  # the outbox may tell it twice
    receipt = Receipt.objects.get()
    assert (receipt.gift, receipt.entity_id, receipt.year) == (gift, gift.entity_id, THIS_YEAR)
    assert (receipt.number, str(receipt), receipt.language) == (1, f"{THIS_YEAR}-1", "sv")
    facts = OutboxEvent.objects.values_list("kind", "subject_id", "subscriber")
    assert list(facts) == [("ReceiptReady", receipt.pk, "mailings.subscribers.send_receipt")]


@pytest.mark.parametrize("state", ["pending", "failed", "expired", "void"])
def test_a_gift_whose_money_was_not_seen_gets_none(received: GiveIt, state: str) -> None:
    receipts.request_receipt(received(state=state).pk)
    assert Receipt.objects.count() == 0
    assert OutboxEvent.objects.count() == 0


def test_numbers_run_without_gaps_per_entity(received: GiveIt) -> None:
    district = make_campaign(make_party("skane"), "skane")
    numbers = [receipt_of(received()).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert receipt_of(received(campaign=district, entity_id=district.entity_id)).number == 1
    assert receipt_of(received()).number == 4


def test_a_receipt_that_is_rolled_back_leaves_no_gap(received: GiveIt) -> None:
    gift = received()
    receipts.issue(gift)
    with pytest.raises(IntegrityError), transaction.atomic():
        receipts.issue(gift)  # two tasks at once: the second finds the key taken
    assert ReceiptCounter.objects.get().last_number == 1
    assert receipt_of(received()).number == 2


def test_a_new_year_begins_at_one(received: GiveIt) -> None:
    receipt_of(received())
    clock.use(lambda: timedelta(days=366))
    later = receipt_of(received())
    assert (later.year - THIS_YEAR, later.number) == (1, 1)


def test_the_swedish_receipt_says_what_it_must(received: GiveIt, party: LegalEntity) -> None:
    receipt = receipt_of(received(BJORN))
    mail = receipts.render(receipt)
    assert mail.subject == "Tack för din gåva"
    assert mail.text == (
        "Tack, Björn Åkesson!\n\n"
        "Din gåva på 1\u202f200\u202fkr till ”Två miljoner till valet” har kommit fram.\n\n"
        "Gåva: 1\u202f200\u202fkr\n"
        "Datum: 2 november 2026\n"
        "Insamling: Två miljoner till valet\n"
        "Sätt att ge: Swish\n"
        f"Kvittonummer: {THIS_YEAR}-1\n"
        "Mottagare: Framtidspartiet\n"
        "Organisationsnummer: 802000-0000\n"
        "Telefon: 08-123 45 67\n"
        "På ditt kontoutdrag: FRAMTIDSPARTIET\n\n"
        "Se kvittot på Mina sidor och spara det som PDF:\n"
        f"{settings.BASE_URL}/mina-sidor/kvitto/{receipt.ref}/\n\n"
        "Gåvan ger ingen skattereduktion.\n\n"
        "Är något fel? Skriv till ekonomi@framtidspartiet.example eller ring 08-123 45 67 och"
        " uppge kvittonumret, så rättar vi till det.\n\n"
        "-- \n"
        "Framtidspartiet, organisationsnummer 802000-0000\n"
        "Du får det här mejlet för att du har gett en gåva.\n"
        "Det är ett kvitto och kommer bara en gång, så det finns inget att avsluta.\n"
    )


def test_a_receipt_names_the_fund_as_it_was_where_it_is_one_of_its_own(
    received: GiveIt, campaign: Campaign
) -> None:
    fund = make_fund(campaign.entity)
    campaigns.update_campaign(campaign.pk, by=CECILIA, fund=fund)
    receipt = receipt_of(received(BJORN))
    campaigns.update_fund(fund.pk, by=CECILIA, name_sv="Annat")
    said = "Insamling: Två miljoner till valet\nPengarna går till: Ungdomar\nSätt att ge: Swish\n"
    assert said in receipts.render(receipt).text


def test_the_english_receipt_is_english_throughout(received: GiveIt) -> None:
    mail = receipts.render(receipt_of(received(BJORN, language="en", channel="card")))
    assert mail.subject == "Thank you for your gift"
    assert (
        "Your gift of 1\u202f200\u202fkr to “Two million for the election” has arrived."
        in mail.text
    )
    assert "Date: 2 November 2026\n" in mail.text
    assert "Way of giving: Card\n" in mail.text
    assert '<html lang="en"' in mail.html


def test_the_html_says_every_sentence_of_the_text(received: GiveIt) -> None:
    receipt = receipt_of(received(BJORN))
    mail = receipts.render(receipt)
    assert f'href="{receipts.page_of(receipt)}"' in mail.html
    words = " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", mail.html, flags=re.DOTALL).split())
    for sentence in mail.text.replace("-- \n", "").split("\n"):
        if sentence == receipts.page_of(receipt):
            continue  # the button's
        sentence = sentence.removesuffix(":")
        for part in sentence.split(": ") if sentence.count(": ") == 1 else [sentence]:
            assert " ".join(part.split()) in words


def test_a_tax_reduction_is_told_where_there_is_one(received: GiveIt, party: LegalEntity) -> None:
    LegalEntity.objects.filter(pk=party.pk).update(tax_reduction=True)
    text = receipts.render(receipt_of(received(BJORN))).text
    assert "Gåvan kan räknas in i skattereduktionen för gåvor." in text
    assert "ingen skattereduktion" not in text
    small = receipts.render(receipt_of(received(BJORN, amount_ore=199_99))).text
    assert "Gåvan kan räknas in" not in small
    assert "tillsammans minst 2\u202f000\u202fkr under ett år" in small


def test_cash_stands_on_no_bank_statement(received: GiveIt) -> None:
    assert "kontoutdrag" not in receipts.render(receipt_of(received(BJORN, channel="cash"))).text


@pytest.mark.parametrize(
    "name", ["", "Vinn nu på www.bluff.example", "http://bluff.example", "x" * 81]
)
def test_a_name_that_is_none_is_not_greeted(received: GiveIt, name: str) -> None:
    mail = receipts.render(receipt_of(received(Giver(name=name, email="a@exempel.se"))))
    assert mail.text.startswith("Tack!\n\n")
    assert "bluff" not in mail.text + mail.html


def test_what_a_giver_typed_is_text_and_nothing_else(received: GiveIt) -> None:
    evil = Giver(name="<mj-image x='1'> {{ settings }} <script>alert(1)<", email="a@exempel.se")
    html = receipts.render(receipt_of(received(evil))).html
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;" in html
    assert "{{ settings }}" in html


def test_the_mail_asks_nothing_of_third_parties_and_shows_no_pictures(received: GiveIt) -> None:
    receipt = receipt_of(received(BJORN))
    html = receipts.render(receipt).html
    assert "<img" not in html
    fetched = re.findall(r"(?:src|href)=\"([^\"]+)\"|url\(([^)]+)\)|@import", html)
    assert fetched == [(receipts.page_of(receipt), "")]  # a link, which nobody follows by itself
    assert "max-width:600px" in html
    assert "font-size:17px" in html
    assert "prefers-color-scheme: dark" in html


def test_the_subject_and_the_repr_hold_nothing_about_the_giver(received: GiveIt) -> None:
    mail = receipts.render(receipt_of(received(BJORN)))
    assert repr(mail) == "RenderedReceipt('Tack för din gåva')"


def test_the_database_refuses_a_number_twice(received: GiveIt) -> None:
    first = receipt_of(received())
    with pytest.raises(IntegrityError, match="receipt_number_once"), transaction.atomic():
        Receipt.objects.create(
            gift=received(),
            entity_id=first.entity_id,
            year=first.year,
            number=1,
            issued_at=clock.now(),
        )
    assert connection.is_usable()
