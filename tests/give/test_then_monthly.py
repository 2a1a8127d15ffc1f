"""Who has given once is offered to give every month, with name and e-mail filled in."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from django.test import Client

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import services as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.pledges import signed
from fundraise.pledges.models import Pledge
from tests.give.form import Answer
from tests.give.monthly import open_monthly, sign_up


def received(
    campaign: Campaign, amount_ore: int = 2_000_00, email: str = "anna@example.org"
) -> Gift:
    giver = Giver(name="Anna Ek", email=email)
    gift = gifts.begin_gift(gifts.NewGift(campaign=campaign, amount_ore=amount_ore, giver=giver))
    Gift.objects.filter(pk=gift.pk).update(
        state="received", channel="card", received_at=clock.now()
    )
    return gift


def text_of(answer: Answer) -> str:
    return html.unescape(answer.content.decode()).replace("\u202f", " ")


GO = "/valet/ge/"


def offered(client: Client, gift: Gift) -> dict[str, str]:
    """What the offer's button sends; empty when there is none."""
    page = text_of(client.get(f"/gava/{gift.ref}/"))
    form = re.search(rf'<form method="post" action="{GO}">.*?</form>', page, re.DOTALL)
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0])) if form else {}


def test_the_offer_opens_the_form_filled_in_and_no_address_names_anybody(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    fields = offered(client, received(campaign))
    assert (fields["amount"], fields["frequency"]) == ("200", "monthly")
    assert "Anna" not in str(fields)
    assert "example.org" not in str(fields)
    answer = client.post(GO, fields)
    assert answer.status_code == 200
    page = text_of(answer)
    assert 'value="Anna Ek"' in page
    assert 'value="anna@example.org"' in page
    assert answer["Cache-Control"] == "no-store"
    monthly = re.search(r'<input[^>]*id="frequency-monthly"[^>]*>', page)
    assert monthly is not None
    assert " checked" in monthly[0]
    assert "Anna Ek" not in text_of(client.get("/valet/", fields))  # a copied address
    refused = client.post(GO, fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert not Pledge.objects.exists()


def test_a_forged_an_old_or_another_campaigns_token_fills_in_nothing(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    gift = received(campaign)
    for token in ("forged", signed.token("fresh", gift.ref), signed.token("mandate", gift.ref)):
        assert "Anna Ek" not in text_of(client.post(GO, {"efter": token}))
    Campaign.objects.filter(pk=campaign.pk).update(slug="annat")
    token = signed.token("after", gift.ref)
    assert "Anna Ek" in text_of(client.post("/annat/ge/", {"efter": token}))


def test_nothing_is_offered_later_or_to_who_gives_every_month_already(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    late = received(campaign)
    Gift.objects.filter(pk=late.pk).update(created_at=clock.now() - timedelta(minutes=61))
    assert offered(client, late) == {}
    sign_up(client)  # as bjorn@example.org
    assert offered(client, received(campaign, email="bjorn@example.org")) == {}
    assert offered(client, received(campaign)) != {}


def test_a_small_gift_is_asked_for_no_more_than_it_was(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    least = min(campaign.amounts_monthly)
    assert offered(client, received(campaign, least - 1)) == {}
    fields = offered(client, received(campaign, least, "eva@example.org"))
    assert fields["amount"] == str(least // 100)


def test_nothing_is_offered_while_autogiro_is_shut(client: Client, campaign: Campaign) -> None:
    assert offered(client, received(campaign)) == {}
