"""The way in: a link by mail, and no hint to anybody about who gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client

from donors.models import ContactPoint
from fundraise import clock
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.give import tasks
from fundraise.give.mine import going, login
from fundraise.give.mine.people import Person
from fundraise.give.models import LoginLink, Visit
from fundraise.jobs.models import JobRun
from fundraise.pledges.models import Pledge
from fundraise.reporting import receipts
from tests.give.form import hidden
from tests.give.mine.browsing import (
    HOME,
    ask,
    deliver,
    key_in,
    link_in,
    log_in,
    mails,
    said,
    visit,
)
from tests.people import NOON
from tests.pledging import House, pay

ANNA = "anna@example.se"


@pytest.fixture
def later() -> Iterator[Any]:
    """Real time in the test's hands: links and visits go by it."""
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


def test_the_answer_is_the_same_for_whoever_is_known_and_whoever_is_not(
    house: House, client: Client
) -> None:
    house.sign_up()
    answers = [ask(client, address) for address in (ANNA, "nobody@example.org")]
    assert [(a.status_code, a["Location"]) for a in answers] == [(303, "/mina-sidor/lank/")] * 2
    assert [a.content for a in answers] == [b"", b""]
    assert LoginLink.objects.count() == 2  # the same work for both, before anybody is looked up
    assert mails() == []
    deliver()
    (mail,) = mails()
    assert LoginLink.objects.exclude(address_sealed=None).count() == 1  # the other is forgotten
    assert link_in(mail).startswith("/mina-sidor/in/?key=")
    assert "anna" not in link_in(mail)
    assert "inkorg" in said(client.get("/mina-sidor/lank/"))


