"""Refunds that a key asks for: in its maker's name, and agreed to by a person."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts import refunds
from fundraise.gifts.models import Refund
from fundraise.gifts.refunds import RefundError
from fundraise.jobs.models import Alarm
from fundraise.staff import approvals
from fundraise.staff.models import Approval
from fundraise.staff.services import give_role
from tests.api.conftest import Api
from tests.console.conftest import cash_gift
from tests.console.house import House


def test_who_made_the_key_is_not_the_second_person(treasurer: Api, house: House) -> None:
    asked = treasurer.post(f"gifts/{house.cash.ref}/refunds", {"amount_ore": 100, "reason": "fel"})
    assert (asked.status_code, asked.json()["state"]) == (201, "queued")
    large = treasurer.post(
        f"gifts/{house.card.ref}/refunds", {"amount_ore": 900_00, "reason": "fel belopp"}
    )
    assert (large.status_code, large.json()["state"]) == (201, "awaiting_second")
    assert treasurer.key is not None
    refund = Refund.objects.get(ref=large.json()["ref"])
    assert refund.requested_by == treasurer.key.person
    line = ChangeLine.objects.filter(action="gift.refund.requested").latest("pk")
    assert line.by == treasurer.key.actor
    with pytest.raises(RefundError, match="same_person"):
        refunds.approve_refund(refund.ref, by=treasurer.key.person)
    question = Approval.objects.get(subject_ref=refund.ref)
    assert question.asked_by == treasurer.key.person
    assert treasurer.key.made_by not in approvals.who_may(question)


def test_a_key_of_the_only_treasurer_rings_for_a_second_person(
    treasurer: Api, campaign: Campaign
) -> None:
    gift = cash_gift(campaign, 2_000_00, "slip 78")
    treasurer.post(f"gifts/{gift.ref}/refunds", {"amount_ore": 1_500_00, "reason": "fel belopp"})
    question = Approval.objects.get()
    assert approvals.asked(question) == []
    assert approvals.watch() == 1
    alarm = Alarm.objects.get(code="no-second-person", resolved_at=None)
    assert alarm.subject == campaign.entity.slug

    dana = User.objects.create_user("dana", is_staff=True)
    give_role(dana, "treasurer", campaign.entity, by="system:test")
    assert approvals.asked(question) == [dana]
    assert approvals.watch() == 0


@pytest.mark.parametrize("reason", ["anna@example.se ångrar sig", "ring 070-174 06 05"])
def test_a_reason_that_a_person_is_found_by_is_refused(
    reason: str, treasurer: Api, house: House
) -> None:
    before = (Refund.objects.count(), ChangeLine.objects.count())
    refused = treasurer.post(
        f"gifts/{house.cash.ref}/refunds", {"amount_ore": 100, "reason": reason}
    )
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/reason", "personal")
    ]
    assert reason not in refused.content.decode()
    assert (Refund.objects.count(), ChangeLine.objects.count()) == before


def test_no_key_agrees_to_a_refund(treasurer: Api, house: House) -> None:
    for verb in ("approve", "decide", "refuse"):
        assert treasurer.post(f"refunds/{house.awaiting.ref}/{verb}", {}).status_code == 404
    house.awaiting.refresh_from_db()
    assert house.awaiting.state == "awaiting_second"


def test_more_than_is_left_is_refused(treasurer: Api, house: House) -> None:
    before = Refund.objects.count()
    refused = treasurer.post(
        f"gifts/{house.cash.ref}/refunds", {"amount_ore": 400_01, "reason": "fel"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "too_much")
    waiting = treasurer.post(
        f"gifts/{house.waiting.ref}/refunds", {"amount_ore": 100, "reason": "fel"}
    )
    assert (waiting.status_code, waiting.json()["code"]) == (409, "not_received")
    assert Refund.objects.count() == before
