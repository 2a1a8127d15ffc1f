"""One appeal from the list to its krona: sent to the stand-in for SendGrid, read in its inbox as a
person reads it, clicked, given from; and what a scanner does with it, which is nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from donors import queries as donors
from donors import services as donor_services
from donors.models import LegalBasis
from fundraise import clock
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts.models import Gift
from fundraise.outbox import services as outbox
from fundraise.pledges.models import PayerRange, Pledge
from mailings.appeals.models import Appeal, Content, Fate, Message
from mailings.appeals.services import drafting, finishing, waves, writing
from mailings.attribution import behind, results
from mailings.attribution.models import RaiseTouch
from mailings.composing import sheets
from mailings.mail_events import taking
from mailings.mail_events.models import Arrival
from mailings.suppressions.models import Suppression
from tests.browser.conftest import NewPage
from tests.browser.test_paying import hear, pay, press, running, stripe  # noqa: F401
from tests.mailings.appeals import house
from tests.people import CECILIA
from tests.pledging import House
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


# --- A monthly gift raised from a mail ------------------------------------------------------------
def raise_words(site: str) -> dict[str, Any]:
    button = {"kind": "button", "text": "Höj till {{raise_sum|ett nytt belopp}}"}
    return {
        "subject": "Ett år med din månadsgåva",
        "preheader": "Tack. Får vi fråga om en sak?",
        "blocks": [
            {"id": "b1", "kind": "heading", "text": "{{greeting|Hej}}!"},
            {"id": "b2", "kind": "text", "text": "Priserna har stigit sedan du började. " * 8},
            {"id": "b3", **button, "link": f"{site}/mina-sidor/hoj/"},
            {"id": "b4", "kind": "ask", "period": "monthly", "base": "last", "text": "Välj:"},
        ],
    }


@pytest.fixture
def pledge(campaign: Campaign) -> Pledge:
    """Anna's, by autogiro, in force; she agreed to be asked by what she gives, and followed."""
    anna = house.person(0, email=ANNA)
    for purpose in ("targeting", "tracking"):
        wording = donor_services.publish_wording(
            purpose=purpose, text_sv="Ja", text_en="Yes", from_date=clock.today(), by=CECILIA
        )
        donor_services.give_consent(
            donor_id=anna.pk, wording=wording, source="web", proof="x", by=CECILIA
        )
    giving = House(clock.today(), 10)
    giving.entity, giving.campaign = campaign.entity, campaign
    PayerRange.objects.create(entity=campaign.entity, first=1_000_000, last=9_999_999)
    made = giving.active()
    Pledge.objects.filter(pk=made.pk).update(donor=anna)
    return made


def raise_appeal(campaign: Campaign, site: str) -> Appeal:
    made = drafting.new_appeal(
        campaign=campaign, title="Lite mer", by=CECILIA, without_monthly=False, drop_givers=False
    )
    writing.save_words(
        appeal_id=made.pk, letter="A", language="sv", sheet=sheets.read(raise_words(site)),
        edition=0, by=CECILIA,
    )  # fmt: skip
    Content.objects.update(from_email="hej@party.example", from_name="Framtidspartiet")
    sent = house.released(made)
    while house.send_all(sent) or waves.release_next(sent.pk):
        pass
    return sent


def links_in(mail: Any, site: str) -> list[str]:
    found: list[str] = re.findall(rf"{site}(/l/[^\s]+)", mail["text"])
    return found


def test_a_monthly_gift_is_raised_by_one_button_behind_a_mails_link_and_counted_to_it(
    campaign: Campaign, pledge: Pledge, site: str, sendgrid: SendGridStandIn, client: Client
) -> None:
    house.person(1, email=SCANNED)
    appeal = raise_appeal(campaign, site)
    mail, other = sendgrid.mail_to(ANNA), sendgrid.mail_to(SCANNED)
    assert "Höj till 220 kr:" in mail["text"].replace("\u202f", " ")
    assert "Höj till ett nytt belopp:" in other["text"]
    assert "220" not in mail["subject"]

    # Who gives nothing every month is led where she can begin; nobody's gift is in her links.
    their = [client.get(path)["Location"].split("?")[0] for path in links_in(other, site)]
    assert their[:2] == ["/mina-sidor/", f"{site}/{campaign.slug}/"] or their[:2] == [
        f"{site}/mina-sidor/", f"{site}/{campaign.slug}/",
    ]  # fmt: skip
    assert "key=&" not in other["text"]

    led = [client.get(path)["Location"] for path in links_in(mail, site)]
    assert [where.split("?")[0] for where in led[:4]] == [f"{site}/mina-sidor/hoj/"] * 4
    page = client.get(led[0].removeprefix(site))
    html = page.content.decode().replace("\u202f", " ")
    assert "Höj från 200 kr till 220 kr" in html
    assert (
        re.search("anna|8327|autogiro", html, re.IGNORECASE) is None
    )  # also to who got it passed on
    assert "Höj från 200 kr till 250 kr" in client.get(
        led[1].removeprefix(site)
    ).content.decode().replace("\u202f", " ")
    pledge.refresh_from_db()
    assert (pledge.amount_ore, pledge.changes.count()) == (200_00, 0)  # looking raises nothing

    sent = {name: re.search(rf'name="{name}" value="([^"]+)"', html)[1] for name in ("key", "ref")}  # type: ignore[index]
    for _ in range(2):  # the double click
        assert client.post("/mina-sidor/hoj/", {**sent, "do": "raise"}).status_code == 200
    pledge.refresh_from_db()
    assert (pledge.amount_ore, pledge.changes.count()) == (220_00, 1)
    outbox.deliver_due(clock.real_now(), most=100)
    touch = RaiseTouch.objects.get()
    own = Message.objects.get(appeal=appeal, donor_id=pledge.donor_id or 0)
    assert (touch.way, touch.appeal, touch.seq, touch.passed_on) == ("link", appeal, own.seq, False)
    figures = results.result(appeal).total
    assert (figures.raised_monthly, figures.raised_month_ore) == (1, 20_00)
    assert (figures.new_monthly, figures.received_ore) == (0, 0)
    assert list(behind.rows(appeal, "raised_month_ore")) == [pledge]

    client.post("/mina-sidor/hoj/", {**sent, "do": "undo"})
    assert results.result(appeal).total.raised_monthly == 0
    tried = client.get("/mina-sidor/hoj/?key=test").content.decode()
    assert "Det här var ett testmejl" in tried
