"""Another account: signed as the first was, drawn on when the bank has said yes, never shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from fundraise import clock
from fundraise.give.signing import bankid_sandbox
from fundraise.pledges import links
from fundraise.pledges.models import Mandate, MandateWording, Pledge, Signature
from fundraise.pledges.sealing import details_of
from fundraise.pledges.services import mandates
from fundraise.pledges.services.mandates import Said
from fundraise.providers.giro.models import Agreement
from fundraise.providers.models import Account
from tests.give.form import hidden
from tests.give.mine.browsing import HOME, Answer, said, visit
from tests.give.monthly import ACCOUNT, NUMBER
from tests.pledging import House

ANNA = "anna@example.se"
NEW = {"account": ACCOUNT, "payer_number": NUMBER, "mandate": "on"}


def open_autogiro(house: House) -> None:
    """The house's agreement with its bank."""
    account = Account.objects.create(
        entity=house.entity,
        provider="autogiro",
        slug="main",
        name="Autogiro",
        external_id="991-2346",
    )
    Agreement.objects.create(account=account)


@pytest.fixture
def pledge(house: House) -> Pledge:
    open_autogiro(house)
    return house.active()


@pytest.fixture
def mine(pledge: Pledge, client: Client) -> Client:
    return visit(client, ANNA)


def path(pledge: Pledge) -> str:
    return f"{HOME}manadsgava/{pledge.ref}/konto/"


def sent(client: Client, pledge: Pledge, **changes: str) -> Answer:
    said_ = {name: text for name, text in {**NEW, **changes}.items() if text}
    return client.post(path(pledge), said_)


