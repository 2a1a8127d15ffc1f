from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.give.presets import read_preset
from fundraise.give.tokens import read_token
from fundraise.pledges.models import Pledge
from fundraise.providers import services as providers
from fundraise.providers.models import Account, Attempt
from tests.browser.faces import gift_faces, make_gift, open_attempt
from tests.give.form import hidden


def text_of(client: Client, gift: Gift | UUID, query: str = "", language: str = "sv") -> str:
    ref = gift.ref if isinstance(gift, Gift) else gift
    path = f"/en/gift/{ref}/" if language == "en" else f"/gava/{ref}/"
    response = client.get(path + query)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.cookies == {}
    return " ".join(unescape(response.content.decode()).replace("\u202f", " ").split())


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page)
    assert found is not None
    return found[1].strip()


@pytest.mark.parametrize(
    ("face", "swedish", "english"),
    [
        ("waiting", "Vi väntar på besked från din bank", "We are waiting to hear from your bank"),
        (
            "unknown",
            "Vi väntar på besked och mejlar dig",
            "We are waiting for an answer and will e-mail you",
        ),
        ("open", "Vi väntar på din gåva", "We are waiting for your gift"),
        (
            "declined-once",
            "Banken sa nej. Inga pengar har dragits.",
            "The bank said no. No money has been taken.",
        ),
        (
            "declined-twice",
            "Banken sa nej igen. Inga pengar har dragits.",
            "The bank said no again. No money has been taken.",
        ),
        ("received", "Tack från Framtidspartiet", "Thank you from Framtidspartiet"),
        ("partly-refunded", "Tack från Framtidspartiet", "Thank you from Framtidspartiet"),
        (
            "refunded",
            "Gåvan har skickats tillbaka till dig",
            "The gift has been sent back to you",
        ),
        (
            "failed",
            "Gåvan gick inte igenom. Inga pengar har dragits.",
            "The gift did not go through. No money has been taken.",
        ),
        (
            "expired",
            "Tiden gick ut. Inga pengar har dragits.",
            "Time ran out. No money has been taken.",
        ),
        (
            "void",
            "Den här gåvan är makulerad. Inga pengar har dragits.",
            "This gift was called off. No money has been taken.",
        ),
        ("swish", "Swisha 200 kr till vårt nummer", "Swish 200 kr to our number"),
    ],
)
def test_each_state_has_its_true_page(
    client: Client, campaign: Campaign, face: str, swedish: str, english: str
) -> None:
    Account.objects.create(
        entity=campaign.entity,
        provider="swish_number",
        slug="s",
        name="S",
        external_id="1231231231",
    )
    ref = gift_faces(campaign)[face]
    assert heading(text_of(client, ref)) == swedish
    assert heading(text_of(client, ref, language="en")) == english


def test_the_way_back_of_somebody_who_stopped_is_calm(client: Client, campaign: Campaign) -> None:
    gift = make_gift(campaign)
    open_attempt(gift, "https://checkout.stripe.com/c/pay/cs_9")
    page = text_of(client, gift, "?avbruten=1")
    assert heading(page) == "Du avbröt. Inga pengar har dragits."
    assert 'href="https://checkout.stripe.com/c/pay/cs_9"' in page
    assert "Fortsätt och ge 200 kr" in page
    assert "Ändra belopp eller sätt att ge" in page


def test_the_page_shows_sum_and_state_and_no_person(client: Client, campaign: Campaign) -> None:
    for ref in gift_faces(campaign).values():
        page = text_of(client, ref)
        assert "200 kr" in page
        assert "Björn" not in page
        assert "bjorn" not in page
        assert '<meta name="robots" content="noindex">' in page


def test_thanks_say_what_happens_next_and_share_the_campaign_alone(
    client: Client, campaign: Campaign
) -> None:
    gift = make_gift(campaign, "received")
    page = text_of(client, gift)
    for words in (
        "Kvittot kommer med mejl inom några minuter.",
        "På ditt kontoutdrag står det <strong>FRAMTIDSPARTIET</strong>.",
        "802000-0000",
        '<a href="http://localhost:8000/valet/">http://localhost:8000/valet/</a>',
    ):
        assert words in page
    assert str(gift.ref) not in page.split('id="share-title"')[1].split("</section>")[0]


def test_a_part_sent_back_is_said(client: Client, campaign: Campaign) -> None:
    page = text_of(client, make_gift(campaign, "received", refunded_ore=50_00))
    assert "50 kr av den har skickats tillbaka till dig. 150 kr står kvar som din gåva." in page


def test_a_get_changes_nothing(client: Client, campaign: Campaign) -> None:
    for ref in gift_faces(campaign).values():
        for path in (f"/gava/{ref}/", f"/gava/{ref}/?avbruten=1", f"/en/gift/{ref}/"):
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            verbs = {query["sql"].split()[0] for query in asked.captured_queries}
            assert verbs == {"SELECT"}
    for path in ("/valet/", "/valet/?belopp=200&ref=x", "/valet/termometer/", "/"):
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        assert {query["sql"].split()[0] for query in asked.captured_queries} == {"SELECT"}


