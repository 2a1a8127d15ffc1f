from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from fundraise.campaigns import queries, services
from fundraise.campaigns.models import Campaign, DayTotal, Giver, Thermometer, check_amounts
from fundraise.campaigns.services import Move
from fundraise.ledger.models import Dimension, LegalEntity
from tests.people import CECILIA, make_campaign, make_party

pytestmark = pytest.mark.django_db


def move(campaign: Campaign, ore: int, gifts: int = 0, key: bytes | None = None) -> None:
    services.move_thermometer([Move(campaign.pk, date(2026, 11, 2), "card", ore, gifts, key)])


def sums(campaign: Campaign) -> tuple[int, int, int]:
    row = Thermometer.objects.get(campaign=campaign)
    return row.received_ore, row.gifts, row.donors


def test_a_new_campaign_asks_for_two_million_and_has_raised_nothing() -> None:
    campaign = make_campaign(make_party())
    assert (campaign.goal_ore, sums(campaign)) == (2_000_000_00, (0, 0, 0))
    assert (campaign.dimension.kind, campaign.dimension.code) == (6, "valet")
    assert (campaign.first_frequency, campaign.monthly_open) == ("once", False)


def test_a_slug_that_was_taken_a_moment_ago_is_refused_by_its_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = make_campaign(make_party())
    monkeypatch.setattr(Campaign, "full_clean", lambda *_, **__: None)  # it looked free
    with pytest.raises(ValidationError) as refused:
        make_campaign(first.entity, first.slug)
    assert [one.code for one in refused.value.error_dict["slug"]] == ["unique"]
    assert (Campaign.objects.count(), Dimension.objects.filter(kind=6).count()) == (1, 1)


def test_a_code_in_the_books_that_was_taken_a_moment_ago_gives_way_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, real, codes = make_campaign(make_party(), "a" * 30), services._free_code, ["a" * 20]

    def looked_free(entity: LegalEntity, slug: str) -> str:
        return codes.pop() if codes else real(entity, slug)

    monkeypatch.setattr(services, "_free_code", looked_free)
    second = make_campaign(first.entity, "a" * 31)
    assert (first.dimension.code, second.dimension.code) == ("a" * 20, "a" * 16 + "-2")


@pytest.mark.parametrize(
    "changes",
    [
        {"goal_ore": 0},
        {"minimum_ore": 0},
        {"minimum_ore": 500_00, "maximum_ore": 499_99},
        {"ends_on": date(2026, 8, 31)},
        {"status": "paused"},
        {"first_frequency": "weekly"},
    ],
)
def test_the_database_refuses_a_campaign_that_breaks_a_rule(changes: dict[str, Any]) -> None:
    campaign = make_campaign(make_party())
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"theme_colour": "green"},
        {"theme_colour": "#12345"},
        {"amounts_once": [100_00, 50_00]},
        {"amounts_once": []},
        {"amounts_monthly": [1.5]},
        {"slug": "two words"},
        {"first_frequency": "monthly"},
    ],
)
def test_a_campaign_that_makes_no_sense_is_not_made(changes: dict[str, Any]) -> None:
    fields: dict[str, Any] = {
        "slug": "valet",
        "title_sv": "T",
        "title_en": "T",
        "purpose_sv": "P",
        "purpose_en": "P",
        "starts_on": date(2026, 9, 1),
    }
    with pytest.raises(ValidationError):
        services.create_campaign(entity=make_party(), by=CECILIA, **{**fields, **changes})
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(
    "amounts", [[0], [True], ["100"], [1, 1], list(range(1, 8)), {"a": 1}, None]
)
def test_suggested_amounts_are_one_to_six_rising_sums(amounts: object) -> None:
    with pytest.raises(ValidationError):
        check_amounts(amounts)


def test_gifts_and_donors_are_different_numbers() -> None:
    campaign = make_campaign(make_party())
    move(campaign, 100_00, 1, b"anna")
    move(campaign, 200_00, 1, b"anna")
    move(campaign, 300_00, 1, None)
    assert sums(campaign) == (600_00, 3, 1)
    move(campaign, -100_00, -1, b"anna")
    assert sums(campaign) == (500_00, 2, 1)
    move(campaign, -200_00, -1, b"anna")
    assert sums(campaign) == (300_00, 1, 0)


