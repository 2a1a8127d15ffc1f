"""The page while somebody tests cards on it, and the two small signs of a robot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from fundraise import clock as clocks
from fundraise.campaigns.models import Campaign
from fundraise.limits import passes, tally, work
from fundraise.limits.models import Breaker, Spent
from fundraise.providers import pausing, watch
from fundraise.providers.models import Account
from mailings.models import TransactionalMessage
from mailings.transactional import _opened
from tests.give.form import GOOD, HOSTED, Answer, Door, door, give, hidden, refused
from tests.people import NOON

__all__ = ["door"]


@pytest.fixture
def numbers(campaign: Campaign) -> None:
    """A bankgiro and a Swish number of the entity's own."""
    for provider, number in (("manual", "123-4567"), ("swish_number", "1231231231")):
        Account.objects.create(
            entity=campaign.entity, provider=provider, slug="n", name="N", external_id=number
        )


@pytest.fixture
def attacked(campaign: Campaign, settings: Any) -> None:
    """The breaker of the campaign's Stripe account is open."""
    settings.PROOF_COST, settings.PROOF_ROUNDS = 5, 9
    account = Account.objects.get(provider="stripe")
    now = clocks.real_now()
    Breaker.objects.create(scope=watch.scope_of(account.pk), opened_at=now, bad_at=now)


@pytest.fixture
def later() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def text_of(answer: Answer) -> str:
    return unescape(answer.content.decode())


def counted() -> dict[str, int]:
    account = Account.objects.get(provider="stripe")
    return tally.totals(watch.scope_of(account.pk), clocks.real_now())


def filled(opened: Answer, **changes: str) -> dict[str, str]:
    sent = {"token": hidden(opened, "token"), "way": "stripe", **GOOD, **changes}
    return {name: said for name, said in sent.items() if said}


def solved(client: Client, token: str, path: str = "/valet/prova/") -> str:
    """What the page's script does, by altcha's own solver."""
    return work.solve(client.post(path, {"token": token}).json())


# --- Robots ---------------------------------------------------------------------------------------
def test_a_form_that_is_sent_at_once_is_shown_again_and_the_next_press_goes_on(
    client: Client, campaign: Campaign, door: Door, settings: Any, later: Any
) -> None:
    settings.FORM_MIN_SECONDS = 2
    sent = filled(client.get("/valet/"))
    later.shift(1)
    page = refused(client.post("/valet/ge/", sent), door, status=400)
    assert "Tryck på knappen en gång till" in page
    assert 'value="Björn Berg"' in page
    assert f'value="{sent["token"]}"' in page
    assert counted() == {"hasty": 1}
    later.shift(1)
    assert client.post("/valet/ge/", sent)["Location"] == HOSTED


def test_a_field_that_no_person_sees_is_filled_in_by_robots_only(
    client: Client, campaign: Campaign, door: Door
) -> None:
    opened = client.get("/valet/")
    trap = re.search(r'<div class="more" aria-hidden="true">.*?</div>', text_of(opened), re.DOTALL)
    assert trap is not None
    assert 'tabindex="-1" autocomplete="off"' in trap[0]
    page = refused(client.post("/valet/ge/", filled(opened, message="Buy!")), door, status=400)
    assert "Buy!" not in page
    assert counted() == {"trap": 1}
    assert client.post("/valet/ge/", filled(opened))["Location"] == HOSTED


def test_neither_answer_tells_what_gave_the_robot_away(
    client: Client, campaign: Campaign, door: Door, settings: Any
) -> None:
    opened = client.get("/valet/")
    trapped = client.post("/valet/ge/", filled(opened, message="Buy!"))
    settings.FORM_MIN_SECONDS = 60
    hasty = client.post("/valet/ge/", filled(opened))
    one, two = (re.sub(r'nonce="[^"]+"|data-least="\d+"', "", text_of(a)) for a in (trapped, hasty))
    assert one == two


def test_what_a_person_typed_is_said_before_a_robot_is_suspected(
    client: Client, campaign: Campaign, door: Door
) -> None:
    refused(give(client, name="", message="Buy!"), door, "Skriv ditt namn.")


# --- Proof of work --------------------------------------------------------------------------------
def test_in_calm_the_page_asks_for_nothing(client: Client, campaign: Campaign) -> None:
    page = text_of(client.get("/valet/"))
    assert "data-prove" not in page
    assert 'id="elsewhere"' not in page
    assert hidden(client.get("/valet/"), "proof") == ""


