"""One's own log-in: apps, passkeys, recovery codes, password, sessions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.ledger.models import LegalEntity
from fundraise.staff import factors, sessions
from mailings.models import TransactionalMessage
from tests.console.conftest import PASSWORD, make_user
from tests.log_ins import ENTER, SECRET, enter

NEW = "correct horse battery staple"


@pytest.fixture
def newcomer(party: LegalEntity) -> Client:
    """Somebody who logged in just now and has no second factor."""
    user = make_user("siv", "second")
    user.email = "siv@parti.example"
    user.save()
    client = Client()
    enter(client, user, second=False)
    user.authenticator_set.all().delete()  # type: ignore[attr-defined]
    return client


@pytest.fixture
def siv(newcomer: Client) -> User:
    return User.objects.get(username="siv")


def secret_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{32,})</code>", page)
    assert found is not None
    return found[1].replace(" ", "")


def mails() -> list[str]:
    return list(TransactionalMessage.objects.order_by("pk").values_list("kind", flat=True))


def test_an_app_is_set_up_and_ten_recovery_codes_are_shown_once(
    newcomer: Client, siv: User
) -> None:
    secret = secret_on(newcomer.get("/staff/account/app/").content.decode())

    answer = newcomer.post("/staff/account/app/", {"code": factors.code_now(secret)})

    codes = re.findall(r"<li><code>(\d{8})</code></li>", answer.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in answer["Cache-Control"]
    assert newcomer.get("/staff/").status_code == 200
    assert codes[0] not in newcomer.get("/staff/account/").content.decode()
    assert mails() == ["staff-factor-added"]
    added = ChangeLine.objects.filter(action="staff.factor.added").get()
    assert (added.by, added.after) == (f"staff:{siv.pk}", {"kind": "totp"})


def test_a_session_that_began_with_a_password_alone_ends_when_a_factor_is_set_up(
    newcomer: Client, siv: User
) -> None:
    """Somebody who has the password may wait in another session for the factor to come."""
    stranger = Client()
    enter(stranger, siv, second=False)
    siv.authenticator_set.all().delete()  # type: ignore[attr-defined]
    assert stranger.get("/staff/")["Location"] == "/staff/account/second-factor/"
    secret = secret_on(newcomer.get("/staff/account/app/").content.decode())

    newcomer.post("/staff/account/app/", {"code": factors.code_now(secret)})

    answer = stranger.get("/staff/gifts/")
    assert (answer.status_code, answer["Location"]) == (302, "/staff/login/?next=/staff/gifts/")
    assert "_auth_user_id" not in stranger.session
    assert newcomer.get("/staff/gifts/").status_code == 200


def test_a_wrong_code_sets_nothing_up_and_keeps_the_secret(newcomer: Client, siv: User) -> None:
    secret = secret_on(newcomer.get("/staff/account/app/").content.decode())

    answer = newcomer.post("/staff/account/app/", {"code": "000000"})

    assert "Det stämmer inte. Försök igen." in answer.content.decode()
    assert secret_on(answer.content.decode()) == secret
    assert not factors.has_one(siv)


def test_the_secret_on_its_way_lies_sealed_in_the_session(newcomer: Client) -> None:
    secret = secret_on(newcomer.get("/staff/account/app/").content.decode())

    assert secret not in str(dict(newcomer.session))


def test_there_is_one_app(siv: User) -> None:
    factors.add_app(siv, SECRET, factors.code_now(SECRET), by="staff:1")

    with pytest.raises(factors.FactorError, match="there_is_one"):
        factors.add_app(siv, SECRET, factors.code_now(SECRET), by="staff:1")


def test_the_only_factor_stays(david: Client) -> None:
    user = User.objects.get(username="david")
    (app,) = factors.listed(user)

    answer = david.post(f"/staff/account/factors/{app.pk}/", follow=True)

    assert "Det är ditt enda andra steg." in answer.content.decode()
    assert factors.has_one(user)


def test_nobody_takes_away_the_factor_of_another(david: Client, party: LegalEntity) -> None:
    other = make_user("other")
    enter(Client(), other)
    (app,) = factors.listed(other)

    david.post(f"/staff/account/factors/{app.pk}/")

    assert factors.has_one(other)


def test_new_recovery_codes_make_the_old_ones_worthless(david: Client) -> None:
    user = User.objects.get(username="david")
    old = factors.new_recovery_codes(user, by="staff:1")

    answer = david.post("/staff/account/codes/")

    new = re.findall(r"<li><code>(\d{8})</code></li>", answer.content.decode())
    assert not set(old) & set(new)
    with pytest.raises(factors.FactorError, match="wrong"):
        factors.check_code(user, old[0])
    assert factors.check_code(user, new[0]).type == "recovery_codes"


def test_another_password_ends_the_other_sessions(david: Client) -> None:
    user = User.objects.get(username="david")
    other = Client()
    ENTER(other, user)

    answer = david.post("/staff/account/password/", {"password": NEW})

    assert answer["Location"] == "/staff/account/"
    assert david.get("/staff/").status_code == 200
    assert other.get("/staff/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_password_and_factors_ask_who_is_there(party: LegalEntity) -> None:
    user = make_user("david", "treasurer")
    client = Client()
    enter(client, user, minutes_ago=16)

    assert client.post("/staff/account/password/", {"password": NEW}).status_code == 403
    assert client.get("/staff/account/passkey/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def whole_log_in(name: str, code: str, agent: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/staff/login/", {"username": name, "password": PASSWORD})
    client.post("/staff/login/code/", {"code": code})
    return client


def test_sessions_are_listed_and_one_is_ended_elsewhere(party: LegalEntity) -> None:
    user = make_user("david", "treasurer")
    enter(Client(), user)
    codes = factors.new_recovery_codes(user, by="staff:1")
    here = whole_log_in("david", codes[0], "Mozilla/5.0 (X11; Linux) Firefox/140.0")
    there = whole_log_in("david", codes[1], "Mozilla/5.0 (iPhone) Version/19 Safari/605")
    third = whole_log_in("david", codes[2], "")
    page = here.get("/staff/account/").content.decode()
    assert "Firefox · Linux" in page
    assert "Safari · iPhone" in page
    key = re.findall(r'name="session" value="(\d+)"', page)[1]

    here.post("/staff/account/sessions/", {"session": key})

    assert [c.get("/staff/").status_code for c in (here, there, third)] == [200, 302, 200]
    here.post("/staff/account/sessions/")
    assert [c.get("/staff/").status_code for c in (here, there, third)] == [200, 302, 302]
    ended = ChangeLine.objects.filter(action="staff.sessions.ended").order_by("pk")
    assert [line.after for line in ended] == [{"count": 1}, {"count": 1}]


def test_nobody_ends_the_session_of_another(david: Client) -> None:
    other = make_user("other")
    enter(Client(), other)
    codes = factors.new_recovery_codes(other, by="staff:1")
    there = whole_log_in("other", codes[0], "")
    session = other.usersession_set.get()  # type: ignore[attr-defined]

    david.post("/staff/account/sessions/", {"session": str(session.pk)})

    assert there.get("/staff/").status_code == 200


def test_sessions_that_are_over_are_forgotten_with_their_addresses(party: LegalEntity) -> None:
    user = make_user("david", "treasurer")
    enter(Client(), user)
    codes = factors.new_recovery_codes(user, by="staff:1")
    over = whole_log_in("david", codes[0], "")
    alive = whole_log_in("david", codes[1], "")
    key = str(over.session.session_key)
    now = clock.real_now()
    Session.objects.filter(session_key=key).update(expire_date=now - timedelta(minutes=1))

    assert sessions.prune(now) == 1

    kept = user.usersession_set.values_list("session_key", flat=True)  # type: ignore[attr-defined]
    assert list(kept) == [alive.session.session_key]
