"""The page of a saved card as a browser without a script sees it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from fundraise.campaigns.models import Campaign
from fundraise.pledges.models import Collection, Pledge
from fundraise.pledges.services import changing
from fundraise.providers import card_links
from fundraise.providers.models import CardPage
from tests.give.form import give, hidden
from tests.give.mine.browsing import said, visit
from tests.providers.monthly import ANNA, Monthly
from tests.providers.test_monthly_cards import decline
from tests.stripe_stand_in import CARD_3DS

MASTERCARD = "5555555555554444"


@pytest.fixture(autouse=True)
def _no_haste(settings: Any) -> None:
    settings.FORM_MIN_SECONDS = 0


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def press(client: Client, url: str, **more: Any) -> Any:
    """Open the page and press its button."""
    opened = client.get(url)
    sent = {"token": hidden(opened, "token"), "key": hidden(opened, "key"), **more}
    return client.post(url, sent)


def asked(monthly: Monthly) -> tuple[Pledge, Collection]:
    pledge = monthly.pledge()
    decline(monthly, pledge, "authentication_required")
    return pledge, monthly.draw(pledge)


def test_from_the_mail_to_another_card_and_back(monthly: Monthly) -> None:
    monthly.on(date(2026, 11, 5))
    pledge = monthly.pledge()
    client, url = Client(), local(card_links.new_card_link(pledge))
    page = said(client.get(url))
    assert "Kort i dag Visa 4242" in page
    assert "Inget dras nu" in page
    assert CardPage.objects.count() == 0
    answer = press(client, url)
    assert answer.status_code == 303
    assert press(client, url)["Location"] == answer["Location"]
    back = monthly.journey.stand_in.pay(answer["Location"], MASTERCARD)
    assert "Vi väntar på besked" in said(client.get(local(back)))
    checked = client.post(
        local(back), {"do": "check", "key": hidden(client.get(local(back)), "key")}
    )
    page = said(client.get(local(checked["Location"])))
    assert "Ditt nya kort är på plats: Mastercard 4444" in page
    assert "dras den 28 december" in page


def test_in_english_with_the_other_gifts_of_the_same_card(monthly: Monthly) -> None:
    one, two = monthly.pledge(), monthly.pledge(ore=300_00)
    client, url = Client(), local(card_links.new_card_link(one, "en"))
    assert "300 kr every month" in said(client.get(url))
    press(client, url, also=[str(two.ref)])
    assert list(CardPage.objects.get().also.all()) == [two]


def test_a_draw_that_the_bank_asks_about_is_confirmed_from_the_mail(monthly: Monthly) -> None:
    _, draw = asked(monthly)
    client, url = Client(), local(card_links.confirm_link(draw))
    assert "Du är inte skyldig något" in said(client.get(url))
    answer = press(client, url)
    back = monthly.journey.stand_in.pay(answer["Location"], CARD_3DS)
    monthly.journey.catch_up()
    page = said(client.get(local(back)))
    assert "Tack! Din gåva på 200 kr har kommit fram" in page
    draw.refresh_from_db()
    assert draw.state == "paid"


def test_from_my_pages_and_only_ones_own(monthly: Monthly) -> None:
    waiting = monthly.wish(ore=50_00)
    pledge = monthly.pledge()
    home = visit(Client(), ANNA.email).get("/mina-sidor/")
    assert f"/mina-sidor/manadsgava/{pledge.ref}/kort/" in home.content.decode()
    assert f"/mina-sidor/manadsgava/{waiting.ref}/kort/" not in home.content.decode()
    assert "Väntar på din första gåva med kort" in said(home)
    path = f"/mina-sidor/manadsgava/{pledge.ref}/kort/"
    assert "Visa 4242" not in said(Client().get(path))
    assert visit(Client(), "eva@example.org").get(path).status_code == 404
    own = visit(Client(), ANNA.email)
    assert press(own, path)["Location"].startswith(monthly.journey.stand_in.address)


@pytest.mark.parametrize("key", ["", "x", "a" * 400])
def test_a_link_that_is_forged_or_cut_opens_nothing(monthly: Monthly, key: str) -> None:
    for page in ("kort", "bekrafta"):
        assert Client().get(f"/mina-sidor/{page}/", {"key": key}).status_code == 410


def test_a_link_older_than_thirty_days_opens_nothing(
    monthly: Monthly, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, draw = asked(monthly)
    url = local(card_links.confirm_link(draw))
    monkeypatch.setattr(card_links, "LIFE", timedelta(seconds=-1), raising=True)
    assert Client().get(url).status_code == 410


def test_after_the_end_there_is_nothing_to_do_and_it_says_so(monthly: Monthly) -> None:
    pledge, draw = asked(monthly)
    changing.stop(pledge.pk, changing.wish())
    for link in (card_links.new_card_link(pledge), card_links.confirm_link(draw)):
        page = Client().get(local(link))
        assert "Det finns inget att göra här" in said(page)
        assert b'name="token"' not in page.content


def test_what_the_door_holds_back_is_said_calmly_and_opens_no_page(
    monthly: Monthly, settings: Any
) -> None:
    from fundraise.providers import pausing

    pledge = monthly.pledge()
    client, url = Client(), local(card_links.new_card_link(pledge))
    assert client.post(url, {"key": hidden(client.get(url), "key")}).status_code == 400
    settings.LIMITS = {**settings.LIMITS, "card-page": (0, 86_400)}
    assert press(client, url).status_code == 429
    pausing.pause(None, reason="attack", by="staff:david")
    closed = press(client, url)
    assert (closed.status_code, "stängda för tillfället" in said(closed)) == (503, True)
    monthly.journey.stand_in.fault("error", count=2, path="/v1/checkout", method="POST")
    pausing.resume(None, by="staff:david")
    settings.LIMITS = {**settings.LIMITS, "card-page": (9, 86_400)}
    assert press(client, url).status_code == 503
    assert not CardPage.objects.filter(state="open").exists()
    assert monthly.card(pledge).account_hint == "Visa 4242"


def test_signed_up_on_the_donation_page_by_card_paid_and_thanked(monthly: Monthly) -> None:
    monthly.on(date(2026, 11, 5))
    Campaign.objects.update(monthly_open=True)
    client = Client()
    shown = said(client.get("/valet/"))
    assert "Första gången nu , på nästa sida, nästa gång 28 december, sedan" in shown
    asked = {"frequency": "monthly", "amount_monthly": "20000", "monthly_way": "card"}
    answer = give(client, **asked, day="28", every="1")
    assert answer.status_code == 303
    back = monthly.journey.stand_in.pay(answer["Location"])
    client.post(f"{urlsplit(back).path}kontrollera/")
    page = said(client.get(urlsplit(back).path))
    assert "Månadsgåvan är i gång" in page
    pledge = Pledge.objects.get(state="active")
    assert (pledge.amount_ore, pledge.day, pledge.method) == (200_00, 28, "card")


def test_the_first_gifts_page_says_when_the_next_one_is_drawn(monthly: Monthly) -> None:
    from fundraise.gifts.models import Gift

    monthly.on(date(2026, 11, 30))
    pledge = monthly.wish(day=1)
    back = monthly.begin(pledge)
    path = urlsplit(back).path
    assert "drar vi nästa den 4 januari" in said(Client().get(path))
    monthly.journey.catch_up()
    page = said(Client().get(path))
    assert "Månadsgåvan är i gång" in page
    assert "200 kr varje månad med kort (Visa 4242)" in page
    assert "nästa dras den 4 januari 2027" in page
    once = monthly.journey.given()
    assert "Månadsgåvan" not in said(Client().get(f"/gava/{once.ref}/"))
    assert Gift.objects.count() == 2
