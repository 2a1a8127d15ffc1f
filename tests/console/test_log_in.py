"""The log-in: password and second factor, limits, links, and what it never tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.staff import accounts, factors, links
from fundraise.staff.adapters import NOWHERE
from fundraise.staff.locks import take_step
from mailings.models import TransactionalMessage
from tests.console.conftest import PASSWORD, make_user
from tests.log_ins import SECRET, enter, give_app
from tests.soft_key import SoftKey

NOON = datetime(2027, 3, 1, 12, 0, 10, tzinfo=UTC)
GIVEN = {"username": "david", "password": PASSWORD}
NEW = "correct horse battery staple"


@pytest.fixture
def david_user(db: None) -> User:
    user = make_user("david")
    user.email = "david@parti.example"
    user.save()
    give_app(user)
    return user


def lines(action: str) -> list[dict[str, Any]]:
    return [line.after for line in ChangeLine.objects.filter(action=action).order_by("pk")]


def inside(client: Client) -> bool:
    return client.get("/staff/").status_code == 200


def code() -> str:
    return factors.code_now(SECRET)


def test_password_and_code_let_somebody_in_and_the_log_says_so(
    client: Client, david_user: User
) -> None:
    first = client.post("/staff/login/?next=/staff/gifts/", {**GIVEN, "next": "/staff/gifts/"})

    assert first["Location"] == "/staff/login/code/"
    assert not inside(client)
    second = client.post("/staff/login/code/", {"code": code()})
    assert second["Location"] == "/staff/gifts/"
    assert inside(client)
    assert lines("staff.login") == [{"how": "totp"}]


def test_the_address_works_as_a_name(client: Client, david_user: User) -> None:
    answer = client.post("/staff/login/", {**GIVEN, "username": "David@parti.example"})

    assert answer["Location"] == "/staff/login/code/"


def test_a_wrong_code_lets_nobody_in(client: Client, david_user: User) -> None:
    client.post("/staff/login/", GIVEN)

    answer = client.post("/staff/login/code/", {"code": "000000"})

    assert "Det stämmer inte. Försök igen." in answer.content.decode()
    assert not inside(client)
    assert lines("staff.login_failed") == [{"step": "second_factor"}]


@time_machine.travel(NOON, tick=False)
def test_a_code_of_the_app_is_good_once(david_user: User) -> None:
    one, other = Client(), Client()
    for client in (one, other):
        client.post("/staff/login/", GIVEN)
    shown = code()

    one.post("/staff/login/code/", {"code": shown})
    answer = other.post("/staff/login/code/", {"code": shown})

    assert inside(one)
    assert not inside(other)
    assert "Koden har använts. Vänta på nästa." in answer.content.decode()


def test_an_earlier_code_is_not_good_after_a_later_one(david_user: User) -> None:
    with time_machine.travel(NOON, tick=False):
        earlier = code()
        factors.check_code(david_user, code())
    with time_machine.travel(NOON + timedelta(seconds=30), tick=False):
        factors.check_code(david_user, code())
        with pytest.raises(factors.FactorError, match="used"):
            factors.check_code(david_user, earlier)
    with (
        time_machine.travel(NOON + timedelta(seconds=90), tick=False),
        pytest.raises(factors.FactorError, match="wrong"),
    ):
        factors.check_code(david_user, earlier)


def test_a_recovery_code_is_good_once_and_its_use_is_logged(
    client: Client, david_user: User
) -> None:
    codes = factors.new_recovery_codes(david_user, by="staff:1")
    assert len(set(codes)) == 10
    client.post("/staff/login/", GIVEN)

    client.post("/staff/login/code/", {"code": f"{codes[3][:4]} {codes[3][4:]}"})

    assert inside(client)
    assert lines("staff.recovery_code.used") == [{"left": 9}]
    assert [m.kind for m in TransactionalMessage.objects.all()] == ["staff-code-used"]
    with pytest.raises(factors.FactorError, match="wrong"):
        factors.check_code(david_user, codes[3])


def test_the_code_page_without_a_password_before_it_leads_to_the_log_in(
    client: Client, david_user: User
) -> None:
    assert client.get("/staff/login/code/")["Location"] == "/staff/login/"
    assert client.post("/staff/login/code/", {"code": code()})["Location"] == "/staff/login/"


def test_nobody_learns_whether_an_account_exists(db: None, david_user: User) -> None:
    ended = make_user("ended")
    User.objects.filter(pk=ended.pk).update(is_active=False)
    outsider = make_user("outsider")
    User.objects.filter(pk=outsider.pk).update(is_staff=False)
    tries = [("david", "wrong"), ("nobody", "wrong"), ("ended", PASSWORD), ("outsider", PASSWORD)]

    pages = []
    for name, password in tries:
        answer = Client().post("/staff/login/", {"username": name, "password": password})
        said = answer.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0]
        pages.append((answer.status_code, said))

    assert len(set(pages)) == 1
    assert "Namnet eller lösenordet stämmer inte." in pages[0][1]


def test_a_forgotten_password_is_answered_alike_for_all_addresses(david_user: User) -> None:
    pages = set()
    for address in ("david@parti.example", "nobody@parti.example"):
        answer = Client().post("/staff/login/forgotten/", {"email": address})
        pages.add(answer.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0])

    assert len(pages) == 1
    assert [m.kind for m in TransactionalMessage.objects.all()] == ["staff-password-link"]


def test_so_many_log_ins_from_one_network_and_no_more(david_user: User, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "login": (3, 600)}
    wrong = {"username": "nobody", "password": "guess"}

    answers = [Client().post("/staff/login/", wrong).status_code for _ in range(5)]

    assert answers == [200, 200, 200, 429, 429]


def test_so_many_guesses_at_one_account_from_anywhere(david_user: User, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "login_name_wide": (3, 3600)}

    answers = [
        Client(REMOTE_ADDR=f"10.0.{n}.1")
        .post("/staff/login/", {"username": "David", "password": f"guess {n}"})
        .status_code
        for n in range(5)
    ]

    assert answers == [200, 200, 200, 429, 429]


def guess(block: int, name: str = "David", client: Client | None = None) -> int:
    browser = client or Client(REMOTE_ADDR=f"10.0.{block}.1")
    answer = browser.post("/staff/login/", {"username": name, "password": "a guess"})
    return int(answer.status_code)


def test_guesses_of_one_network_lock_nobody_out_elsewhere(david_user: User, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "login_name": (3, 3600)}

    assert [guess(1) for _ in range(5)] == [200, 200, 200, 429, 429]

    elsewhere = Client(REMOTE_ADDR="10.0.2.1").post("/staff/login/", GIVEN)
    assert elsewhere["Location"] == "/staff/login/code/"


def test_a_flood_of_guesses_leaves_the_owners_browser_and_passkey_a_way_in(
    client: Client, david_user: User, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "login_name_wide": (3, 3600)}
    key = SoftKey(david_user)
    client.post("/staff/login/", GIVEN)
    client.post("/staff/login/code/", {"code": code()})
    client.post("/staff/logout/")
    assert [guess(n) for n in range(5)] == [200, 200, 200, 429, 429]

    stranger = Client().post("/staff/login/", GIVEN)
    assert stranger.status_code == 429
    assert "Logga in med en inloggningsnyckel" in stranger.content.decode()
    assert client.post("/staff/login/", GIVEN)["Location"] == "/staff/login/code/"
    other = Client()
    other.post("/staff/login/passkey/options/")
    said = key.answer(challenge_of(other), verified=True)
    other.post("/staff/login/passkey/", {"passkey": said})
    assert inside(other)


def test_right_passwords_are_not_counted(david_user: User, settings: Any) -> None:
    small = {"login": (99, 600), "login_name": (2, 3600), "login_name_wide": (2, 3600)}
    settings.LIMITS = {**settings.LIMITS, **small}

    answers = [Client().post("/staff/login/", GIVEN).status_code for _ in range(6)]

    assert answers == [302] * 6


def test_a_known_browser_has_so_many_guesses_too_and_is_known_for_its_owner_alone(
    client: Client, david_user: User, settings: Any
) -> None:
    make_user("eva")
    client.post("/staff/login/", GIVEN)
    client.post("/staff/login/code/", {"code": code()})
    client.post("/staff/logout/")
    settings.LIMITS = {**settings.LIMITS, "login_name": (2, 3600), "login_name_wide": (0, 3600)}

    assert [guess(0, "david", client) for _ in range(3)] == [200, 200, 429]
    assert guess(0, "eva", client) == 429


def test_a_forged_cookie_makes_no_browser_known(david_user: User, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "login_name_wide": (0, 3600)}
    client = Client()
    client.cookies[f"staff_browser_{david_user.pk}"] = "made-up:1abc:signature"

    assert client.post("/staff/login/", GIVEN).status_code == 429


def test_a_log_in_with_a_new_browser_is_told_by_mail_once(client: Client, david_user: User) -> None:
    key = SoftKey(david_user)
    for _ in range(2):
        client.post("/staff/login/passkey/options/")
        said = key.answer(challenge_of(client), verified=True)
        client.post("/staff/login/passkey/", {"passkey": said})
        client.post("/staff/logout/")

    mail = TransactionalMessage.objects.get()
    assert mail.kind == "staff-new-browser"
    kept = client.cookies[f"staff_browser_{david_user.pk}"]
    assert (kept["path"], kept["httponly"], kept["samesite"]) == ("/staff/login/", True, "Lax")


def test_so_many_codes_and_no_more(client: Client, david_user: User, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "login_code": (2, 600)}
    client.post("/staff/login/", GIVEN)
    for guess in ("000000", "000001"):
        client.post("/staff/login/code/", {"code": guess})

    answer = client.post("/staff/login/code/", {"code": code()})

    assert "För många försök" in answer.content.decode()
    assert not inside(client)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/staff/",
        "/valet/",
        "/staff/../valet/",
        "/staff/logout/",
        "javascript:alert(1)",
    ],
)
def test_a_log_in_never_leads_out_of_the_house(
    target: str, client: Client, david_user: User
) -> None:
    client.post("/staff/login/", {**GIVEN, "next": target})

    answer = client.post("/staff/login/code/", {"code": code()})

    assert answer["Location"] == "/staff/"


def test_who_has_no_second_factor_is_led_to_one_before_anything(client: Client, db: None) -> None:
    user = make_user("david", "treasurer")

    assert client.post("/staff/login/", GIVEN)["Location"] == "/staff/"

    for page in ("/staff/", "/staff/gifts/", "/staff/account/", "/staff/people/"):
        assert client.get(page)["Location"] == "/staff/account/second-factor/"
    assert client.post("/staff/account/codes/")["Location"] == "/staff/account/second-factor/"
    assert "Använd en app" in client.get("/staff/account/second-factor/").content.decode()
    assert not factors.has_one(user)


def test_a_passkey_that_says_nonsense_lets_nobody_in(client: Client, david_user: User) -> None:
    client.post("/staff/login/passkey/options/")
    for nonsense in ("", "{}", "[]", '{"response": 3}', '{"id": "x", "response": {}}', "no json"):
        answer = client.post("/staff/login/passkey/", {"passkey": nonsense})
        assert answer.status_code == 200
        assert "godtogs inte" in answer.content.decode()
    assert not inside(client)


def challenge_of(client: Client) -> str:
    kept: str = client.session["mfa.webauthn.state"]["challenge"]
    return kept


def test_a_passkey_alone_logs_in_when_it_asked_its_owner(client: Client, david_user: User) -> None:
    key = SoftKey(david_user)
    client.post("/staff/login/passkey/options/")

    said = key.answer(challenge_of(client), verified=True)
    answer = client.post("/staff/login/passkey/", {"passkey": said})

    assert answer["Location"] == "/staff/"
    assert inside(client)
    assert lines("staff.login") == [{"how": "passkey"}]


@pytest.mark.parametrize("made_by", ["the second step", "the button"])
def test_a_passkey_alone_that_asked_nobody_lets_nobody_in(
    made_by: str, client: Client, david_user: User
) -> None:
    key = SoftKey(david_user)
    if made_by == "the second step":  # its challenge asks for no finger and no number
        client.post("/staff/login/", GIVEN)
        client.get("/staff/login/code/")
    else:
        client.post("/staff/login/passkey/options/")
    said = key.answer(challenge_of(client), verified=False)

    answer = client.post("/staff/login/passkey/", {"passkey": said})

    assert "godtogs inte" in answer.content.decode()
    assert not inside(client)
    if made_by == "the second step":  # after the password it is enough
        client.post("/staff/login/code/", {"code": "", "passkey": said})
        assert inside(client)


def test_so_many_challenges_for_one_network_and_no_more_sessions(db: None, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "login_challenge": (2, 600)}

    answers = [Client().post("/staff/login/passkey/options/") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[2].json() == {}
    assert Session.objects.count() == 2


def test_the_account_of_somebody_who_left_is_out_at_once(client: Client, david_user: User) -> None:
    client.post("/staff/login/", GIVEN)
    client.post("/staff/login/code/", {"code": code()})
    assert inside(client)

    accounts.end(david_user.pk, by="system:test", reason="left")

    assert client.get("/staff/")["Location"].startswith("/staff/login/")
    assert client.post("/staff/login/", GIVEN).status_code == 200


def test_a_log_out_is_posted_and_ends_the_session(client: Client, david_user: User) -> None:
    enter(client, david_user)

    assert client.get("/staff/logout/").status_code == 405
    assert inside(client)
    assert client.post("/staff/logout/")["Location"] == "/staff/login/"
    assert not inside(client)


def test_no_other_page_of_allauth_has_an_address(client: Client, db: None) -> None:
    for name in ("account_signup", "account_email", "mfa_index", "usersessions_list"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/staff/signup/", "/accounts/signup/", "/accounts/login/"):
        assert client.get(path).status_code == 404


def test_secrets_lie_sealed(david_user: User) -> None:
    kept = factors.listed(david_user)

    assert [SECRET in str(factor.data) for factor in kept] == [False]


# --- Links ----------------------------------------------------------------------------------------
def test_a_forgotten_password_is_set_by_a_link_once_and_the_factor_stays(
    client: Client, david_user: User
) -> None:
    key = links.key(david_user, links.PASSWORD)
    page = f"/staff/login/password/?key={key}"
    assert client.get(page).status_code == 200
    assert client.get(page).status_code == 200

    answer = client.post("/staff/login/password/", {"key": key, "password": NEW})

    assert answer["Location"] == "/staff/login/"
    assert not inside(client)
    assert client.get(page).status_code == 410
    assert (
        client.post("/staff/login/password/", {"key": key, "password": PASSWORD}).status_code == 410
    )
    assert client.post("/staff/login/", GIVEN).status_code == 200
    right = client.post("/staff/login/", {**GIVEN, "password": NEW})
    assert right["Location"] == "/staff/login/code/"


def test_a_link_that_is_forged_too_old_or_of_another_kind_says_nothing(
    client: Client, david_user: User
) -> None:
    old = clock.real_now() - timedelta(minutes=61)
    with time_machine.travel(old):
        late = links.key(david_user, links.PASSWORD)
    good = links.key(david_user, links.PASSWORD)
    as_setup = "setup." + good.split(".", 1)[1]
    for key in (late, good[:-1] + ("A" if good[-1] != "A" else "B"), as_setup, "", "x" * 300):
        sent = {"key": key, "password": NEW}
        assert client.post("/staff/login/password/", sent).status_code == 410
    david_user.refresh_from_db()
    assert david_user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "Skriv minst tolv tecken."),
        ("password1234", "För många använder"),
        ("david@parti.example", "för likt ditt namn"),
    ],
)
def test_a_weak_password_is_refused_in_words_and_the_link_stays_good(
    password: str, sentence: str, client: Client, david_user: User
) -> None:
    key = links.key(david_user, links.PASSWORD)

    answer = client.post("/staff/login/password/", {"key": key, "password": password})

    assert sentence in answer.content.decode()
    assert links.opened(key) == (david_user, links.PASSWORD)


def test_the_adapter_is_closed_to_signing_up(db: None) -> None:
    assert get_adapter().is_open_for_signup(RequestFactory().get("/")) is False


def test_passkeys_are_made_for_the_host_of_the_house(settings: Any) -> None:
    settings.BASE_URL = "https://ge.parti.example"

    entity = get_mfa_adapter().get_public_key_credential_rp_entity()

    assert entity == {"id": "ge.parti.example", "name": "fundraise"}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "nonsense", NOWHERE),
    ],
)
def test_the_address_of_a_session_is_what_our_proxies_saw(
    proxies: int, forwarded: str, seen: str, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)

    assert get_adapter().get_client_ip(request) == seen


def test_two_at_once_use_one_code_once(david_user: User) -> None:
    """What the database says of a step of time that two processes take."""
    assert [take_step(david_user.pk, step) for step in (7, 7, 6, 8)] == [True, False, False, True]
