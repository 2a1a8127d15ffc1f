"""The database and a few lines of Python choose the same people, whatever the tree and the data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fundraise import clock
from mailings.segments import asking, proofs, queries, targeting
from mailings.segments.compiling import compiled
from mailings.segments.reference import World, chosen
from mailings.segments.tree import Node, Not, TreeError, dump, parse
from tests.mailings.segments.trees import leaf, tree
from tests.mailings.segments.worlds import TODAY, Town, move_today

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
