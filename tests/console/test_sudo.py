"""Sudo mode: dangerous acts ask once more who is there, lose nothing and are done once."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.providers.models import Account
from fundraise.staff import factors
from fundraise.staff.models import Approval
from tests.console.conftest import PASSWORD, LogIn, make_user
from tests.console.house import furnish
from tests.log_ins import SECRET, enter

INVITE = "/staff/people/invite/"
SENT = {"name": "Rut Åberg & co", "email": "rut@parti.example", "role": "auditor"}


@pytest.fixture
def adam(party: LegalEntity) -> User:
    return make_user("adam", "admin")


@pytest.fixture
def late(adam: User) -> Client:
    """Adam, who showed who he is 16 minutes ago."""
    client = Client()
    enter(client, adam, minutes_ago=16)
    return client


def sent(entity: LegalEntity) -> dict[str, str]:
    return {**SENT, "entity": str(entity.pk)}


def carried(page: str) -> dict[str, str]:
    """What the form with the code would send again."""
    form = page.split('id="again-form"')[1]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}


def how() -> list[object]:
    return [line.after["how"] for line in ChangeLine.objects.filter(action="staff.sudo")]


def invited() -> int:
    return User.objects.filter(email="rut@parti.example").count()


def test_within_fifteen_minutes_nothing_is_asked(adam: User) -> None:
    client = Client()
    enter(client, adam, minutes_ago=14)

    assert client.get(INVITE).status_code == 200


def test_a_page_asks_and_leads_back(late: Client) -> None:
    asked = late.get(INVITE)
    assert asked["Location"] == "/staff/again/?next=%2Fstaff%2Fpeople%2Finvite%2F"

    again = late.post(asked["Location"], {"again": "1", "again_code": factors.code_now(SECRET)})

    assert again["Location"] == INVITE
    assert late.get(INVITE).status_code == 200
    assert how() == ["totp"]


def test_what_was_posted_is_asked_about_in_place_and_done_once(
    late: Client, party: LegalEntity
) -> None:
    asked = late.post(INVITE, sent(party))

    assert asked.status_code == 403
    assert invited() == 0
    fields = carried(asked.content.decode())
    assert fields["name"] == "Rut Åberg & co"
    done = late.post(INVITE, {**fields, "again_code": factors.code_now(SECRET)})
    assert done.status_code == 302
    assert invited() == 1
    twice = late.post(INVITE, {**fields, "again_code": factors.code_now(SECRET)})
    assert "Det finns redan ett konto" in twice.content.decode()
    assert invited() == 1


def test_a_wrong_answer_does_nothing_and_keeps_what_was_typed(
    late: Client, party: LegalEntity
) -> None:
    first = carried(late.post(INVITE, sent(party)).content.decode())

    wrong = late.post(INVITE, {**first, "again_password": "a wrong password"})

    assert wrong.status_code == 403
    assert "Det stämmer inte. Försök igen." in wrong.content.decode()
    assert carried(wrong.content.decode()) == first
    assert invited() == 0
    assert how() == []


def test_the_password_is_enough(late: Client, party: LegalEntity) -> None:
    late.post(INVITE, {**sent(party), "again": "1", "again_password": PASSWORD})

    assert invited() == 1
    assert how() == ["password"]


def test_saying_nothing_is_not_an_answer(late: Client, party: LegalEntity) -> None:
    answer = late.post(INVITE, {**sent(party), "again": "1"})

    assert answer.status_code == 403
    assert invited() == 0


def test_who_may_not_is_refused_without_being_asked(party: LegalEntity) -> None:
    client = Client()
    enter(client, make_user("david", "treasurer"), minutes_ago=60)

    assert client.post(INVITE, SENT).status_code == 403
    assert "Inte för ditt konto" in client.get(INVITE).content.decode()


def test_it_is_asked_again_when_it_was_long_ago(late: Client, adam: User) -> None:
    late.post("/staff/again/", {"again": "1", "again_password": PASSWORD})
    assert late.get(INVITE).status_code == 200

    enter(late, adam, minutes_ago=15)

    assert late.get(INVITE).status_code == 302


def test_guesses_are_counted(late: Client, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "login_code": (2, 600)}
    for guess in ("000000", "000001"):
        late.post("/staff/again/", {"again": "1", "again_code": guess})

    answer = late.post("/staff/again/", {"again": "1", "again_password": PASSWORD})

    assert answer.status_code == 403
    assert "För många försök" in answer.content.decode()


def test_somebody_who_is_not_logged_in_is_led_to_the_log_in(client: Client, db: None) -> None:
    assert client.post("/staff/again/", {"again": "1"})["Location"] == "/staff/"
    assert client.post(INVITE, SENT)["Location"].startswith("/staff/login/")


def test_a_yes_to_a_refund_asks_and_a_no_does_not(
    campaign: Campaign, stripe: Account, log_in: LogIn
) -> None:
    log_in("boss")
    awaiting = furnish(campaign, stripe).awaiting
    question = Approval.objects.get(subject_ref=awaiting.ref)
    client = Client()
    enter(client, make_user("siv", "second"), minutes_ago=16)
    page = f"/staff/second/{question.ref}/"
    assert client.get(page).status_code == 200

    asked = client.post(page, {"answer": "yes", "reason": ""})

    assert asked.status_code == 403
    awaiting.refresh_from_db()
    assert awaiting.state == "awaiting_second"
    fields = carried(asked.content.decode())
    client.post(page, {**fields, "again_password": PASSWORD})
    awaiting.refresh_from_db()
    assert awaiting.state == "queued"


def test_a_file_can_not_be_carried_and_is_said_to_be_chosen_again(
    late: Client, party: LegalEntity
) -> None:
    file = SimpleUploadedFile("list.csv", b"namn")

    asked = late.post(INVITE, {**sent(party), "file": file})

    page = asked.content.decode()
    assert asked.status_code == 403
    assert "Välj den igen" in page
    assert 'action="/staff/again/?next=%2Fstaff%2Fpeople%2Finvite%2F"' in page
    assert carried(page) == {"again": "1"}


def test_a_clock_that_was_set_back_gives_no_time(adam: User) -> None:
    client = Client()
    enter(client, adam, minutes_ago=-5)

    assert client.get(INVITE).status_code == 302


def test_what_another_showed_in_this_browser_counts_for_nobody_else(
    adam: User, party: LegalEntity
) -> None:
    client = Client()
    enter(client, adam)
    session = client.session
    session["account_authentication_methods_user"] = str(adam.pk + 1)
    session.save()

    assert client.get(INVITE).status_code == 302
