"""Who has (not) received an appeal: the same whether it is kept as bits or read from the mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from uuid import UUID

import pytest
from django.db import connection

from donors import services as donors
from donors.models import Donor
from fundraise import clock
from mailings.appeals import proofs
from mailings.appeals.models import Appeal, Batch, Message, Reached
from mailings.segments import asking, queries
from mailings.segments.compiling import compiled
from mailings.segments.reference import Person, World, chosen
from mailings.segments.tree import Node, Not, parse
from tests.donors.givers import BY, register
from tests.mailings.mailed import mail_to
from tests.pledging import House, own_time

SEEDS = range(4)
WORLD = World(date(2026, 11, 26))


@pytest.fixture
def house(db: None) -> Iterator[House]:
    with own_time() as house:
        house.open()
        yield house


def finish(appeal: Appeal) -> None:
    Appeal.objects.filter(pk=appeal.pk).update(state="finished", ended_at=clock.now())


def mailed(house: House, people: list[Donor], left_out: list[Donor]) -> Appeal:
    """An appeal to all of these, some of whom were left out before it was sent."""
    every = [(one.pk, f"n{one.pk}@example.se") for one in (*people, *left_out)]
    mailed = mail_to(house.campaign, every)
    rows = Message.objects.filter(appeal=mailed.appeal, donor_id__in=[one.pk for one in left_out])
    rows.update(outcome="gave")
    Batch.objects.filter(pk=mailed.batch.pk).update(sent=len(people))
    return mailed.appeal


def received(appeal: Appeal) -> Node:
    return parse({"is": "appeal", "ref": str(appeal.ref), "what": "received"})


def said(appeal: Appeal) -> dict[int, tuple[bool, bool]]:
    """Of everybody: has received it, and the `not` of it."""
    asking.refresh()
    node = received(appeal)
    known = queries.known(node)
    yes, no = compiled(node, known), compiled(Not(node), known)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT donor_id, ({yes.text}) IS TRUE, ({no.text}) IS TRUE FROM segments_profile p",
            [*yes.params, *no.params],
        )
        return {pk: (holds, fails) for pk, holds, fails in cursor.fetchall()}


def expected(appeal: Appeal) -> dict[int, tuple[bool, bool]]:
    """By the reference, from the messages one by one and the merges."""
    kept = {gone.pk: gone.merged.kept_id for gone in Donor.objects.exclude(merged=None)}
    sent = Message.objects.filter(appeal=appeal, outcome="").values_list("donor_id", flat=True)
    got = set(sent) | {kept[pk] for pk in sent if pk in kept}
    node, told = received(appeal), {}
    for pk in Donor.objects.values_list("pk", flat=True):
        refs = frozenset({str(appeal.ref)}) if pk in got else frozenset[str]()
        holds = chosen(node, person(refs), WORLD)
        told[pk] = (holds, not holds)
    return told


def person(refs: frozenset[str]) -> Person:
    return Person(UUID(int=1), "person", "sv", "import", WORLD.today, received=refs)


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_received_a_finished_appeal_is_whom_its_messages_name(
    house: House, seed: int
) -> None:
    rng = Random(seed)
    people = [register(f"N{n}", email=f"n{n}@example.se") for n in range(rng.choice([1, 9, 70]))]
    asked = rng.sample(people, rng.randrange(1, len(people) + 1))
    cut = rng.randrange(len(asked) + 1)
    appeal = mailed(house, asked[cut:], asked[:cut])
    before = said(appeal)
    assert before == expected(appeal), "while it is sent"

    finish(appeal)
    assert Reached.objects.filter(appeal=appeal).exists()
    assert said(appeal) == before == expected(appeal)

    for kept, gone in zip(people[::4], people[1::4], strict=False):
        if rng.random() < 0.7:
            donors.merge_donors(kept_ref=kept.ref, gone_ref=gone.ref, by=BY, reason="samma")
    forgotten = Donor.objects.filter(pk=rng.choice(asked).pk).exclude(status="erased").first()
    if forgotten is not None:
        donors.forget_donor(donor_ref=forgotten.ref, by=BY, reason="begäran 3")
    [register(f"Ny{n}", email=f"ny{n}@example.se") for n in range(rng.choice([0, 1, 80]))]
    assert said(appeal) == expected(appeal), "after merges, an erasure and newcomers"
    assert queries.count(Not(received(appeal))) == sum(
        fails for pk, (_holds, fails) in expected(appeal).items()
        if Donor.objects.get(pk=pk).status == "active"
    )  # fmt: skip
    assert [check.name for check in proofs.checks() if check.expected != check.actual] == []


def test_the_bits_are_read_without_the_messages(house: House) -> None:
    people = [register(f"N{n}", email=f"n{n}@example.se") for n in range(3)]
    appeal = mailed(house, people, [])

    def how() -> str:
        chosen_by = queries.where(received(appeal))
        with connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN SELECT FROM segments_profile p WHERE {chosen_by.text}", chosen_by.params
            )
            return str([row for (row,) in cursor.fetchall()])

    assert "appeals_reached" not in how()
    finish(appeal)
    assert "appeals_reached" in how()
    assert "generate_series" not in how()
