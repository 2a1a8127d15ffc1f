"""One appeal from the list to its krona: sent to the stand-in for SendGrid, read in its inbox as a
person reads it, clicked, given from; and what a scanner does with it, which is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from donors import queries as donors
from donors.models import LegalBasis
from fundraise import clock
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts.models import Gift
from fundraise.outbox import services as outbox
from mailings.appeals.models import Appeal, Content, Fate, Message
from mailings.appeals.services import drafting, finishing, writing
from mailings.attribution import results
from mailings.composing import sheets
from mailings.mail_events import taking
from mailings.mail_events.models import Arrival
from mailings.suppressions.models import Suppression
from tests.browser.conftest import NewPage
from tests.browser.test_paying import hear, pay, press, running, stripe  # noqa: F401
from tests.mailings.appeals import house
from tests.people import CECILIA
from tests.sendgrid_stand_in import API_KEY, SendGridStandIn
from tests.stripe_stand_in import StripeStandIn

ANNA, SCANNED = "anna.lind@example.org", "scanner.svensson@example.org"


WORDS = {
    "subject": "Kan vi räkna med dig?",
    "preheader": "En gåva nu gör att vi kan planera.",
    "blocks": [
        {"id": "b1", "kind": "heading", "text": "Hej {{first_name|vän}}!"},
        {"id": "b2", "kind": "text", "text": "Det vi gör de närmaste veckorna avgör valet. " * 5},
        {"id": "b3", "kind": "ask", "period": "once", "base": "last", "text": "Välj ett belopp."},
    ],
}


@pytest.fixture(scope="module")
def posting(live_server: Any) -> Iterator[SendGridStandIn]:
    with SendGridStandIn(f"{live_server.url}/webhooks/sendgrid/demo") as stand_in:
        yield stand_in


@pytest.fixture
def sendgrid(posting: SendGridStandIn, settings: Any) -> SendGridStandIn:
    """The stand-in, empty, as what appeals leave by."""
    posting.reset()
    settings.SENDGRID_HOST, settings.SENDGRID_API_KEY = posting.address, API_KEY
    settings.SENDGRID_ACCOUNT = "demo"
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = [posting.public_key]
    settings.APPEAL_SENDER = "sendgrid"
    return posting


@pytest.fixture
def appeal(campaign: Campaign, site: str, sendgrid: SendGridStandIn) -> Appeal:
    """Sent to Anna and to somebody whose mail a machine reads first."""
    for number, email in enumerate((ANNA, SCANNED)):
        house.person(number, email=email)
    made = drafting.new_appeal(campaign=campaign, title="Sista veckan", by=CECILIA)
    writing.save_words(
        appeal_id=made.pk, letter="A", language="sv", sheet=sheets.read(WORDS), edition=0,
        by=CECILIA,
    )  # fmt: skip
    Content.objects.update(from_email="hej@party.example", from_name="Framtidspartiet")
    sent = house.released(made)
    assert house.send_all(sent) >= 1
    return sent


def events_are_read(sendgrid: SendGridStandIn) -> None:
    sendgrid.wait()
    taking.take_waiting()


def give_from_the_mail(page: Page, sendgrid: SendGridStandIn) -> None:
    """As a person does: open the mail in the inbox, press the first sum, pay."""
    mail = sendgrid.mail_to(ANNA)
    page.goto(f"{sendgrid.address}/mail/{mail['id']}")
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").first.locator("a[href*='belopp=']").first.click()
    form = opened.value
    expect(form.locator("#name")).to_be_visible()
    form.locator("#name").fill("Anna0 Lind")
    form.locator("#email").fill(ANNA)
    form.locator("#register").check()
    press(form)
    pay(form)
    expect(form.get_by_role("heading", name="Tack från Framtidspartiet")).to_be_visible()


def test_an_appeal_is_read_clicked_and_given_from_and_its_krona_is_seen_everywhere(
    appeal: Appeal,
    sendgrid: SendGridStandIn,
    stripe: StripeStandIn,  # noqa: F811 - the fixture
    new_page: NewPage,
) -> None:
    give_from_the_mail(new_page(), sendgrid)
    hear(stripe)
    outbox.deliver_due(clock.real_now(), most=100)
    events_are_read(sendgrid)

    gift = Gift.objects.get()
    figures = results.result(appeal).total
    assert (figures.mails, figures.gifts, figures.givers) == (2, 1, 1)
    assert figures.received_ore == gift.amount_ore == Thermometer.objects.get().received_ore
    assert [
        (one.pk, total.received_ore) for one, total in results.of_campaign(appeal.campaign)
    ] == [(appeal.pk, gift.amount_ore)]
    assert finishing.finish(appeal.pk) is True


def test_a_scanner_follows_every_link_at_once_and_changes_nothing(
    appeal: Appeal, sendgrid: SendGridStandIn
) -> None:
    events_are_read(sendgrid)

    (scanned,) = donors.find_by_email(SCANNED)
    seq = Message.objects.get(appeal=appeal, donor_id=scanned.pk).seq
    assert Arrival.objects.exists()
    assert not Fate.objects.filter(appeal=appeal, human_click_at__isnull=False).exists()
    assert not Fate.objects.filter(appeal=appeal, seq=seq, unsubscribed_at__isnull=False).exists()
    assert (Suppression.objects.count(), Gift.objects.count()) == (0, 0)
    refused = LegalBasis.objects.exclude(withdrawn_at=None, objection_at=None, ended_at=None)
    assert not refused.exists()