def test_days_and_channels_are_kept_apart_for_staff() -> None:
    campaign = make_campaign(make_party())
    day = date(2026, 11, 2)
    services.move_thermometer(
        [
            Move(campaign.pk, day, "swish", 100, 1),
            Move(campaign.pk, day, "card", 200, 1),
            Move(campaign.pk, date(2026, 11, 3), "card", 400, 1),
        ]
    )
    rows = DayTotal.objects.order_by("day", "channel").values_list("channel", "received_ore")
    assert list(rows) == [("card", 200), ("swish", 100), ("card", 400)]
    assert sums(campaign) == (700, 3, 0)


def test_a_campaign_without_a_thermometer_can_not_be_moved() -> None:
    with pytest.raises(DatabaseError, match="no thermometer"), transaction.atomic():
        services.move_thermometer([Move(999, date(2026, 11, 2), "card", 1)])


def test_many_moves_at_once_come_to_the_same_as_one_after_the_other() -> None:
    party = make_party()
    one, many, other = (make_campaign(party, slug=slug) for slug in ("one", "many", "other"))
    told = random.Random(4)
    givers = [None, *(bytes([number]) * 32 for number in range(4))]
    standing: Counter[bytes | None] = Counter()
    for _ in range(12):
        some = []
        for _ in range(told.randint(2, 6)):
            giver = told.choice(givers)
            sign = -1 if standing[giver] > 0 and told.random() < 0.6 else 1
            standing[giver] += sign
            day, channel = date(2026, 11, told.randint(2, 4)), told.choice(["card", "autogiro"])
            some.append(Move(one.pk, day, channel, sign * told.randint(1, 999), sign, giver))
        for each in some:
            services.move_thermometer([each])
        mixed = [replace(each, campaign_id=many.pk) for each in some]
        services.move_thermometer([*mixed, Move(other.pk, date(2026, 11, 2), "cash", 5)])
        assert sums(many) == sums(one)
    assert [rows_of(DayTotal, many), rows_of(Giver, many)] == [
        rows_of(DayTotal, one),
        rows_of(Giver, one),
    ]
    assert (sums(other), DayTotal.objects.get(campaign=other).received_ore) == ((60, 0, 0), 60)
    with pytest.raises(DatabaseError, match="no thermometer"), transaction.atomic():
        services.move_thermometer(
            [Move(many.pk, date(2026, 11, 2), "card", 1), Move(999, date(2026, 11, 2), "card", 1)]
        )
    assert sums(many) == sums(one)


def rows_of(model: type[DayTotal | Giver], campaign: Campaign) -> set[tuple[Any, ...]]:
    """Everything but which campaign it is; givers whose gifts are all gone tell nothing."""
    names = ["day", "channel", "received_ore", "gifts"] if model is DayTotal else ["key", "gifts"]
    rows = model.objects.filter(campaign=campaign).values_list(*names)
    return {row for row in rows if model is DayTotal or row[-1]}


def test_the_public_sees_live_and_closed_campaigns_only() -> None:
    campaign = make_campaign(make_party())
    for status, seen in (("live", True), ("closed", True), ("draft", False)):
        Campaign.objects.filter(pk=campaign.pk).update(status=status)
        assert (queries.public_campaign("valet") is not None) is seen


def test_fewer_than_ten_donors_are_not_counted_in_public() -> None:
    campaign = make_campaign(make_party())
    for number in range(9):
        move(campaign, 100, 1, f"g{number}".encode())
    assert queries.thermometer(queries.public_campaign("valet")).public_donors is None  # type: ignore[arg-type]
    move(campaign, 100, 1, b"g9")
    assert queries.thermometer(queries.public_campaign("valet")).public_donors == 10  # type: ignore[arg-type]


def test_percent_is_whole_and_may_pass_a_hundred() -> None:
    campaign = make_campaign(make_party())
    move(campaign, 2_240_000_00, 1)
    assert queries.thermometer(queries.public_campaign("valet")).percent == 112  # type: ignore[arg-type]


def test_a_slug_is_taken_once_and_long_ones_get_codes_of_their_own() -> None:
    party = make_party()
    first = make_campaign(party, "vi-samlar-till-valet-i-host")
    second = make_campaign(party, "vi-samlar-till-valet-i-vast")
    assert (first.dimension.code, second.dimension.code) == (
        "vi-samlar-till-valet",
        "vi-samlar-till-v-2",
    )
    with pytest.raises(ValidationError):
        make_campaign(party, "vi-samlar-till-valet-i-host")
    assert Campaign.objects.count() == 2