def test_the_check_is_a_post_alone(client: Client, campaign: Campaign) -> None:
    gift = make_gift(campaign)
    assert client.get(f"/gava/{gift.ref}/kontrollera/").status_code == 405
    assert client.get(f"/en/gift/{gift.ref}/check/").status_code == 405


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    asked: list[UUID] = []
    monkeypatch.setattr(providers, "check_gift", asked.append)
    return asked


def test_the_button_asks_and_shows_the_page_again(
    client: Client, campaign: Campaign, checks: list[UUID]
) -> None:
    gift = make_gift(campaign)
    answer = client.post(f"/gava/{gift.ref}/kontrollera/")
    assert (answer.status_code, answer["Location"]) == (303, f"/gava/{gift.ref}/")
    assert checks == [gift.ref]


def test_the_script_is_told_when_the_page_would_look_different(
    client: Client, campaign: Campaign, checks: list[UUID]
) -> None:
    gift = make_gift(campaign)
    shown = re.search(r'data-now="([^"]+)"', text_of(client, gift))
    assert shown is not None

    def now() -> Any:
        path = f"/gava/{gift.ref}/kontrollera/"
        return client.post(path, headers={"Accept": "application/json"}).json()["now"]

    assert now() == shown[1] == "pending-shut-0-0"
    Gift.objects.filter(pk=gift.pk).update(
        state="received", channel="swish", received_at=clock.now()
    )
    assert now() == "received-shut-0-0"


def test_asking_too_often_shows_what_is_known(
    client: Client, campaign: Campaign, checks: list[UUID], settings: object
) -> None:
    settings.LIMITS = {"check": (1, 600)}  # type: ignore[attr-defined]
    gift = make_gift(campaign)
    for _ in range(2):
        assert client.post(f"/gava/{gift.ref}/kontrollera/").status_code == 303
    assert checks == [gift.ref]


def test_another_sites_check_is_refused(
    client: Client, campaign: Campaign, checks: list[UUID]
) -> None:
    gift = make_gift(campaign)
    answer = client.post(f"/gava/{gift.ref}/kontrollera/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert checks == []


def test_an_unknown_gift_is_not_there(client: Client, campaign: Campaign) -> None:
    assert client.get(f"/gava/{uuid4()}/").status_code == 404
    assert client.get("/gava/1/").status_code == 404
    assert client.post(f"/gava/{uuid4()}/kontrollera/").status_code == 404


def test_changing_goes_on_with_the_same_form(client: Client, campaign: Campaign) -> None:
    gift = make_gift(campaign)
    Gift.objects.filter(pk=gift.pk).update(submission=b"s" * 32)
    open_attempt(gift)
    link = re.search(r'class="button second" href="([^"]+)"', text_of(client, gift))
    assert link is not None
    token = hidden(client.get(unescape(link[1])), "token")
    assert read_token(token, "valet").submission == b"s" * 32


def test_a_gift_that_stands_is_never_changed(client: Client, campaign: Campaign) -> None:
    gift = make_gift(campaign, "received")
    Gift.objects.filter(pk=gift.pk).update(submission=b"s" * 32)
    token = hidden(client.get(f"/valet/?gift={gift.ref}"), "token")
    assert read_token(token, "valet").submission != b"s" * 32


def test_beginning_again_keeps_the_sum_and_nothing_else(client: Client, campaign: Campaign) -> None:
    page = text_of(client, make_gift(campaign, "expired"))
    assert 'href="/valet/?belopp=200&frekvens=engang"' in page
    assert read_preset({"belopp": "200"}).amount_ore == 200_00


def test_beginning_a_monthly_gift_again_keeps_its_rhythm(
    client: Client, campaign: Campaign
) -> None:
    gift = make_gift(campaign, "expired")
    pledge = Pledge.objects.create(
        entity=campaign.entity, campaign=campaign, amount_ore=200_00, interval_months=3,
        method="card", day=28, first_period=date(2026, 12, 1), starts_on=date(2026, 12, 28),
        state="unconfirmed", created_at=clock.now(),
    )  # fmt: skip
    open_attempt(gift)
    Attempt.objects.update(pledge=pledge, state="closed")
    assert 'href="/valet/?belopp=200&frekvens=kvartal"' in text_of(client, gift)
    english = text_of(client, gift, language="en")
    assert 'href="/en/valet/?amount=200&frequency=quarterly"' in english


def test_a_long_wait_is_never_called_a_failure(client: Client, campaign: Campaign) -> None:
    gift = make_gift(campaign, created_at=clock.now() - timedelta(days=2))
    page = text_of(client, gift).lower()
    assert "misslycka" not in page
    assert "gick inte igenom" not in page


def test_a_swish_to_our_number_shows_link_code_sum_and_reference(
    client: Client, campaign: Campaign
) -> None:
    Account.objects.create(
        entity=campaign.entity,
        provider="swish_number",
        slug="s",
        name="S",
        external_id="1231231231",
    )
    page = text_of(client, make_gift(campaign, channel="swish_number"))
    assert 'href="https://app.swish.nu/1/p/sw/?sw=1231231231&amt=200&cur=SEK&msg=' in page
    assert "<svg" in page
    assert "123 123 12 31" in page
    assert "Vi tackar med mejl när banken har rapporterat" in page