def test_a_new_account_is_signed_and_the_old_one_is_drawn_on_until_the_bank_says_yes(
    pledge: Pledge, mine: Client
) -> None:
    page = said(mine.get(path(pledge)))
    assert "200 kr varje månad dras med Autogiro, Swedbank …234." in page
    assert "medgivande" in page
    assert [sent(mine, pledge).status_code for _ in range(2)] == [303, 303]  # the double click
    old, new = pledge.mandates.order_by("pk")
    assert (old.state, new.state) == ("active", "created")
    assert details_of(new).identity12 == "198112289874"
    assert new.payer_number != old.payer_number
    signature = Signature.objects.get(mandate=new)
    assert (signature.way, signature.by) == ("tick", "donor")
    assert new.wording == MandateWording.objects.get(variant="person", language="sv")
    home = said(mine.get(HOME))
    assert "Vi väntar på bankens ja till ditt nya konto." in home
    mandates.mark_sent([new.pk], clock.now())
    mandates.approved(new.pk, Said("04+32", clock.today()))
    assert "Vi väntar" not in said(mine.get(HOME))
    assert (Mandate.objects.get(pk=old.pk).state, pledge.changes.get().kind) == (
        "ending", "account",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"account": ""}, "Skriv ditt clearingnummer och ditt kontonummer."),
        ({"payer_number": "19811228-9875"}, "Skriv personnumret med tolv siffror"),
        ({"mandate": ""}, "Kryssa i att du godkänner medgivandet"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_no_number_is_written_back(
    pledge: Pledge, mine: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = sent(mine, pledge, **changes)
    assert answer.status_code == 422
    assert said(answer).count(sentence) == 2
    assert "9874" not in answer.content.decode()
    assert (pledge.mandates.count(), pledge.changes.count()) == (1, 0)


def test_the_link_of_a_mail_leads_there_too_and_a_halted_gift_waits_for_the_bank(
    pledge: Pledge, client: Client
) -> None:
    mandates.ended(pledge.mandates.get().pk, Said("44+98", clock.today()))
    link = urlsplit(links.repair_link(pledge))
    repair = client.get(f"{link.path}?{link.query}").content.decode()
    assert f"{link.path}konto/?key=" in repair
    key = parse_qs(link.query)["key"][0]
    answer = client.post(f"{link.path}konto/", {**NEW, "key": key})
    assert "Tack, det är klart" in said(client.get(answer["Location"]))
    pledge.refresh_from_db()
    assert (pledge.state, pledge.changes.get().channel) == ("pending", "mail_link")
    assert client.post(f"{link.path}konto/", {**NEW, "key": "x"}).status_code == 410


def test_a_mailed_link_is_the_confirmation_where_the_house_demands_one(
    pledge: Pledge, mine: Client, settings: Any
) -> None:
    settings.MANDATE_SIGNING = "mail_link"
    assert sent(mine, pledge).status_code == 303
    assert Signature.objects.latest("signed_at").way == "mail_link"
    assert pledge.mandates.latest("pk").state == "created"


def test_bankid_asks_on_the_next_page(pledge: Pledge, mine: Client, settings: Any) -> None:
    settings.MANDATE_SIGNING = "bankid"
    assert "Skriv under med BankID" in said(sent(mine, pledge))
    assert pledge.mandates.latest("pk").state == "draft"


def test_another_account_of_a_running_gift_is_signed_with_bankid_to_the_end(
    pledge: Pledge, mine: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page shows the order and asks about it, though the gift itself is running."""
    settings.MANDATE_SIGNING = "bankid"
    fresh = hidden(sent(mine, pledge), "ny")
    sign = f"/manadsgava/{pledge.ref}/underteckna/"
    begun = mine.post(sign, {"ny": fresh})
    assert "skanna koden" in said(begun)
    stopped = mine.get(f"/manadsgava/{pledge.ref}/", {"ny": fresh})
    assert "Underteckna ditt medgivande" in said(stopped)
    assert "Underteckna ditt medgivande" not in said(mine.get(f"/manadsgava/{pledge.ref}/"))
    monkeypatch.setattr(bankid_sandbox, "TAKES", timedelta(0))
    assert mine.post(sign, {"ny": fresh, "order": hidden(begun, "order")}).status_code == 303
    assert pledge.mandates.latest("pk").state == "created"
    assert "Underteckna ditt medgivande" not in said(
        mine.get(f"/manadsgava/{pledge.ref}/", {"ny": fresh})
    )


def test_where_autogiro_is_not_set_up_the_page_says_so(house: House, client: Client) -> None:
    pledge = house.active()
    page = said(visit(client, ANNA).get(path(pledge)))
    assert "Just nu går det inte att ta emot ett nytt konto här." in page
    assert sent(client, pledge).status_code == 200
    assert pledge.mandates.count() == 1


def test_a_gift_by_card_leads_to_a_new_card_and_offers_autogiro(
    house: House, client: Client
) -> None:
    open_autogiro(house)
    pledge = house.active()
    Pledge.objects.update(method="card")
    page = visit(client, ANNA).get(path(pledge)).content.decode()
    assert f"{HOME}manadsgava/{pledge.ref}/kort/" in page
    assert "Ett annat kort" in page


def test_a_bankgiro_number_is_taken_on_paper_or_by_bankid_and_once(
    pledge: Pledge, mine: Client, settings: Any
) -> None:
    bankgiro = {"payer": "bankgiro", "account": "5050-1055", "payer_number": "802002-4280"}
    assert "payer-bankgiro" not in said(mine.get(path(pledge)))
    answer = sent(mine, pledge, **bankgiro)
    assert answer.status_code == 422
    assert "skriver på blankett. Mejla" in said(answer)
    settings.MANDATE_SIGNING = "bankid"
    number = {"payer_number": "50501055", "variant": "bankgiro", "entity_id": pledge.entity_id}
    Mandate.objects.create(
        method="autogiro", origin="register", state="active", created_at=clock.now(), **number
    )
    answer = sent(mine, pledge, **bankgiro)
    assert answer.status_code == 422
    assert "Bankgironumret har redan ett medgivande hos oss" in said(answer)
    assert pledge.mandates.count() == 1
