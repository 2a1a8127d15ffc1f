"""Links are asked for before an appeal leaves: what is gone blocks, what is unsure is said so."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.cache import cache

from fundraise.campaigns.models import Campaign
from fundraise.hooks import calling
from fundraise.hooks.calling import Answer
from mailings.appeals import preflight
from mailings.appeals.looks import live
from mailings.appeals.looks.live import Found
from tests.mailings.appeals import house

THERE, GONE, BROKEN = "https://a.example/", "https://b.example/x#part", "https://c.example/"


@pytest.fixture
def asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked for; the sites answer as their names say."""
    settings.MAIL_LINK_CHECKS = True
    settings.BASE_URL = "https://ge.example"
    answers = {"a": Answer(403), "b": Answer(404), "c": Answer(503), "party": Answer(404)}
    seen: list[str] = []

    def look(url: str, _seconds: float) -> Answer:
        seen.append(url)
        return answers[url.removeprefix("https://").partition(".")[0]]

    monkeypatch.setattr(calling, "look", look)
    return seen


def test_only_a_server_that_has_no_such_page_is_sure_and_sure_answers_are_kept(
    asked: list[str],
) -> None:
    said = {THERE: Found.ANSWERS, GONE: Found.GONE, BROKEN: Found.NOT_CHECKED}
    assert live.check([THERE, GONE, BROKEN, THERE]) == said
    assert sorted(asked) == [THERE, "https://b.example/x", BROKEN]
    assert live.check([THERE, GONE, BROKEN]) == said
    assert asked[3:] == [BROKEN]


def test_our_own_addresses_are_known_in_either_language_without_asking(
    campaign: Campaign, asked: list[str]
) -> None:
    ours = ["https://ge.example/valet/?belopp=100", "https://ge.example/en/valet/"]
    wrong = ["https://ge.example/en/no/such/page/", "https://ge.example/valt/"]
    said = dict.fromkeys(ours, Found.ANSWERS) | dict.fromkeys(wrong, Found.GONE)
    assert live.check([*ours, *wrong]) == said
    Campaign.objects.filter(pk=campaign.pk).update(status="draft")
    assert live.check(ours) == dict.fromkeys(ours, Found.GONE)
    assert asked == []


def test_who_is_slow_is_not_waited_for_and_where_it_is_off_nobody_is_asked(
    asked: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:

    def slow(_url: str, _seconds: float) -> Answer:
        go_on.wait(60)
        return Answer(200)

    go_on = threading.Event()
    monkeypatch.setattr(live, "SECONDS", 0.05)
    monkeypatch.setattr(calling, "look", slow)
    assert live.check([THERE]) == {THERE: Found.NOT_CHECKED}
    go_on.set()
    settings.MAIL_LINK_CHECKS = False
    assert live.check([BROKEN]) == {BROKEN: Found.NOT_CHECKED}


def test_a_link_that_leads_nowhere_stops_the_schedule(
    campaign: Campaign, asked: list[str], settings: Any
) -> None:
    appeal = house.written(campaign)
    point = {check.code: check for check in preflight.run(appeal)}["links_live"]
    assert (point.state, point.args["hosts"]) == (preflight.BLOCK, ["party.example"])
    settings.MAIL_LINK_CHECKS = False
    cache.clear()
    point = {check.code: check for check in preflight.run(appeal)}["links_live"]
    assert point.state == preflight.UNKNOWN
