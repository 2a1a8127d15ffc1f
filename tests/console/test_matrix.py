"""Every role, for its own entity and for another, at every page and act of the staff pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from fundraise.campaigns.models import Campaign
from fundraise.console import entries, shell
from fundraise.ops import permissions
from fundraise.providers.models import Account
from fundraise.staff.entries import ANYBODY, Entry
from fundraise.staff.roles import PERMISSIONS, Role, of_role
from tests.console.districts import Land, make_land
from tests.console.house import House
from tests.console.matrix import ROWS, connect_others, tie_donor
from tests.matrix import ACTORS, FULL, Actor, allowed, snapshot, told_by

REFUSALS = {403, 404, 422}
ENTRIES = sorted(entries.entries())
# Who is let through is no matter of how a page looks, and drawing it takes most of the time: who
# may most sees theirs drawn, and one of many the pages' refusals. `make prove` draws for all.
DRAWN_FOR = {"superuser": True, "treasurer-party": False}  # what is done, or what is refused


@dataclass(frozen=True)
class Try:
    """One request, and the status that it must get."""

    entry: Entry
    house: House
    url: str
    form: dict[str, Any]
    expected: int

    def by(self, client: Client) -> int:
        send = client.get if self.entry.method == "GET" else client.post
        return int(send(self.url, self.form).status_code)


@pytest.fixture
def land(campaign: Campaign, stripe: Account, monkeypatch: pytest.MonkeyPatch) -> Land:
    monkeypatch.setattr("fundraise.providers.stripe.StripeProvider.facts", lambda *_: [])
    made = make_land(campaign, stripe)
    for house in (made.party, made.district):
        tie_donor(house)
    connect_others(made.party)
    return made


def tries(actor: Actor, land: Land) -> list[Try]:
    """Every entry that the actor tells, in the party's house and in the district's."""
    party, district = land.party.campaign.entity, land.district.campaign.entity
    held = actor.entities(party, district)
    found = []
    for entry in told_by(actor, ENTRIES):
        row = ROWS[entry.name]
        may = held
        if entry.permission != ANYBODY:
            given = allowed(actor, entry.permission, held, party.pk)
            may = set() if given is None else given
        for house in _told_apart(actor, entry, may, land):
            url = reverse(entry.name, kwargs=row.at(house) if row.at else {})
            form = row.send(house) if entry.method == "POST" else {}
            found.append(Try(entry, house, url, form, _expected(entry, house, may)))
    return found


def _told_apart(actor: Actor, entry: Entry, may: set[int], land: Land) -> list[House]:
    """Both houses, or one where the other's answer can't differ: nobody is let in anywhere, or
    neither the address nor the form names an entity; and of a role with its districts, the
    district's, since the same role without them tells of the party. `make prove` tries both."""
    row = ROWS[entry.name]
    if actor.held == "both" and not FULL:
        return [land.district]
    alike = not may or (row.at is None and not row.chosen)
    return [land.party] if alike and not FULL else [land.party, land.district]


def _expected(entry: Entry, house: House, may: set[int]) -> int:
    row = ROWS[entry.name]
    done = row.get if entry.method == "GET" else row.post
    if entry.permission == ANYBODY:
        return done
    if not may:
        return 403
    ours = house.campaign.entity_id in may
    if row.at is not None and not row.house and not ours:
        return 404
    if row.chosen and entry.method == "POST" and not ours:
        return 422
    return done


@contextmanager
def undrawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def render(_request: object, _template: str, _given: object, status: int = 200) -> HttpResponse:
        return HttpResponse(status=status)

    with monkeypatch.context() as patched:
        patched.setattr(shell, "render", render)
        patched.setattr(admin.site, "each_context", lambda _request: {})
        yield


@pytest.mark.long
@pytest.mark.parametrize("actor", ACTORS, ids=str)
def test_role_does_what_the_table_says_and_a_refusal_changes_nothing(
    actor: Actor, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(actor.user(land.party.campaign.entity, land.district.campaign.entity))
    every = tries(actor, land)
    refused = [one for one in every if one.expected in REFUSALS]
    before = snapshot()

    wrong: list[tuple[Try, int]] = []
    for one in refused:
        with nullcontext() if _is_drawn(one, actor, land) else undrawn(monkeypatch):
            got = one.by(client)
        wrong += [(one, got)] if got != one.expected else []

    assert wrong == []
    assert snapshot() == before
    for one in every:
        if one.expected in REFUSALS:
            continue
        drawn = nullcontext() if _is_drawn(one, actor, land) else undrawn(monkeypatch)
        with transaction.atomic(), drawn:
            got = one.by(client)
            transaction.set_rollback(True)
        assert (got, one.url) == (one.expected, one.url)


def _is_drawn(one: Try, actor: Actor, land: Land) -> bool:
    done = one.expected not in REFUSALS
    page = done or one.entry.method == "GET"
    return FULL or (page and one.house is land.party and DRAWN_FOR.get(str(actor)) is done)


def test_who_is_not_logged_in_is_led_to_the_log_in_and_changes_nothing(land: Land) -> None:
    everything = tries(Actor("none"), land)
    before = snapshot()

    client = Client()  # a new one looks through every part of the service anew
    answers = set[int]()
    for one in everything:
        client.cookies.clear()
        answers.add(one.by(client))

    assert answers == {302}
    assert snapshot() == before


def test_every_address_under_staff_asks_for_a_right_or_is_said_to_be_open() -> None:
    assert entries.undeclared() == []


def test_every_page_and_act_has_a_row_in_the_matrix() -> None:
    assert {entry.name for entry in ENTRIES} == set(ROWS)


def test_the_printed_page_is_current() -> None:
    assert permissions.page().read_text(encoding="utf-8") == permissions.written()


def test_a_right_to_act_never_comes_without_the_right_to_see() -> None:
    for role in Role:
        rights = of_role(role)
        for name in rights:
            subject = name.partition(".")[0]
            if f"{subject}.view" in PERMISSIONS:
                assert f"{subject}.view" in rights, (role, name)
