"""Monthly giving is told to other programs step by step, by refs alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fundraise import clock
from fundraise.hooks import pledging, services
from fundraise.hooks.kinds import KINDS
from fundraise.hooks.models import Delivery
from fundraise.outbox import services as outbox
from fundraise.pledges.services import changing, outcomes
from fundraise.pledges.services.outcomes import Failure
from tests.pledging import House, own_time, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Iterator[House]:
    """A party whose facts all go to one address."""
    with own_time() as made:
        made.open()
        services.make_endpoint(
            entity=made.entity, name="CRM", url="https://1.1.1.1/in", kinds=list(KINDS),
            by="staff:1",
        )  # fmt: skip
        yield made


def told() -> list[tuple[str, str]]:
    """What was noted since the last look: kind, and what it is about."""
    outbox.deliver_due(clock.real_now(), most=100)
    rows = Delivery.objects.exclude(kind="donor.changed").order_by("pk")
    found = [(row.kind, f"{row.subject}:{row.subject_ref}") for row in rows]
    Delivery.objects.update(state="delivered", done_at=clock.real_now(), kind="donor.changed")
    return found


def test_a_month_is_told_from_the_sign_up_to_the_stop(house: House) -> None:
    pledge = house.sign_up()
    mine = f"pledge:{pledge.ref}"
    assert told() == [("pledge.started", mine)]

    mandate = house.approve(pledge)
    house.beat()
    assert told() == [("pledge.active", mine)]

    draw = house.send_next(pledge)
    pay(draw)
    draw.refresh_from_db()
    assert draw.gift is not None
    assert sorted(told()) == [
        ("gift.received", f"gift:{draw.gift.ref}"),
        ("instalment.paid", f"instalment:{draw.instalment.ref}"),
    ]

    changing.change_amount(pledge.pk, 300_00, changing.wish())
    assert told() == [("pledge.changed", mine)]

    changing.stop(pledge.pk, changing.wish())
    assert told() == [("pledge.ended", mine)]
    assert mandate.ref


def test_a_missed_month_and_a_closed_account_are_told(house: House) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    told()

    outcomes.failed(draw.pk, Failure("02", halts=True))

    assert sorted(told()) == [
        ("instalment.missed", f"instalment:{draw.instalment.ref}"),
        ("pledge.halted", f"pledge:{pledge.ref}"),
    ]


def test_a_step_is_told_once_however_often_its_fact_comes(house: House) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    pay(draw)
    changing.change_amount(pledge.pk, 300_00, changing.wish())
    outbox.deliver_due(clock.real_now(), most=100)
    before = Delivery.objects.exclude(kind="donor.changed").count()

    for _ in range(2):
        pledging.pledge_started(pledge.pk)
        pledging.pledge_active(pledge.pk)
        pledging.pledge_changed(pledge.pk)
        pledging.instalment_paid(draw.instalment_id)
        pledging.surplus_drawn(draw.pk)

    assert Delivery.objects.exclude(kind="donor.changed").count() == before
    changing.change_amount(pledge.pk, 400_00, changing.wish())
    assert [kind for kind, _about in told() if kind == "pledge.changed"] == ["pledge.changed"] * 2