@pytest.mark.parametrize(
    ("language", "path"), [("sv", "/valet/prova/"), ("en", "/en/valet/prove/")]
)
def test_under_attack_a_solved_form_goes_through(
    client: Client, campaign: Campaign, door: Door, attacked: None, language: str, path: str
) -> None:
    opened = client.get("/valet/" if language == "sv" else "/en/valet/")
    assert f'data-prove="{path}"' in text_of(opened)
    sent = filled(opened)
    proof = solved(client, sent["token"], path)
    address = "/valet/ge/" if language == "sv" else "/en/valet/give/"
    for _ in range(2):  # the double click
        answer = client.post(address, {**sent, "proof": proof})
        assert (answer.status_code, answer["Location"]) == (303, HOSTED)
    assert Spent.objects.count() == 1
    again = {**sent, "proof": proof, "amount_once": "50000"}
    assert client.post(address, again).status_code == 403
    assert client.post(address, {**again, "proof": solved(client, sent["token"], path)})["Location"]
    assert len(door.requests) == 3


def test_a_form_that_was_open_when_it_began_is_shown_again_with_the_check(
    client: Client, campaign: Campaign, door: Door, numbers: None, settings: Any
) -> None:
    opened = client.get("/valet/")
    account, now = Account.objects.get(provider="stripe"), clocks.real_now()
    Breaker.objects.create(scope=watch.scope_of(account.pk), opened_at=now, bad_at=now)
    page = refused(client.post("/valet/ge/", filled(opened)), door, status=403)
    assert "Just nu kontrollerar vi att ingen robot använder sidan." in page
    assert 'data-prove="/valet/prova/"' in page
    assert 'value="Björn Berg"' in page
    assert 'class="card elsewhere asked"' in page
    assert "123-4567" in page
    assert "1231231231" in page
    assert counted() == {"prove": 1}


def test_a_proof_of_another_form_is_none(
    client: Client, campaign: Campaign, door: Door, attacked: None
) -> None:
    one, other = (filled(client.get("/valet/")) for _ in range(2))
    answer = client.post("/valet/ge/", {**one, "proof": solved(client, other["token"])})
    refused(answer, door, status=403)


def test_a_proof_survives_no_error_in_the_form(
    client: Client, campaign: Campaign, door: Door, attacked: None
) -> None:
    sent = filled(client.get("/valet/"))
    wrong = {**sent, "proof": solved(client, sent["token"]), "name": ""}
    answer = client.post("/valet/ge/", wrong)
    assert (answer.status_code, hidden(answer, "proof")) == (422, "")
    assert client.post("/valet/ge/", {**wrong, "name": "Anna"}).status_code == 303


def test_the_challenge_is_given_by_post_to_our_own_page_with_a_good_token(
    client: Client, campaign: Campaign, attacked: None, settings: Any
) -> None:
    token = hidden(client.get("/valet/"), "token")
    assert client.get("/valet/prova/").status_code == 405
    assert client.post("/valet/prova/", {"token": "x"}).status_code == 400
    other_site = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/valet/prova/", {"token": token}, headers=other_site).status_code == 403
    answer = client.post("/valet/prova/", {"token": token})
    assert answer["Cache-Control"] == "no-store"
    settings.LIMITS = {**settings.LIMITS, "prove": (0, 600)}
    assert client.post("/valet/prova/", {"token": token}).status_code == 429


def test_a_plain_number_needs_no_proof(
    client: Client, campaign: Campaign, door: Door, attacked: None, numbers: None
) -> None:
    door.redirect_url = ""
    answer = client.post("/valet/ge/", filled(client.get("/valet/"), way="swish_number"))
    assert answer["Location"] == f"/gava/{door.ref}/"


def test_the_page_opens_and_the_thermometer_is_shown_throughout(
    client: Client, campaign: Campaign, attacked: None
) -> None:
    paths = ("/", "/valet/", "/en/valet/", "/valet/thermometer.json", "/valet/termometer/")
    assert [client.get(path).status_code for path in paths] == [200] * 5


# --- The mailed link ------------------------------------------------------------------------------
def ask(client: Client, email: str = "anna@example.org", **more: str) -> Answer:
    token = hidden(client.get("/valet/"), "token")
    return client.post("/valet/lank/", {"token": token, "email": email, **more})


def mailed() -> list[str]:
    """The addresses of the links that were mailed."""
    rows = TransactionalMessage.objects.filter(kind="give_link").order_by("pk")
    found = (re.search(r"https?://[^/\s]+(/\S+)", _opened(row).text) for row in rows)
    return [match[1] for match in found if match]


def test_a_mailed_link_opens_the_form_and_is_good_for_one_gift(
    client: Client, campaign: Campaign, door: Door, attacked: None
) -> None:
    asked = ask(client)
    assert (asked.status_code, asked["Location"]) == (303, "/valet/lank/")
    assert "Titta i din inkorg" in text_of(client.get("/valet/lank/"))
    (path,) = mailed()
    for _ in range(3):  # a scanner opens it too
        opened = client.get(path)
        assert hidden(opened, "proof").startswith("pass.")
    assert Spent.objects.count() == 0
    sent = filled(opened, proof=hidden(opened, "proof"))
    wrong = client.post("/valet/ge/", {**sent, "name": ""})
    assert hidden(wrong, "proof") == sent["proof"]  # an error in the form does not lose it
    assert client.post("/valet/ge/", sent)["Location"] == HOSTED
    assert client.post("/valet/ge/", sent)["Location"] == HOSTED
    fresh = filled(client.get(path), proof=sent["proof"])
    assert client.post("/valet/ge/", fresh).status_code == 403
    assert len(door.requests) == 2


