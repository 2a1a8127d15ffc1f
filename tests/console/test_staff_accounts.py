"""The staff page: invite, give and end roles, end an account, reset a log-in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from fundraise import crypto
from fundraise.audit.models import ChangeLine
from fundraise.ledger.models import LegalEntity
from fundraise.staff import factors
from fundraise.staff.models import RoleHeld
from mailings.models import TransactionalMessage
from tests.console.conftest import PASSWORD, make_user
from tests.log_ins import ENTER, enter

NEW = "correct horse battery staple"
WHY = {"reason": "lost her telephone"}
LogIn = Callable[..., Client]


@pytest.fixture
def adam(log_in: LogIn) -> Client:
    return log_in("adam", "admin")


@pytest.fixture
def rut(party: LegalEntity) -> User:
    user = make_user("rut", "auditor")
    user.email = "rut@parti.example"
    user.save()
    return user


def invite(client: Client, party: LegalEntity) -> User:
    sent = {"name": "Siv Å", "email": "Siv@Parti.example", "role": "second", "entity": party.pk}
    client.post("/staff/people/invite/", sent)
    return User.objects.get(email="siv@parti.example")


def last_link() -> str:
    row = TransactionalMessage.objects.latest("pk")
    assert row.sealed is not None
    mail = json.loads(crypto.unseal(bytes(row.sealed), context=f"mail:{row.message_id}"))
    found = re.search(r"https?://\S+", mail["text"])
    assert found is not None
    return parse_qs(urlsplit(found[0]).query)["key"][0]


def test_somebody_is_invited_sets_up_a_log_in_and_is_in(
    adam: Client, party: LegalEntity, client: Client
) -> None:
    user = invite(adam, party)
    assert (user.get_full_name(), user.has_usable_password()) == ("Siv Å", False)
    key = last_link()

    answer = client.post("/staff/login/password/", {"key": key, "password": NEW})

    assert answer["Location"] == "/staff/"
    assert client.get("/staff/")["Location"] == "/staff/account/second-factor/"
    page = client.get("/staff/account/app/").content.decode()
    found = re.search(r"<code>([A-Z2-7 ]{32,})</code>", page)
    assert found is not None
    secret = found[1].replace(" ", "")
    client.post("/staff/account/app/", {"code": factors.code_now(secret)})
    assert client.get("/staff/").status_code == 200
    assert [r.role for r in RoleHeld.objects.filter(user=user)] == ["second"]
    assert client.get(f"/staff/login/password/?key={key}").status_code == 410


def test_a_new_link_makes_the_old_one_say_nothing(
    adam: Client, party: LegalEntity, client: Client
) -> None:
    user = invite(adam, party)
    old = last_link()

    adam.post(f"/staff/people/{user.pk}/link/")

    assert client.get(f"/staff/login/password/?key={old}").status_code == 410
    assert client.get(f"/staff/login/password/?key={last_link()}").status_code == 200


def test_no_link_is_sent_to_who_has_a_password(adam: Client, rut: User) -> None:
    adam.post(f"/staff/people/{rut.pk}/link/")

    rut.refresh_from_db()
    assert rut.check_password(PASSWORD)
    assert TransactionalMessage.objects.count() == 0


def test_an_address_has_one_account(adam: Client, party: LegalEntity, rut: User) -> None:
    sent = {"name": "R", "email": "RUT@parti.example", "role": "admin", "entity": party.pk}

    answer = adam.post("/staff/people/invite/", sent)

    assert answer.status_code == 422
    assert "Det finns redan ett konto" in answer.content.decode()
    assert User.objects.count() == 2
    assert RoleHeld.objects.filter(user=rut).count() == 1


def test_roles_are_given_and_ended(adam: Client, party: LegalEntity, rut: User) -> None:
    given = {"role": "treasurer", "entity": party.pk, "with_districts": "on"}
    adam.post(f"/staff/people/{rut.pk}/role/", given)
    held = RoleHeld.objects.get(user=rut, role="treasurer")
    assert (held.with_districts, held.ended_at) == (True, None)

    adam.post(f"/staff/people/{rut.pk}/roles/{held.pk}/")

    held.refresh_from_db()
    admin = User.objects.get(username="adam")
    assert held.ended_by == f"staff:{admin.pk}"


def test_nobody_gives_a_role_to_themselves(adam: Client, party: LegalEntity) -> None:
    me = User.objects.get(username="adam")

    answer = adam.post(
        f"/staff/people/{me.pk}/role/", {"role": "treasurer", "entity": party.pk}, follow=True
    )

    assert "Ingen ändrar sina egna roller." in answer.content.decode()
    assert not RoleHeld.objects.filter(user=me, role="treasurer").exists()


def test_an_account_is_ended_with_a_reason_and_logged_out(adam: Client, rut: User) -> None:
    there = Client()
    enter(there, rut)

    assert adam.post(f"/staff/people/{rut.pk}/end/").status_code == 422
    adam.post(f"/staff/people/{rut.pk}/end/", WHY)

    assert there.get("/staff/").status_code == 302
    line = ChangeLine.objects.get(action="staff.account.ended")
    assert (line.subject_ref, line.reason) == (str(rut.pk), "lost her telephone")
    adam.post(f"/staff/people/{rut.pk}/take-up/", WHY)
    rut.refresh_from_db()
    assert rut.is_active


def test_nobody_ends_or_resets_themselves(adam: Client) -> None:
    me = User.objects.get(username="adam")

    for act in ("end", "reset"):
        answer = adam.post(f"/staff/people/{me.pk}/{act}/", WHY, follow=True)
        assert "Min inloggning" in answer.content.decode()

    me.refresh_from_db()
    assert me.is_active
    assert me.check_password(PASSWORD)


def test_a_lost_factor_is_reset_by_another_with_a_mailed_link(
    adam: Client, rut: User, client: Client
) -> None:
    there = Client()
    enter(there, rut)

    adam.post(f"/staff/people/{rut.pk}/reset/", WHY)

    assert there.get("/staff/").status_code == 302
    rut.refresh_from_db()
    assert not rut.has_usable_password()
    assert not factors.has_one(rut)
    answer = client.post("/staff/login/password/", {"key": last_link(), "password": NEW})
    assert answer["Location"] == "/staff/"
    line = ChangeLine.objects.get(action="staff.factors.reset")
    assert line.reason == "lost her telephone"


def test_who_may_see_sees_and_changes_nothing(log_in: LogIn, rut: User) -> None:
    auditor = log_in("rut")

    assert auditor.get("/staff/people/").status_code == 200
    page = auditor.get(f"/staff/people/{rut.pk}/").content.decode()
    assert "Ge rollen" not in page
    assert auditor.post(f"/staff/people/{rut.pk}/end/", WHY).status_code == 403
    assert auditor.get("/staff/people/invite/").status_code == 403


def test_others_see_no_staff(david: Client, rut: User) -> None:
    assert david.get("/staff/people/").status_code == 403
    assert "/staff/people/" not in david.get("/staff/").content.decode()


def test_an_act_opened_by_its_address_leads_back_and_does_nothing(adam: Client, rut: User) -> None:
    assert adam.get(f"/staff/people/{rut.pk}/end/")["Location"] == f"/staff/people/{rut.pk}/"
    rut.refresh_from_db()
    assert rut.is_active


def test_a_session_from_before_has_no_right_to_stay(adam: Client, rut: User) -> None:
    bare = Client()
    ENTER(bare, rut)

    assert bare.get("/staff/")["Location"] == "/staff/account/second-factor/"
