"""Who gets an appeal: both groups, the ticks, engaged people first, and what mail did to people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from fundraise import clock
from fundraise.ledger.models import LegalEntity
from mailings.segments import asking, audience, queries, services
from mailings.segments.audience import Audience, Options
from mailings.segments.models import MailStanding
from mailings.segments.reference import World, chosen
from mailings.segments.tree import parse
from tests.mailings.segments.worlds import TODAY, Town, at, move_today

TREE: dict[str, Any] = {"all": [
    {"is": "language", "one_of": ["sv"]},
    {"is": "gave", "measure": "sum", "at_least": 100_00},
]}  # fmt: skip
ALLOWED = {"is": "allowed", "purpose": "appeals"}
PLAIN = Options(without_recent_days=0, without_monthly=False)


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    move_today()
    yield Town(seed=3, number=80)
    clock.use(None)


def by_reference(town: Town, *conditions: dict[str, Any]) -> set[int]:
    node = parse({"all": [ALLOWED, {"is": "has_email"}, *conditions]})
    world = World(TODAY, settings.LEGAL_BASES)
    return {pk for pk, person in town.people.items() if chosen(node, person, world)}


def people(found: Audience) -> list[tuple[int, bool, int]]:
    return asking.rows(found.sql, found.params)


def test_who_agreed_is_chosen_by_all_of_it_and_others_by_what_does_not_target(town: Town) -> None:
    node, agreed = parse(TREE), {"is": "allowed", "purpose": "targeting"}
    both = people(audience.audience(node, PLAIN, town.campaigns[0]))
    targeted = {pk for pk, agrees, _tier in both if agrees}
    others = {pk for pk, agrees, _tier in both if not agrees}

    assert targeted == by_reference(town, TREE, agreed)
    assert others == by_reference(town, TREE["all"][0], {"not": agreed})
    assert 0 < len(targeted) < len(others)
    found = audience.reckoned(node, PLAIN, town.campaigns[0])
    assert (found.targeted, found.untargeted) == (len(targeted), len(others))
    assert found.matching == queries.count(node)


def test_a_charity_has_one_group(town: Town) -> None:
    LegalEntity.objects.filter(pk=town.party.pk).update(kind="charity")
    campaign = type(town.campaigns[0]).objects.get(pk=town.campaigns[0].pk)
    found = people(audience.audience(parse(TREE), PLAIN, campaign))
    assert {pk for pk, _targeted, _tier in found} == by_reference(town, TREE)
    assert {targeted for _pk, targeted, _tier in found} == {True}


def test_recent_and_monthly_givers_are_out_where_it_is_ticked(town: Town) -> None:
    monthly = {"is": "pledge", "states": ["active"]}
    recent = {"is": "last_gift", "when": {"last": 100, "unit": "days"},
              "campaigns": [town.refs[0]]}  # fmt: skip
    options = Options(without_recent_days=100)
    found = people(audience.audience(parse({"all": []}), options, town.campaigns[0]))
    expected = by_reference(town, {"not": monthly}, {"not": recent})
    assert {pk for pk, _targeted, _tier in found} == expected
    reckoned = audience.reckoned(parse({"all": []}), options, town.campaigns[0])
    assert reckoned.people == len(expected)
    assert reckoned.matching == reckoned.people + sum(
        (reckoned.no_basis, reckoned.no_address, reckoned.recent, reckoned.monthly)
    )
    assert min(reckoned.no_basis, reckoned.no_address, reckoned.recent, reckoned.monthly) > 0


def test_how_engaged_people_are_is_said_alike_of_many_and_of_few(town: Town) -> None:
    def tier(pk: int) -> int:
        person = town.people[pk]
        gave = max((gift.day for gift in person.gifts), default=None)
        clicked = person.clicked
        if clicked and at(clicked) >= clock.now() - timedelta(days=180):
            return 0
        if gave and gave >= TODAY - timedelta(days=365):
            return 0
        return 1 if clicked or (gave and gave >= TODAY - timedelta(days=730)) else 2

    found = people(audience.audience(parse({"all": []}), PLAIN, town.campaigns[0]))
    tiers = {pk: one for pk, _targeted, one in found}
    assert tiers == {pk: tier(pk) for pk in tiers}
    assert set(tiers.values()) == {0, 1, 2}
    few = audience.tier("s")
    beside = f"""SELECT p.donor_id, {few.text} FROM segments_profile p
                   LEFT JOIN segments_mailstanding s ON s.donor_id = p.donor_id"""
    assert dict(asking.rows(beside, few.params)).items() >= tiers.items()


def test_what_mail_did_is_counted_once_and_the_newest_time_stands(town: Town) -> None:
    pk = next(pk for pk, person in town.people.items() if not person.mails)
    first, later = at(TODAY - timedelta(days=9)), at(TODAY)
    services.note_mailed([pk, pk], later)
    services.note_mailed([pk], first)
    services.note_clicked([pk], first)
    row = MailStanding.objects.get(donor=pk)
    assert (row.mails, row.last_mailed_at) == (2, later)
    assert (row.human_clicks, row.last_human_click_at) == (1, first)
