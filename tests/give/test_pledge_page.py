from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import queries as gifts
from fundraise.gifts.models import Gift
from fundraise.pledges import signed
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.services import mandates, starting
from fundraise.pledges.services.mandates import Said
from fundraise.providers.models import Account
from tests.give.form import Answer, hidden
from tests.give.monthly import NUMBER, only_pledge, open_monthly, sign_up


def text_of(answer: Answer) -> str:
    text = html.unescape(answer.content.decode()).replace("\u202f", " ")
    return re.sub(r"\s+", " ", text)


def test_the_page_tells_sum_days_and_state_and_names_nobody(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    sign_up(client)
    pledge, _mandate = only_pledge()
    answer = client.get(f"/manadsgava/{pledge.ref}/")
    page = text_of(answer)
    assert "Väntar på din bank" in page
    assert '<p class="big">200 kr <small>varje månad</small></p>' in page
    assert "det tar en till sex bankdagar" in page
    for secret in ("Björn", "bjorn@example.org", "5102", "9874", "SEB", "/medgivande/"):
        assert secret not in page
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_steps_follow_the_mandate(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    sign_up(client)
    pledge, mandate = only_pledge()
    own = f"/en/monthly/{pledge.ref}/"
    assert "Is sent to your bank" in text_of(client.get(own))
    mandates.mark_sent([mandate.pk], clock.now())
    assert "<strong>Sent to your bank</strong>" in text_of(client.get(own))
    mandates.approved(mandate.pk, Said("04+32"))
    page = text_of(client.get(own))
    assert "All is ready" in page
    assert "<strong>Approved by your bank</strong>" in page


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_state_has_its_words(client: Client, campaign: Campaign, language: str) -> None:
    open_monthly(campaign)
    sign_up(client)
    pledge, mandate = only_pledge()
    own = f"/manadsgava/{pledge.ref}/" if language == "sv" else f"/en/monthly/{pledge.ref}/"
    mandates.mark_sent([mandate.pk], clock.now())
    mandates.refused(mandate.pk, Said("04+02"))
    said = {"sv": "Det går inte att dra från kontot", "en": "The account can't be drawn on"}
    assert said[language] in text_of(client.get(own))
    starting.disown(pledge.pk)
    said = {"sv": "Det är stoppat", "en": "It is stopped"}
    assert said[language] in text_of(client.get(own))


def test_who_just_signed_up_may_read_the_mandate_and_take_it_as_a_pdf(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    page = client.get(sign_up(client)["Location"])
    paper, pdf = re.findall(r'href="https?://[^/]+(/medgivande/[^"]+)"', text_of(page))
    read = text_of(client.get(paper))
    for said in ("Björn Berg", "SEB 5102-…751", "19811228-****", "991-2346", "200 kr varje månad",
                 "betaltjänstleverantör", "senast åtta bankdagar före förfallodagen"):  # fmt: skip
        assert said in read
    assert NUMBER not in read
    made = client.get(pdf)
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF-")
    assert re.fullmatch(r'inline; filename="medgivande-\w{8}\.pdf"', made["Content-Disposition"])
    assert client.get("/medgivande/?key=forged").status_code == 404


def test_one_gift_may_be_given_beside_the_waiting_mandate(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    Account.objects.create(
        entity=campaign.entity, provider="swish_number", slug="nr", name="Swish",
        external_id="1230000018",
    )  # fmt: skip
    page = client.get(sign_up(client)["Location"])
    pledge, _mandate = only_pledge()
    assert "Ge 200 kr en gång med Swish" in text_of(page)
    sent = {"ny": hidden(page, "ny"), "way": "swish_number"}
    path = f"/manadsgava/{pledge.ref}/forsta-gava/"
    first = client.post(path, sent)
    gift = Gift.objects.get()
    assert first["Location"] == f"/gava/{gift.ref}/"
    assert (gift.amount_ore, gift.campaign_id) == (20_000, campaign.pk)
    giver = gifts.giver_of(gift.pk)
    assert giver is not None
    assert giver.email == "bjorn@example.org"
    assert client.post(path, sent)["Location"] == first["Location"]
    assert Gift.objects.count() == 1
    assert Pledge.objects.get().state == "pending"


def test_the_gift_beside_it_takes_only_the_ways_that_the_page_offers(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    page = client.get(sign_up(client)["Location"])
    pledge, _mandate = only_pledge()
    fresh = hidden(page, "ny")
    for way in ("autogiro", "\x00", "card", "manual", ""):
        answer = client.post(f"/manadsgava/{pledge.ref}/forsta-gava/", {"ny": fresh, "way": way})
        assert answer.status_code == 303
        assert answer["Location"].startswith(f"/manadsgava/{pledge.ref}/?ny=")
    assert Gift.objects.count() == 0


def test_nobody_else_begins_a_gift_in_the_donors_name(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    sign_up(client)
    pledge, mandate = only_pledge()
    path = f"/manadsgava/{pledge.ref}/forsta-gava/"
    for token in ("", signed.token("mandate", mandate.ref), signed.token("fresh", mandate.ref)):
        answer = client.post(path, {"ny": token, "way": "stripe"})
        assert answer["Location"] == f"/manadsgava/{pledge.ref}/"
    assert Gift.objects.count() == 0


def test_it_was_not_me_shows_a_button_and_the_button_stops_it_at_once(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    sign_up(client)
    _pledge, mandate = only_pledge()
    path = f"/inte-jag/?key={signed.token('disown', mandate.ref)}"
    page = client.get(path)
    assert "Det var inte jag: stoppa det" in text_of(page)
    assert "Björn" not in text_of(page)
    assert Pledge.objects.get().state == "pending"
    assert client.post(path)["Location"] == path
    ended, over = Pledge.objects.get(), Mandate.objects.get()
    assert (ended.state, ended.end_reason, over.state) == ("ended", "not_me", "ended")
    assert "Anmälan och dess medgivande är avslutade" in text_of(client.get(path))
    assert client.post(path).status_code == 303
    assert client.get("/inte-jag/?key=forged").status_code == 410


def test_another_sites_page_can_stop_and_sign_nothing(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    sign_up(client)
    _pledge, mandate = only_pledge()
    path = f"/inte-jag/?key={signed.token('disown', mandate.ref)}"
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert Pledge.objects.get().state == "pending"