def test_the_mail_names_the_payee_and_nobody_else_in_each_language(
    client: Client, campaign: Campaign, attacked: None
) -> None:
    ask(client)
    token = hidden(client.get("/en/valet/"), "token")
    client.post("/en/valet/link/", {"token": token, "email": "anna@example.org"})
    swedish, english = map(_opened, TransactionalMessage.objects.order_by("pk"))
    assert (swedish.subject, english.subject) == ("Din länk för att ge", "Your link to give")
    assert swedish.text.startswith("Här är din länk för att ge till Framtidspartiet: Två miljoner")
    assert english.text.startswith("Here is your link to give to Framtidspartiet: Two million")
    assert (swedish.to, swedish.reply_to) == ("anna@example.org", campaign.entity.email)


def test_one_address_gets_so_many_mails_and_the_answer_is_the_same(
    client: Client, campaign: Campaign, attacked: None, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "link-email": (2, 3600)}
    answers = [ask(client, email) for email in ["anna@example.org"] * 2 + ["ANNA@example.org"]]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (303, "/valet/lank/")
    }
    assert len(mailed()) == 2


@pytest.mark.parametrize("name", ["link", "link-house"])
def test_a_block_and_the_house_mail_so_many_links(
    client: Client, campaign: Campaign, attacked: None, settings: Any, name: str
) -> None:
    settings.LIMITS = {**settings.LIMITS, name: (0, 600)}
    answer = ask(client)
    assert answer.status_code == 429
    assert "Många har bett om en länk nyss" in text_of(answer)
    assert mailed() == []


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"email": "anna"}, 422, "Skriv hela e-postadressen"),
        ({"email": ""}, 422, "Skriv din e-postadress."),
        ({"token": "x"}, 400, "Tryck på knappen en gång till"),
        ({"message": "Buy!"}, 400, "Tryck på knappen en gång till"),
    ],
)
def test_what_can_not_be_mailed_is_asked_for_again(
    client: Client,
    campaign: Campaign,
    attacked: None,
    sent: dict[str, str],
    status: int,
    words: str,
) -> None:
    answer = ask(client, **{"email": "anna@example.org", **sent})
    assert answer.status_code == status
    assert words in text_of(answer)
    assert hidden(answer, "token")
    assert mailed() == []


def test_in_calm_no_link_is_mailed(client: Client, campaign: Campaign) -> None:
    assert ask(client)["Location"] == "/valet/"
    assert mailed() == []


def test_a_pass_that_ran_out_or_was_made_up_opens_the_usual_page(
    client: Client, campaign: Campaign, later: Any
) -> None:
    old = passes.new_pass()
    later.shift(timedelta(hours=3))
    for text in (old, "pass.x:y:z", "<script>"):
        opened = client.get("/valet/", {"pass": text})
        assert (opened.status_code, hidden(opened, "proof")) == (200, "")


def test_no_log_line_holds_a_pass(
    client: Client, campaign: Campaign, capfd: pytest.CaptureFixture[str]
) -> None:
    text = passes.new_pass()
    client.get("/valet/", {"pass": text})
    assert text not in "".join(capfd.readouterr())


# --- Closed by staff ------------------------------------------------------------------------------
def test_closed_cards_are_said_and_other_ways_named(
    client: Client, campaign: Campaign, door: Door, numbers: None
) -> None:
    Account.objects.filter(provider="swish_number").update(is_active=False)
    opened = client.get("/valet/")
    pausing.pause(None, reason="Attack", by="staff:1")
    page = text_of(client.get("/valet/"))
    assert "Kort och Swish på den här sidan är stängda en stund" in page
    assert "123-4567" in page
    assert 'class="card"' in page
    assert 'name="amount_once"' not in page
    answer = client.post("/valet/ge/", filled(opened))
    assert (answer.status_code, door.requests) == (503, [])
    assert "Inga pengar har dragits." in text_of(answer)
    pausing.resume(None, by="staff:1")
    assert 'name="amount_once"' in text_of(client.get("/valet/"))


def test_a_plain_number_goes_on_while_cards_are_closed(
    client: Client, campaign: Campaign, door: Door, numbers: None
) -> None:
    door.redirect_url = ""
    pausing.pause(None, reason="Attack", by="staff:1")
    opened = client.get("/valet/")
    assert hidden(opened, "way") == "swish_number"
    sent = filled(opened, way="swish_number")
    assert client.post("/valet/ge/", sent)["Location"] == f"/gava/{door.ref}/"
