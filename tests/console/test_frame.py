"""Around the pages: log-in, language, policy, and Django's admin for staff alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import Client

from fundraise.campaigns.models import Campaign
from fundraise.console.templatetags.staff import sideways
from tests.console.conftest import LogIn, make_user

TEMPLATES = Path(__file__).resolve().parents[2] / "fundraise" / "console" / "templates"


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


def test_no_row_is_edited_in_djangos_admin(log_in: LogIn) -> None:
    assert admin.site._registry == {}
    assert log_in("boss").get("/staff/auth/user/").status_code == 404


def test_every_table_that_scrolls_can_be_reached_by_keyboard_and_has_a_name() -> None:
    bare = [
        path.name
        for path in TEMPLATES.rglob("*.html")
        for frame in re.findall(r'<div class="scroll[^>]*>', path.read_text(encoding="utf-8"))
        if "{% sideways " not in frame
    ]

    assert bare == []
    shown = str(sideways("What is 'kept' & why"))
    assert 'role="region" tabindex="0"' in shown
    assert 'aria-label="Tabell: What is &#x27;kept&#x27; &amp; why"' in shown


def test_whoever_goes_by_keys_skips_the_menu(campaign: Campaign, reader: Client) -> None:
    page = reader.get("/staff/").content.decode()
    body = page[page.index("<body") :]

    first = re.search(r"<a\b[^>]*>([^<]*)</a>", body)
    assert first is not None
    assert first[0] == '<a class="skip" href="#contents">Till innehållet</a>'
    assert body.count("<main") == body.count('<main class="console" id="contents"') == 1


def test_unfolds_search_is_not_there(campaign: Campaign, reader: Client) -> None:
    assert reader.get("/staff/search/", {"s": "a"}).status_code == 404
    page = reader.get("/staff/").content.decode()
    assert ("/staff/search/" in page, "searchCommand" in page) == (False, False)


def test_form_without_its_token_does_nothing(campaign: Campaign) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("david", "treasurer"))

    assert client.post("/staff/gifts/new/", {"amount_ore": "5"}).status_code == 403
