"""Links from mails: raise a gift, put it right, name a sum. Only a button does anything."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.give.tokens import instead_of, read_token
from fundraise.pledges import links
from fundraise.pledges.models import Collection, Instalment, Instead, Mandate, Pledge
from fundraise.pledges.services import e_mandates, mandates, outcomes
from fundraise.pledges.services.e_mandates import EMandate
from fundraise.pledges.services.mandates import Said
from fundraise.pledges.services.outcomes import Failure
from fundraise.providers.models import Account
from tests.give.form import GOOD, hidden
from tests.give.mine.browsing import Answer, said
from tests.people import NOON
from tests.pledging import ACCOUNT, House


def opened(client: Client, link: str) -> Answer:
    parts = urlsplit(link)
    return client.get(f"{parts.path}?{parts.query}")


def pressed(client: Client, link: str, **sent: str) -> Answer:
    parts = urlsplit(link)
    return client.post(parts.path, {"key": parse_qs(parts.query)["key"][0], **sent})


@pytest.fixture
def later() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


# --- Raise ----------------------------------------------------------------------------------------
def test_a_link_raises_once_by_its_button_and_takes_it_back(house: House, client: Client) -> None:
    pledge = house.active()
    link = links.upgrade_link(pledge, 250_00)
    for _ in range(2):
        page = opened(client, link)
        assert "Höj från 200 kr till 250 kr" in said(page)
        assert page["Cache-Control"] == "private, no-store"
    pledge.refresh_from_db()
    assert pledge.amount_ore == 200_00
    assert "anna" not in link.lower()

    for _ in range(2):  # the double click
        done = said(pressed(client, link, do="raise"))
        assert "Du ger nu 250 kr varje månad" in done
        assert "Nästa gåva är 250 kr den 30 november" in done
    change = pledge.changes.get()
    assert (change.channel, change.after) == ("mail_link", {"amount_ore": 250_00})

    assert "Allt är som förut" in said(pressed(client, link, do="undo"))
    assert "Allt är som förut" in said(pressed(client, link, do="raise"))  # it was good once
    pledge.refresh_from_db()
    assert (pledge.amount_ore, pledge.changes.count()) == (200_00, 2)


def test_a_raise_can_not_be_undone_when_a_draw_has_left_with_it(
    house: House, client: Client
) -> None:
    pledge = house.active()
    link = links.upgrade_link(pledge, 250_00)
    pressed(client, link, do="raise")
    house.tell()
    assert "Ångra" in said(opened(client, link))
    draw = house.send_next(pledge)
    assert draw.amount_ore == 250_00
    assert "Ångra" not in said(opened(client, link))
    refused = pressed(client, link, do="undo")
    assert (refused.status_code, "för sent" in said(refused)) == (422, True)
    pledge.refresh_from_db()
    assert pledge.amount_ore == 250_00


def test_a_link_says_nothing_after_thirty_days_or_when_the_gift_is_another(
    house: House, client: Client, later: Any
) -> None:
    house.go_to(clock.local_date(NOON))
    pledge = house.active()
    link = links.upgrade_link(pledge, 250_00)
    with pytest.raises(ValueError, match="higher"):
        links.upgrade_link(pledge, 200_00)
    Pledge.objects.update(amount_ore=300_00)
    assert "Ditt belopp har ändrats sedan dess" in said(pressed(client, link, do="raise"))
    Pledge.objects.update(amount_ore=200_00)
    later.shift(timedelta(days=30, seconds=1))
    assert pressed(client, link, do="raise").status_code == 410
    assert pressed(client, f"{link[:-3]}abc", do="raise").status_code == 410
    assert pressed(client, links.repair_link(pledge).replace("ratta", "hoj")).status_code == 410
    pledge.refresh_from_db()
    assert (pledge.amount_ore, pledge.changes.count()) == (200_00, 0)


def test_an_ended_gift_is_not_raised(house: House, client: Client) -> None:
    pledge = house.active()
    link = links.upgrade_link(pledge, 250_00)
    mandates.ended(pledge.mandates.get().pk, Said("46+02", clock.today()), by_payer=True)
    assert "avslutad" in said(pressed(client, link, do="raise"))
    pledge.refresh_from_db()
    assert (pledge.state, pledge.amount_ore) == ("ended", 200_00)


# --- Repair ---------------------------------------------------------------------------------------
def missed(house: House, code: str, *, may_retry: bool = False, halts: bool = False) -> Pledge:
    pledge = house.active(day=20)
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    outcomes.failed(draw.pk, outcomes.Failure(code, may_retry=may_retry, halts=halts))
    pledge.refresh_from_db()
    return pledge


def test_short_of_money_says_nothing_is_owed_and_offers_the_days_after_payday(
    house: House, client: Client
) -> None:
    pledge = missed(house, "1", may_retry=True)
    link = links.repair_link(pledge)
    page = said(opened(client, link))
    assert "Det fanns inte tillräckligt med pengar på kontot" in page
    assert "Du är inte skyldig något." in page
    again = Instalment.objects.get(retried=True)
    assert f"Vi försöker en gång till den {again.due_on.day} " in page
    assert "Många väljer dagarna efter lön. Vi kan dra den 26:e" in page
    assert page.index("Välj en annan dag") < page.index("Nytt konto eller kort")
    html = opened(client, link).content.decode()
    assert "/valet/?belopp=200&amp;frekvens=engang" in html

    assert "Tack, det är klart" in said(client.get(pressed(client, link, do="day", day="26").url))
    pledge.refresh_from_db()
    assert (pledge.day, pledge.changes.get().channel) == (26, "mail_link")
    for _ in range(2):
        assert pressed(client, link, do="leave").status_code == 303
    again.refresh_from_db()
    assert again.state == "skipped"
    assert pledge.instalments.filter(state="skipped").count() == 1


def test_a_closed_account_asks_for_another_one_first(house: House, client: Client) -> None:
    pledge = missed(house, "2", halts=True)
    assert pledge.state == "halted"
    link = links.repair_link(pledge)
    page = said(opened(client, link))
    assert "Ditt konto tillåter inte längre att vi drar från det." in page
    assert page.index("Nytt konto eller kort") < page.index("Välj en annan dag")
    assert "försök med samma konto igen" in page
    assert [pressed(client, link, do="again").status_code for _ in range(2)] == [303, 303]
    pledge.refresh_from_db()
    assert (pledge.state, pledge.changes.get().kind) == ("active", "repair")


def test_the_banks_no_to_a_mandate_is_said(house: House, client: Client) -> None:
    pledge = house.sign_up()
    mandate = pledge.mandates.get()
    mandates.mark_sent([mandate.pk], clock.now())
    mandates.refused(mandate.pk, Said("42+05", clock.today()))
    page = said(opened(client, links.repair_link(pledge)))
    assert "Din bank sa nej till autogirot." in page
    assert "Välj ett annat konto" in page


def test_what_is_in_order_or_over_has_nothing_to_put_right(house: House, client: Client) -> None:
    pledge = house.active()
    link = links.repair_link(pledge)
    assert "Allt är i sin ordning" in said(opened(client, link))
    wrong = pressed(client, link, do="day", day="77")
    assert (wrong.status_code, "Välj en annan dag." in said(wrong)) == (422, True)
    mandates.ended(pledge.mandates.get().pk, Said("46+02", clock.today()), by_payer=True)
    assert "Den här månadsgåvan är avslutad" in said(opened(client, link))
    assert opened(client, link.replace("key=", "key=x")).status_code == 410
    assert Collection.objects.count() == 0


# --- Name a sum -----------------------------------------------------------------------------------
@pytest.fixture
def from_bank(house: House) -> Mandate:
    return e_mandates.receive_e_mandate(
        EMandate(house.entity.pk, "1000008", ACCOUNT, "Swedbank …234")
    )


WISHED = {"amount": "150", "day": "25", "name": "Eva Ny", "email": "eva@example.org"}


def named(client: Client, link: str, **changes: str) -> Answer:
    page = opened(client, link)
    sent = {**WISHED, "register": "on", "token": hidden(page, "token"), **changes}
    return pressed(client, link, **{name: text for name, text in sent.items() if text})


def test_a_mandate_of_the_internet_bank_draws_nothing_until_a_sum_is_named(
    house: House, client: Client, from_bank: Mandate
) -> None:
    link = links.name_sum_link(from_bank, "sv")
    page = said(opened(client, link))
    assert "Gör det senast den 26 november" in page  # eighteen bank days
    assert Pledge.objects.count() == 0
    sent = {**WISHED, "register": "on", "token": hidden(opened(client, link), "token")}
    answers = [pressed(client, link, **sent) for _ in range(2)]  # the double click
    assert [a.status_code for a in answers] == [303, 200]
    pledge = Pledge.objects.get()
    from_bank.refresh_from_db()
    assert (from_bank.state, from_bank.pledge_id) == ("created", pledge.pk)
    assert (pledge.state, pledge.amount_ore, pledge.day, pledge.origin) == (
        "pending", 150_00, 25, "internet_bank",
    )  # fmt: skip
    assert pledge.starts_on == date(2026, 11, 25)
    assert "Du ger 150 kr varje månad" in said(opened(client, link))


def test_what_is_missing_is_said_at_its_field_and_nothing_begins(
    house: House, client: Client, from_bank: Mandate
) -> None:
    link = links.name_sum_link(from_bank, "sv")
    for field, text, sentence in [
        ("amount", "", "Skriv ett belopp."),
        ("name", "", "Skriv ditt namn."),
        ("email", "eva@", "Skriv hela e-postadressen"),
        ("register", "", "Kryssa i att vi får spara dina uppgifter."),
        ("token", "old", "Sidan var öppen för länge."),
    ]:
        answer = named(client, link, **{field: text})
        assert (answer.status_code, field, sentence in said(answer)) == (422, field, True)
    assert Pledge.objects.count() == 0
    from_bank.refresh_from_db()
    assert from_bank.state == "received"


def test_after_the_last_day_nothing_is_named_and_nothing_owed(
    house: House, client: Client, from_bank: Mandate
) -> None:
    link = links.name_sum_link(from_bank, "sv")
    house.go_to(date(2026, 11, 27))
    assert "du är inte skyldig något" in said(opened(client, link))
    assert pressed(client, link, **WISHED).status_code == 200
    assert Pledge.objects.count() == 0


def test_a_mandate_that_was_said_yes_to_waits_for_its_sum_and_takes_one_alone(
    house: House, client: Client, from_bank: Mandate
) -> None:
    e_mandates.accept_e_mandate(from_bank.pk, None, by="staff:1")
    house.go_to(date(2027, 2, 1))
    link = links.name_sum_link(from_bank, "sv")
    page = opened(client, link)
    assert "Gör det senast" not in said(page)
    first, second = hidden(page, "token"), hidden(opened(client, link), "token")
    sent = {**WISHED, "register": "on"}
    assert pressed(client, link, **sent, token=first).status_code == 303
    assert "Din månadsgåva är klar" in said(pressed(client, link, **sent, token=second))
    assert (Pledge.objects.count(), Mandate.objects.get().pledge) == (1, Pledge.objects.get())


def test_a_gift_given_once_instead_is_tied_to_its_month(house: House, client: Client) -> None:
    Account.objects.create(
        entity=house.entity, provider="swish_number", slug="n", name="S", external_id="1231231231"
    )
    pledge = house.active(day=15)
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    outcomes.failed(draw.pk, Failure("1", may_retry=True))
    page = opened(client, links.repair_link(pledge)).content.decode()
    link = html.unescape(re.search(r'href="([^"]*instead=[^"]*)"', page)[1])  # type: ignore[index]
    token = hidden(client.get(link), "token")
    slug = house.campaign.slug
    assert read_token(token, slug).instead == draw.instalment.ref
    assert instead_of(token, slug) == draw.instalment.ref
    assert instead_of(token[:-1], slug) is None
    for _ in range(2):  # the double click
        begun = client.post(
            f"/{slug}/ge/" if link.startswith(f"/{slug}/") else link,
            {**GOOD, "token": token, "way": "swish_number"},
        )
        assert begun.status_code == 303
    tied = Instead.objects.get()
    assert (tied.instalment, tied.gift.amount_ore) == (draw.instalment, 250_00)
    Gift.objects.update(state="expired")
    again = client.get(f"/{slug}/?gift={tied.gift.ref}")
    assert read_token(hidden(again, "token"), slug).instead == draw.instalment.ref
    forged = client.get(f"/{slug}/?instead=x{parse_qs(urlsplit(link).query)['instead'][0]}")
    assert read_token(hidden(forged, "token"), slug).instead is None
