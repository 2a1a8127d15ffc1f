"""Around the pages: log-in, language, policy, and Django's admin for staff alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from fundraise.campaigns.models import Campaign
from tests.console.conftest import LogIn, make_user

LOGGED_IN = {"username": "david", "password": "a long enough password"}


def directives(policy: str) -> dict[str, set[str]]:
    parts = (part.split() for part in policy.split(";"))
    return {name: set(values) for name, *values in parts}


def test_staff_policy_allows_eval_and_nothing_inline(campaign: Campaign, reader: Client) -> None:
    answer = reader.get("/staff/")

    said = directives(answer["Content-Security-Policy"])
    nonce = re.search(r'<style nonce="([^"]+)">', answer.content.decode())
    assert nonce is not None
    assert said["script-src"] == {"'self'", f"'nonce-{nonce[1]}'", "'unsafe-eval'"}
    assert said["style-src"] == {"'self'", f"'nonce-{nonce[1]}'"}
    assert said["default-src"] == said["frame-ancestors"] == {"'none'"}


def test_public_pages_keep_their_own_policy(campaign: Campaign, client: Client) -> None:
    said = directives(client.get("/valet/")["Content-Security-Policy"])

    assert "'unsafe-eval'" not in said["script-src"]


def test_log_in_leads_to_the_first_page(client: Client, db: None) -> None:
    make_user("david")

    answer = client.post("/staff/login/", LOGGED_IN)

    assert answer["Location"] == "/staff/"


def test_log_in_never_leads_out_of_the_house(client: Client, db: None) -> None:
    make_user("david")

    answer = client.post("/staff/login/?next=https://evil.example/", LOGGED_IN)

    assert "evil" not in answer["Location"]


def test_somebody_who_is_not_staff_is_kept_out(client: Client, db: None) -> None:
    user = make_user("david")
    user.is_staff = False
    user.save()

    assert client.post("/staff/login/", LOGGED_IN).status_code == 200
    assert client.get("/staff/").status_code == 302


def test_language_is_swedish_until_chosen_and_kept_in_a_cookie(reader: Client, db: None) -> None:
    assert '<html lang="sv"' in reader.get("/staff/").content.decode()

    answer = reader.post("/staff/language/", {"language": "en", "next": "/staff/gifts/"})

    assert answer["Location"] == "/staff/gifts/"
    assert answer.cookies["django_language"]["path"] == "/staff/"
    assert '<html lang="en"' in reader.get("/staff/").content.decode()


@pytest.mark.parametrize("target", ["//evil.example/staff/", "https://evil.example", "/valet/", ""])
def test_language_leads_back_into_the_staff_pages(target: str, client: Client) -> None:
    answer = client.post("/staff/language/", {"language": "xx", "next": target})

    assert answer["Location"] == "/staff/"
    assert "django_language" not in answer.cookies


def test_admin_edits_staff_and_nothing_else() -> None:
    registered = {model.__name__ for model in admin.site._registry}

    assert registered == {"User"}


def test_only_who_may_manages_staff(log_in: LogIn) -> None:
    assert log_in("boss").get("/staff/auth/user/").status_code == 200
    assert log_in("david", "treasurer").get("/staff/auth/user/").status_code == 403


def test_form_without_its_token_does_nothing(campaign: Campaign) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("david", "treasurer"))

    assert client.post("/staff/gifts/new/", {"amount_ore": "5"}).status_code == 403


def test_log_in_is_tried_so_often_and_no_more(db: None, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "login": (3, 600)}
    wrong = {"username": "david", "password": "guess"}
    answers = [Client().post("/staff/login/", wrong).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