def test_a_link_logs_in_once_by_its_button_and_never_by_being_opened(
    house: House, client: Client
) -> None:
    house.sign_up()
    ask(client, ANNA)
    deliver()
    link = link_in(mails()[0])
    for _ in range(3):  # scanners of mail open every link
        opened = client.get(link)
        assert (opened.status_code, "a•••@example.se" in said(opened)) == (200, True)
    assert (Visit.objects.count(), LoginLink.objects.get().used_at) == (0, None)
    assert "mine" not in client.cookies

    entered = client.post(urlsplit(link).path, {"key": key_in(link)})
    cookie = entered.cookies["mine"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    assert "200 kr varje månad" in said(client.get(HOME))
    again = Client().post(urlsplit(link).path, {"key": key_in(link)})
    assert (again.status_code, "har använts" in said(again)) == (410, True)
    assert Visit.objects.count() == 1
    assert Client().get(link).status_code == 410


def test_a_link_is_good_for_fifteen_minutes(house: House, client: Client, later: Any) -> None:
    house.sign_up()
    ask(client, ANNA)
    deliver()
    link = link_in(mails()[0])
    later.shift(timedelta(minutes=15, seconds=1))
    assert client.post(urlsplit(link).path, {"key": key_in(link)}).status_code == 410
    assert client.post(urlsplit(link).path, {"key": "made-up"}).status_code == 410
    assert Visit.objects.count() == 0


def test_a_fact_that_is_told_twice_mails_once_and_an_old_one_not_at_all(
    house: House, client: Client, later: Any
) -> None:
    house.sign_up()
    ask(client, ANNA)
    first = LoginLink.objects.get()
    login.send(first.pk)
    login.send(first.pk)
    assert len(mails()) == 1
    login.ask(ANNA, "sv")
    later.shift(timedelta(hours=1, seconds=1))
    login.send(LoginLink.objects.latest("pk").pk)
    assert len(mails()) == 1


def test_asking_is_held_back_and_says_the_same(house: House, client: Client, settings: Any) -> None:
    house.sign_up()
    settings.LIMITS = settings.LIMITS | {"mine-link-email": (2, 3600)}
    assert {ask(client, ANNA)["Location"] for _ in range(4)} == {"/mina-sidor/lank/"}
    deliver()
    assert len(mails()) == 2
    settings.LIMITS = settings.LIMITS | {"mine-link": (1, 600)}
    held = [ask(client, f"{n}@example.org").status_code for n in range(2)]
    assert 429 in held


def test_what_is_wrong_is_said_and_nothing_is_sent(house: House, client: Client) -> None:
    wrong = ask(client, "anna@")
    assert wrong.status_code == 422
    assert 'value="anna@"' in wrong.content.decode()
    assert client.post("/mina-sidor/lank/", {"email": ANNA, "token": "x"}).status_code == 400
    evil = Client(headers={"origin": "https://evil.example"})
    assert evil.post("/mina-sidor/lank/", {"email": ANNA}).status_code == 403
    assert LoginLink.objects.count() == 0


def test_a_visit_ends_when_it_lies_idle_when_it_is_old_and_when_one_logs_out(
    house: House, client: Client, later: Any
) -> None:
    house.go_to(clock.local_date(NOON))
    pledge = house.sign_up()
    visit(client, ANNA)
    for _ in range(11):  # each page gives it twenty minutes more, up to four hours
        later.shift(timedelta(minutes=19))
        assert "varje månad" in said(client.get(HOME))
    kept = client.cookies["mine"].value
    later.shift(timedelta(minutes=21))
    assert "Mejla mig en länk" in said(client.get(HOME))
    client.cookies["mine"] = kept
    assert "Mejla mig en länk" in said(client.get(HOME))

    visit(client, ANNA)
    stolen = client.cookies["mine"].value
    left = client.post("/mina-sidor/ut/")
    assert (left.cookies["mine"].value, "Du är utloggad" in said(left)) == ("", True)
    thief = Client()
    thief.cookies["mine"] = stolen
    for page in (HOME, f"/mina-sidor/manadsgava/{pledge.ref}/belopp/", "/mina-sidor/gavor/"):
        assert "Mejla mig en länk" in said(thief.get(page))
    later.shift(timedelta(hours=5))
    tasks.tidy()
    assert Visit.objects.count() == 0
    assert JobRun.objects.filter(name="my-pages-tidy").exists()


def test_a_change_brings_a_new_secret_and_two_presses_at_once_both_arrive(
    house: House, client: Client, later: Any
) -> None:
    house.go_to(clock.local_date(NOON))
    pledge = house.active()
    visit(client, ANNA)
    first = client.cookies["mine"].value
    later.shift(timedelta(minutes=6))
    path = f"/mina-sidor/manadsgava/{pledge.ref}/belopp/"
    assert client.post(path, {"amount": "250"}).status_code == 303
    second = client.cookies["mine"].value
    assert second != first
    twin = Client()
    twin.cookies["mine"] = first
    answer = twin.post(path, {"amount": "250"})
    assert (answer.status_code, "mine" in answer.cookies) == (303, False)
    later.shift(timedelta(seconds=61))
    assert "Mejla mig en länk" in said(twin.get(HOME))
    assert "250 kr" in said(client.get(HOME))


def test_staff_and_donors_never_share_a_session(house: House, client: Client) -> None:
    house.sign_up()
    client.force_login(User.objects.create_superuser("david"))
    assert "Mejla mig en länk" in said(client.get(HOME))
    donor = visit(Client(), ANNA)
    assert donor.get("/staff/").status_code == 302
    assert "sessionid" not in donor.get(HOME).cookies


def test_every_page_stays_in_this_browser_and_holds_no_address_in_its_own(
    house: House, client: Client
) -> None:
    house.sign_up()
    log_in(client, ANNA)
    for path in (HOME, "/en/my-pages/", "/mina-sidor/gavor/", "/mina-sidor/uppgifter/"):
        page = client.get(path)
        assert page["Cache-Control"] == "private, no-store"
        assert (page["X-Robots-Tag"], page["Vary"]) == ("noindex", "Cookie")
        assert "unsafe" not in page["Content-Security-Policy"]
        assert "@example.se" not in page.content.decode().split("<main")[0]


def test_answering_from_an_address_confirms_it(house: House, client: Client) -> None:
    house.sign_up()
    deliver()
    point = ContactPoint.objects.get()
    assert point.state == "unconfirmed"
    log_in(client, ANNA)
    point.refresh_from_db()
    assert point.state == "confirmed"


def entered(client: Client) -> str:
    """The newest mail's button: where it leads."""
    deliver()
    link = link_in(mails()[-1])
    answer = client.post(urlsplit(link).path, {"key": key_in(link)})
    assert answer.status_code == 303
    return str(answer["Location"])


def test_whoever_came_by_a_receipts_link_lands_on_it_after_the_log_in_and_on_none_of_anothers(
    house: House, client: Client
) -> None:
    pay(house.send_next(house.active()))
    receipt = receipts.of_gift(Gift.objects.get().pk, by="staff:1")
    assert receipt is not None
    year = clock.local_date(receipt.gift.received_at or clock.now()).year
    paths = [f"{HOME}kvitto/{receipt.ref}/", f"{HOME}gavor/{year}/", f"{HOME}uppgifter/",
             f"{HOME}manadsgava/{Pledge.objects.get().ref}/avsluta/"]  # fmt: skip
    ask(client, ANNA, paths[0])
    assert entered(client) == paths[0]
    assert f"Kvittonummer {receipt}" in said(client.get(paths[0]))
    elsewhere = [f"/en/my-pages/receipt/{receipt.ref}/", *paths[1:]]
    # Another's monthly gift, no receipt of hers and a year without gifts lead to the front.
    other = house.sign_up(giver=Giver(name="Bo Ek", email="bo@example.se"))
    not_hers = [f"{HOME}manadsgava/{other.ref}/avsluta/", f"{HOME}kvitto/{uuid4()}/",
                f"{HOME}gavor/1999/"]  # fmt: skip
    for path in [*elsewhere, *not_hers]:
        assert going.kept(path) == path
    anna = Person(ANNA)
    assert [going.where(path, anna, "sv") for path in elsewhere] == elsewhere
    assert [going.where(path, anna, "sv") for path in not_hers] == [HOME] * 3
    forged = ("//evil.example/", "https://evil.example/", "/staff/", "/mina-sidor/in/", "",
              "/\\evil.example", "/l/x/1", "/" + "x" * 300)  # fmt: skip
    assert {going.kept(path) for path in forged} == {""}
    assert {going.where(path, anna, "sv") for path in forged} == {HOME}
    browser = Client()
    token = hidden(browser.get(HOME), "token")
    browser.post("/mina-sidor/lank/", {"email": ANNA, "token": token, "next": forged[0]})
    assert LoginLink.objects.latest("pk").going_to == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        LoginLink.objects.create(
            language="sv", asked_at=clock.real_now(), going_to="//evil.example/"
        )
