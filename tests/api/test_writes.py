"""Writes: once per Idempotency-Key, through the doors of the house, by the key's name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from api import idempotency
from api.models import WriteRequest
from donors.models import Donor
from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.ledger.models import Dimension, Journal
from tests.api.conftest import Api, key_for
from tests.console.conftest import cash_gift
from tests.console.house import House
from tests.proofs import differing

PERSON = {"given_name": "Anna", "family_name": "Provsson", "email": "anna.provsson@example.se"}


def cash(campaign: Campaign, **changes: Any) -> dict[str, Any]:
    return {
        "campaign": str(campaign.ref),
        "amount_ore": 250_00,
        "channel": "cash",
        "received_on": clock.today().isoformat(),
        "proof": "slip 77",
        **changes,
    }


def test_a_gift_that_is_entered_is_booked_once(treasurer: Api, campaign: Campaign) -> None:
    first = treasurer.post("gifts", cash(campaign), once="a")
    again = treasurer.post("gifts", cash(campaign), once="a")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"] == f"/api/v1/gifts/{first.json()['ref']}"
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    gift = Gift.objects.get()
    assert (gift.state, gift.amount_ore, str(gift.ref)) == ("received", 250_00, first.json()["ref"])
    assert treasurer.key is not None
    assert Journal.objects.get().by == treasurer.key.actor
    assert ChangeLine.objects.get(action="gift.entered").by == treasurer.key.actor
    assert differing() == []


def test_the_same_key_with_another_request_is_refused(treasurer: Api, campaign: Campaign) -> None:
    treasurer.post("gifts", cash(campaign), once="a")
    refused = treasurer.post("gifts", cash(campaign, amount_ore=1_00), once="a")
    assert (refused.status_code, refused.json()["type"].split("#")[1]) == (422, "other-request")
    assert Gift.objects.count() == 1


@pytest.mark.parametrize("once", ["", "å", "x" * 201, "two words"])
def test_a_write_without_a_good_key_is_refused(
    once: str, treasurer: Api, campaign: Campaign
) -> None:
    refused = treasurer.post("gifts", cash(campaign), once=once)
    assert (refused.status_code, refused.json()["type"].split("#")[1]) == (400, "idempotency-key")
    assert Gift.objects.count() == 0


def test_a_write_that_is_being_worked_on_is_told_to_wait(
    treasurer: Api, campaign: Campaign
) -> None:
    treasurer.post("gifts", cash(campaign), once="a")
    soon = clock.real_now() + timedelta(seconds=30)
    WriteRequest.objects.update(state="running", answer=None, status=None, held_until=soon)
    refused = treasurer.post("gifts", cash(campaign), once="a")
    assert (refused.status_code, refused.json()["type"].split("#")[1]) == (409, "running")
    assert refused["Retry-After"] == "2"


def test_keys_of_two_clients_do_not_meet(treasurer: Api, campaign: Campaign) -> None:
    other = key_for(campaign.entity, "treasurer", permissions=frozenset({"gifts.enter"}))
    treasurer.post("gifts", cash(campaign), once="a")
    assert other.post("gifts", cash(campaign, proof="slip 78"), once="a").status_code == 201
    assert Gift.objects.count() == 2


def test_a_refused_write_leaves_nothing_and_may_come_again(
    treasurer: Api, campaign: Campaign
) -> None:
    cash_gift(campaign, 100_00, "slip 77")
    refused = treasurer.post("gifts", cash(campaign), once="a")
    assert (refused.status_code, refused.json()["code"]) == (409, "proof_used")
    assert Gift.objects.count() == 1
    assert WriteRequest.objects.get().state == "running"
    assert treasurer.post("gifts", cash(campaign), once="a").status_code == 409


def test_answers_are_sealed_and_forgotten_after_a_day(donor_care: Api) -> None:
    donor_care.post("donors", PERSON, once="a")
    row = WriteRequest.objects.get()
    assert row.answer is not None
    assert str(Donor.objects.get().ref).encode() not in bytes(row.answer)
    assert idempotency.tidy() == 0
    WriteRequest.objects.update(created_at=clock.real_now() - timedelta(hours=25))
    assert idempotency.tidy() == 1


def test_a_waiting_gift_is_confirmed_by_the_banks_report(treasurer: Api, house: House) -> None:
    body = {"seen_on": clock.today().isoformat(), "proof": "bank line 4"}
    done = treasurer.post(f"gifts/{house.waiting.ref}/confirm", body)
    assert (done.status_code, done.json()["state"]) == (200, "received")
    again = treasurer.post(f"gifts/{house.waiting.ref}/confirm", body)
    assert (again.status_code, again.json()["code"]) == (409, "closed")
    card = treasurer.post(f"gifts/{house.card.ref}/confirm", body)
    assert (card.status_code, card.json()["code"]) == (409, "not_by_hand")


# --- Campaigns ------------------------------------------------------------------------------------
NEW = {
    "slug": "hosten", "title_sv": "Hösten", "title_en": "Autumn", "purpose_sv": "Lokal.",
    "purpose_en": "Rooms.", "starts_on": "2026-11-01", "amounts_once_ore": [100_00, 200_00],
}  # fmt: skip


def test_a_campaign_is_made_and_changed(comms: Api, campaign: Campaign) -> None:
    made = comms.post("campaigns", {**NEW, "entity": str(campaign.entity.ref)})
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    path = f"campaigns/{made.json()['ref']}"
    changed = comms.patch(path, {"status": "live", "goal_ore": 500_00})
    assert (changed.json()["status"], changed.json()["goal_ore"]) == ("live", 500_00)
    assert comms.key is not None
    assert ChangeLine.objects.filter(by=comms.key.actor).count() == 2


def test_a_campaign_that_breaks_a_rule_is_refused_by_field(comms: Api, campaign: Campaign) -> None:
    body = {**NEW, "entity": str(campaign.entity.ref), "slug": campaign.slug}
    taken = comms.post("campaigns", body)
    assert taken.json()["errors"][0] == {
        "pointer": "/slug", "code": "unique", "detail": "It is taken already."
    }  # fmt: skip
    wrong = comms.patch(f"campaigns/{campaign.ref}", {"amounts_once_ore": [200, 100]})
    assert wrong.json()["errors"][0]["pointer"] == "/amounts_once_ore"
    campaign.refresh_from_db()
    assert campaign.amounts_once == [100_00, 250_00, 500_00, 1_000_00]


def test_a_slug_that_somebody_took_a_moment_ago_is_refused_by_field(
    comms: Api, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Campaign, "full_clean", lambda *_, **__: None)  # it looked free
    body = {**NEW, "entity": str(campaign.entity.ref), "slug": campaign.slug}
    refused = comms.post("campaigns", body)
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/slug", "unique")
    ]
    assert (Campaign.objects.count(), Dimension.objects.filter(kind=6).count()) == (1, 1)


def test_a_campaign_for_another_entity_is_refused(district: Campaign, party: Any) -> None:
    theirs = key_for(district.entity, "comms")
    refused = theirs.post("campaigns", {**NEW, "entity": str(party.ref)})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/entity")
    assert Campaign.objects.count() == 1


def test_a_maker_without_the_role_any_more_writes_nothing(
    treasurer: Api, campaign: Campaign
) -> None:
    User.objects.filter(pk=treasurer.key.made_by_id).update(is_staff=False)  # type: ignore[union-attr]
    refused = treasurer.post("gifts", cash(campaign))
    assert (refused.status_code, refused.json()["code"]) == (401, "maker_gone")
    assert Gift.objects.count() == 0
