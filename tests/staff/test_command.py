"""The first administrator of an installation, and help when nobody can log in."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from fundraise.audit.models import ChangeLine
from fundraise.ledger.models import LegalEntity
from fundraise.staff import rights
from tests.log_ins import enter
from tests.people import make_party

pytestmark = pytest.mark.django_db
NEW = "correct horse battery staple"


@pytest.fixture
def party() -> LegalEntity:
    return make_party()


def staff(*words: str) -> str:
    out = io.StringIO()
    call_command("staff", *words, stdout=out)
    return out.getvalue()


def path_of(printed: str) -> str:
    split = urlsplit(printed.strip().splitlines()[-1])
    return f"{split.path}?{split.query}"


def test_the_first_administrator_sets_up_a_log_in_by_the_printed_link(party: LegalEntity) -> None:
    page = path_of(staff("admin", "Adam@parti.example", "Adam A"))
    client = Client()
    assert client.get(page).status_code == 200
    key = parse_qs(urlsplit(page).query)["key"][0]

    client.post("/staff/login/password/", {"key": key, "password": NEW})

    adam = User.objects.get(username="adam@parti.example")
    assert not adam.is_superuser
    assert client.get("/staff/")["Location"] == "/staff/account/second-factor/"
    assert rights.may_somewhere(adam, "staff.manage")
    assert "staff:" in staff("list")
    assert "no second factor  admin:" in staff("list")


def test_there_is_no_administrator_of_nothing() -> None:
    with pytest.raises(CommandError, match="no legal entity"):
        staff("admin", "adam@parti.example", "Adam")
    assert User.objects.count() == 0


@pytest.mark.parametrize("address", ["adam", "adam@", "a b@c"])
def test_what_is_no_address_is_refused(address: str, party: LegalEntity) -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        staff("admin", address, "Adam")
    assert User.objects.count() == 0


def test_a_second_account_with_an_address_is_refused(party: LegalEntity) -> None:
    staff("admin", "adam@parti.example", "Adam")

    with pytest.raises(CommandError, match="staff link"):
        staff("admin", "ADAM@parti.example", "Adam")


def test_a_role_is_given_by_short_name(party: LegalEntity) -> None:
    staff("admin", "adam@parti.example", "Adam")

    staff("give", "adam@parti.example", "auditor", party.slug, "--with-districts")

    assert f"auditor:{party.slug}+" in staff("list")
    with pytest.raises(CommandError, match="There are: "):
        staff("give", "adam@parti.example", "auditor", "nowhere")


def test_a_reset_ends_everything_and_prints_a_link(party: LegalEntity) -> None:
    staff("admin", "adam@parti.example", "Adam")
    adam = User.objects.get()
    adam.set_password(NEW)
    adam.save()
    client = Client()
    enter(client, adam)
    with pytest.raises(CommandError, match="staff reset"):
        staff("link", "adam@parti.example")

    page = path_of(staff("reset", "adam@parti.example", "--reason", "lost telephone"))

    assert client.get("/staff/").status_code == 302
    assert Client().get(page).status_code == 200
    assert ChangeLine.objects.get(action="staff.factors.reset").reason == "lost telephone"


def test_the_last_administrator_is_not_ended_here_either(party: LegalEntity) -> None:
    staff("admin", "adam@parti.example", "Adam")

    with pytest.raises(CommandError, match="Give the role to somebody first"):
        staff("end", "adam@parti.example", "--reason", "left")

    assert User.objects.get().is_active


def test_somebody_unknown_is_said_to_be_so(party: LegalEntity) -> None:
    with pytest.raises(CommandError, match="Nobody has that address"):
        staff("link", "nobody@parti.example")
