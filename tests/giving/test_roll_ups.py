"""Whatever happens to gifts, by whatever door, each donor's sums are those of the gifts."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundraise import clock, copying
from fundraise.gifts.models import Gift
from fundraise.giving import proofs
from fundraise.giving.models import CampaignGiving, ChannelGiving, DonorGiving, Given
from fundraise.ledger.checks import DIFFERS
from tests.donors.givers import register
from tests.people import make_campaign, make_party

EXAMPLES = int(os.environ.get("GIVING_EXAMPLES", "12"))
# Late in the evening of the year's last day in Stockholm, which is another day than in London.
FIRST = datetime(2025, 12, 30, 20, 0, tzinfo=UTC)
NAMES = [
    "id", "ref", "entity_id", "campaign_id", "donor_id", "state", "channel", "amount_ore",
    "currency", "language", "origin", "reference", "provider_ref", "created_at", "received_at",
    "refunded_ore", "disputed_ore", "fee_ore",
]  # fmt: skip
Row = tuple[int, int, int, int, bool]  # donor, campaign, öre, hour, drawn by a pledge


class Undo(Exception):
    """Rolls an example back."""


class World:
    """Three donors, two campaigns and their gifts."""

    def __init__(self) -> None:
        party = make_party()
        self.campaigns = [make_campaign(party), make_campaign(party, "klimat")]
        self.donors = [register(given=name, email=f"{name}@example.se") for name in "abc"]

    def copy(self, rows: Iterable[Row], state: str = "received") -> None:
        """Gifts as a bank's file brings them: one COPY."""
        made = [self.row(row, state) for row in rows]
        values = [[getattr(gift, name) for name in NAMES] for gift in made]
        copying.copy(Gift, NAMES, values)

    def row(self, row: Row, state: str) -> Gift:
        donor, campaign, ore, hour, drawn = row
        at = FIRST + timedelta(hours=hour * 7)
        return Gift(
            pk=copying.next_ids(Gift, 1)[0],
            entity_id=self.campaigns[0].entity_id,
            campaign=self.campaigns[campaign],
            donor_id=self.donors[donor].pk if donor < 3 else None,
            state=state,
            channel=["card", "swish"][ore % 2],
            amount_ore=ore,
            origin="pledge" if drawn else "page",
            provider_ref=str(uuid4()),
            created_at=at,
            received_at=at,
        )

    def some(self, which: int) -> Any:
        """Half of the gifts, or a third of them, or one."""
        ids = list(Gift.objects.order_by("pk").values_list("pk", flat=True))
        return Gift.objects.filter(pk__in=ids[which % max(1, len(ids)) :: which % 3 + 1])


def play(world: World, act: str, which: int, more: int) -> None:
    received = world.some(which).filter(state="received")
    if act == "receive":
        world.some(which).filter(state="pending").update(state="received")
    elif act == "link":
        received.filter(donor=None).update(donor=world.donors[more % 3])
    elif act == "merge":
        Gift.objects.filter(donor=world.donors[which % 3]).update(donor=world.donors[more % 3])
    elif act == "refund":
        for gift in received.filter(refunded_ore=0, disputed_ore=0):
            gift.refunded_ore = min(gift.amount_ore, (more + 1) * 40_00)
            gift.save(update_fields=["refunded_ore"])
    elif act == "dispute":
        for gift in received.filter(refunded_ore=0):
            gift.disputed_ore = gift.amount_ore if gift.disputed_ore == 0 else 0
            gift.save(update_fields=["disputed_ore"])
    elif act == "delete":
        world.some(which).delete()


