"""The database and a few lines of Python choose the same people, whatever the tree and the data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fundraise import clock
from fundraise.gifts.models import Gift
from mailings.segments import asking, proofs, queries, steps, targeting
from mailings.segments.compiling import compiled
from mailings.segments.models import Profile
from mailings.segments.reference import World, chosen
from mailings.segments.tree import Node, Not, TreeError, dump, parse
from tests.mailings.segments.trees import leaf, tree
from tests.mailings.segments.worlds import TODAY, Town, at, move_today

EXAMPLES = int(os.environ.get("SEGMENT_EXAMPLES", "10"))
PEOPLE = int(os.environ.get("SEGMENT_PEOPLE", "60"))
WORLD = World(TODAY, django_settings.LEGAL_BASES)


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    move_today()
    yield Town(seed=7, number=PEOPLE)
    clock.use(None)


def same_settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@same_settings(EXAMPLES)
@given(data=st.data())
def test_each_condition_is_true_of_the_same_people(town: Town, data: Any) -> None:
    """Forty conditions at a time, as columns of one question."""
    raw = data.draw(st.lists(leaf(town.refs, town.funds), min_size=40, max_size=40))
    nodes = [parse(one) for one in raw if one.get("percent", 0) + one.get("from", 0) <= 100]
    found = answers(nodes)
    usable = {pk: person for pk, person in town.people.items() if person.usable}
    for pk, person in usable.items():
        for node, (holds, fails) in zip(nodes, found[pk], strict=True):
            expected = chosen(node, person, WORLD)
            assert (dump(node), holds, fails) == (dump(node), expected, not expected)


def answers(nodes: list[Node]) -> dict[int, list[tuple[bool, bool]]]:
    """For everybody, of each: is it true, and is its `not` true."""
    asking.refresh()
    known = queries.known(*nodes)
    both = [one for node in nodes for one in (compiled(node, known), compiled(Not(node), known))]
    columns = ", ".join(f"({one.text}) IS TRUE" for one in both)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.donor_id, {columns} FROM segments_profile p",
            [value for one in both for value in one.params],
        )
        return {
            pk: list(zip(marks[::2], marks[1::2], strict=True)) for pk, *marks in cursor.fetchall()
        }


@pytest.mark.long
@same_settings(EXAMPLES)
@given(data=st.data())
def test_sql_and_reference_choose_the_same_people(town: Town, data: Any) -> None:
    raw = data.draw(tree(town.refs, town.funds))
    try:
        node = parse(raw)
    except TreeError:
        assume(False)
    expected = [pk for pk, person in town.people.items() if chosen(node, person, WORLD)]
    assert queries.ids(node) == sorted(expected)
    assert queries.count(node) == len(expected)
    assert parse(dump(node)) == node
    wider = targeting.without(node, django_settings.UNTARGETED_CONDITIONS)
    assert targeting.targeting(wider, django_settings.UNTARGETED_CONDITIONS) == []
    assert set(expected) <= set(queries.ids(wider))


def test_why_says_the_same_as_the_choice_and_profiles_are_copies(town: Town) -> None:
    node = parse(
        {"all": [
            {"any": [{"is": "gave", "measure": "sum", "at_least": 100_00},
                     {"is": "language", "one_of": ["en"]}]},
            {"not": {"is": "kind", "one_of": ["organisation"]}},
        ]}
    )  # fmt: skip
    inside = set(queries.ids(node))
    assert 0 < len(inside) < PEOPLE
    for pk, person in town.people.items():
        why = queries.explain(node, pk)
        assert why.chosen == (pk in inside)
        gave, english, organisation = (one.holds for one in why.conditions)
        assert [gave, english, organisation] == [
            sum(gift.ore for gift in person.gifts) >= 100_00,
            person.language == "en",
            person.kind == "organisation",
        ]
        assert why.conditions[0].seen == str(sum(gift.ore for gift in person.gifts))
    assert [(check.expected, check.actual) for check in proofs.checks()] == [(0, 0)]


def test_the_steps_of_a_profile_are_its_days_with_the_sums_so_far(town: Town) -> None:
    twice, party = next(iter(town.people)), town.party
    Gift.objects.filter(donor=twice).delete()
    old, new = date(1999, 12, 30), date(2025, 11, 26)
    for day, ore in ((old, 200_00), (new, 100_00), (new, 50_00)):
        Gift.objects.create(
            entity=party, campaign=town.campaigns[0], donor_id=twice, channel="card",
            state="received", amount_ore=ore, created_at=at(day), received_at=at(day),
        )  # fmt: skip
    asking.refresh()
    kept = Profile.objects.get(pk=twice)
    sums = [(step >> 46, step & steps.SUM) for step in kept.steps]
    assert sums == [(-2, 200_00), ((new - steps.FIRST).days, 350_00)]
    assert kept.counts == [1, 3]
    for pk, person in town.people.items():
        days = sorted({gift.day for gift in person.gifts})
        some = Profile.objects.get(pk=pk)
        if pk != twice:
            assert [steps.FIRST + timedelta(step >> 46) for step in some.steps] == days
            assert (some.counts == []) == (len(person.gifts) == len(days))
    told = {"measure": "sum", "at_least": 150_00, "at_most": 150_00}
    for when, chosen_then in (
        ({"from": "2000-01-01"}, True), ({"from": "1999-12-30"}, False),
        ({"from": "1999-12-31", "to": "2025-11-26"}, True), ({"to": "2025-11-25"}, False),
    ):  # fmt: skip
        node = parse({"is": "gave", **told, "during": when})
        assert queries.explain(node, twice).conditions[0].holds == chosen_then
