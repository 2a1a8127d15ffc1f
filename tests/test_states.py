"""A state moves along its table, once, and leaves a row."""

from __future__ import annotations

import pytest

from fundraise.gifts.models import Gift, GiftTransition
from fundraise.states import ForbiddenTransition, advance
from tests.people import NOON, make_campaign, make_party

pytestmark = pytest.mark.django_db

ALLOWED = {"pending": {"failed", "void"}, "failed": {"pending"}}


@pytest.fixture
def gift() -> Gift:
    campaign = make_campaign(make_party())
    return Gift.objects.create(
        campaign=campaign, entity_id=campaign.entity_id, amount_ore=100_00, created_at=NOON
    )


def move(gift: Gift, old: str, new: str, event_id: str = "", reason: str = "") -> bool:
    return advance(
        Gift,
        gift.pk,
        old=old,
        new=new,
        allowed=ALLOWED,
        transition_model=GiftTransition,
        by="test",
        reason=reason,
        event_id=event_id,
        changes={"provider_ref": f"now {new}"},
    )


def steps(gift: Gift) -> list[tuple[str, str, str]]:
    rows = GiftTransition.objects.filter(gift=gift).order_by("pk")
    return [(row.from_state, row.to_state, row.event_id) for row in rows]


def test_a_step_changes_the_row_and_is_remembered(gift: Gift) -> None:
    assert move(gift, "pending", "failed", "evt_1", "declined") is True
    gift.refresh_from_db()
    assert (gift.state, gift.provider_ref) == ("failed", "now failed")
    row = GiftTransition.objects.get()
    assert (row.from_state, row.to_state, row.by) == ("pending", "failed", "test")
    assert (row.reason, row.event_id) == ("declined", "evt_1")


def test_who_comes_second_changes_nothing(gift: Gift) -> None:
    assert move(gift, "pending", "failed", "evt_1") is True
    assert move(gift, "pending", "void", "evt_2") is False
    gift.refresh_from_db()
    assert (gift.state, gift.provider_ref) == ("failed", "now failed")
    assert steps(gift) == [("pending", "failed", "evt_1")]


def test_an_event_seen_before_is_harmless_even_when_the_state_fits_again(gift: Gift) -> None:
    assert move(gift, "pending", "failed", "evt_1") is True
    assert move(gift, "failed", "pending", "evt_2") is True
    assert move(gift, "pending", "failed", "evt_1") is False
    gift.refresh_from_db()
    assert gift.state == "pending"
    assert len(steps(gift)) == 2


def test_a_step_outside_the_table_is_a_mistake_of_the_caller(gift: Gift) -> None:
    with pytest.raises(ForbiddenTransition, match="Gift: failed may not become void"):
        move(gift, "failed", "void")
    with pytest.raises(ForbiddenTransition, match="void may not become pending"):
        move(gift, "void", "pending")
    assert steps(gift) == []


def test_one_statement_and_no_savepoint(gift: Gift, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        move(gift, "pending", "failed", "evt_1")