def expected(field: str | None) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The sums as a few lines of Python add them up."""
    parts: dict[tuple[Any, ...], list[Gift]] = defaultdict(list)
    for gift in Gift.objects.filter(state="received").exclude(donor=None):
        if gift.standing_ore > 0:
            key = (gift.donor_id, *([getattr(gift, field)] if field else []))
            parts[key].append(gift)
    return {key: sums(gifts, whole=field is None) for key, gifts in parts.items()}


def sums(gifts: list[Gift], *, whole: bool) -> tuple[Any, ...]:
    gifts = sorted(gifts, key=lambda gift: (gift.received_at, gift.pk))
    days: dict[Any, list[int]] = defaultdict(list)
    for gift in gifts:
        days[day(gift)].append(gift.standing_ore)
    found = (
        len(gifts), sum(g.standing_ore for g in gifts), max(g.standing_ore for g in gifts),
        day(gifts[0]), day(gifts[-1]), gifts[-1].standing_ore, list(days),
        list(accumulate(sum(some) for some in days.values())),
        list(accumulate(len(some) for some in days.values())),
    )  # fmt: skip
    once = [gift for gift in gifts if gift.origin != "pledge"]
    last = (day(once[-1]), once[-1].standing_ore) if once else (None, 0)
    return (*found, len(once), *last) if whole else found


def day(gift: Gift) -> Any:
    assert gift.received_at is not None
    return clock.local_date(gift.received_at)


def kept(model: type[Given], *key: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    fields = [f.name for f in Given._meta.get_fields()]
    if model is DonorGiving:
        fields += ["once_gifts", "once_on", "once_ore"]
    rows = model._default_manager.filter(gifts__gt=0).values_list(*key, *fields)
    return {row[: len(key)]: row[len(key) :] for row in rows}


def assert_exact() -> None:
    assert kept(DonorGiving, "donor_id") == expected(None)
    assert kept(CampaignGiving, "donor_id", "campaign_id") == expected("campaign_id")
    assert kept(ChannelGiving, "donor_id", "channel") == expected("channel")
    assert [check for check in proofs.checks() if check.status == DIFFERS] == []


number = st.integers(0, 40)
gift = st.tuples(st.integers(0, 3), st.integers(0, 1), st.sampled_from([50_00, 99_99, 100_00]),
                 number, st.booleans())  # fmt: skip
step = st.one_of(
    st.tuples(st.just("copy"), st.lists(gift, min_size=1, max_size=6), st.booleans()),
    st.tuples(
        st.sampled_from(["receive", "link", "merge", "refund", "dispute", "delete"]), number, number
    ),
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, min_size=2, max_size=12))
def test_any_history_of_gifts_leaves_the_sums_of_its_gifts(db: None, steps: list[Any]) -> None:
    try:
        with transaction.atomic():
            world = World()
            for act, first, second in steps:
                if act == "copy":
                    world.copy(first, "received" if second else "pending")
                else:
                    play(world, act, first, second)
                assert_exact()
            raise Undo
    except Undo:
        pass


@pytest.mark.parametrize("rounds", [4])
def test_sessions_that_book_for_the_same_donors_at_once_lose_nothing_and_do_not_lock_up(
    transactional_db: None, rounds: int
) -> None:
    world = World()

    def book(session: int) -> None:
        """Files with the donors in different orders, and gifts that are merged meanwhile."""
        for turn in range(rounds):
            order = [0, 1, 2] if session % 2 else [2, 1, 0]
            world.copy([(d, d % 2, 50_00 + session, turn * 3 + session, False) for d in order])
            if session == 3:
                play(world, "merge", turn, turn + 1)
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(book, range(4)))
    assert DonorGiving.objects.filter(gifts__gt=0).count() > 0
    assert sum(row.gifts for row in DonorGiving.objects.all()) == 4 * rounds * 3
    assert_exact()


def test_a_roll_up_that_somebody_changed_is_told_and_made_anew(db: None) -> None:
    world = World()
    world.copy([(0, 0, 100_00, 1, False), (1, 1, 50_00, 2, True)])
    DonorGiving.objects.filter(donor=world.donors[0]).update(given_ore=99_00)
    CampaignGiving.objects.filter(donor=world.donors[1]).delete()
    told = [(check.name, check.actual) for check in proofs.checks() if check.status == DIFFERS]
    assert told == [
        ("giving by donor: rows that differ from their gifts", 1),
        ("giving by campaign: rows that differ from their gifts", 1),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT giving_rebuild()")
    assert_exact()
