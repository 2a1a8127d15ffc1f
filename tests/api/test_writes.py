"""Writes: once per Idempotency-Key, through the doors of the house, by the key's name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from api import idempotency
from api.models import WriteRequest
from donors import services as donors
from donors.models import ConsentWording, ContactPoint, Donor, LegalBasis
from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts import linking, refunds
from fundraise.gifts.models import Gift, Refund
from fundraise.gifts.refunds import RefundError
from fundraise.jobs.models import Alarm
from fundraise.ledger.models import Dimension, Journal
from fundraise.staff import approvals
from fundraise.staff.models import Approval
from fundraise.staff.services import give_role
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


# --- Refunds --------------------------------------------------------------------------------------
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


# --- Donors ---------------------------------------------------------------------------------------
def test_a_donor_is_registered_found_and_opened(donor_care: Api) -> None:
    made = donor_care.post("donors", {**PERSON, "phone": "070-174 06 05"})
    assert made.status_code == 201
    ref = made.json()["ref"]
    assert "Provsson" not in made.content.decode()

    found = donor_care.post("donors/search", {"text": "anna.provsson@example.se"}, once="").json()
    assert [(one["ref"], one["name"]) for one in found["items"]] == [(ref, "Anna Provsson")]

    card = donor_care.get(f"donors/{ref}").json()
    assert (card["family_name"], card["kind"]) == ("Provsson", "person")
    assert {point["value"] for point in card["contact_points"]} == {
        "anna.provsson@example.se",
        "+46701740605",
    }
    assert donor_care.key is not None
    looked = ReadLine.objects.filter(by=donor_care.key.actor).values_list("purpose", flat=True)
    assert sorted(looked) == ["api.card", "api.search"]
    listed = donor_care.get("donors").content.decode()
    assert ref in listed
    assert "Provsson" not in listed


def test_a_consent_is_given_and_taken_back(donor_care: Api) -> None:
    ref = donor_care.post("donors", PERSON).json()["ref"]
    body = {"purpose": "appeals", "version": 1, "proof": "form:8842"}
    given = donor_care.post(f"donors/{ref}/consents", body)
    assert (given.status_code, given.json()["wording_version"]) == (201, 1)
    basis = LegalBasis.objects.get()
    assert (basis.purpose, basis.proof, basis.withdrawn_at) == ("appeals", "form:8842", None)

    taken = donor_care.post(f"donors/{ref}/consents/withdraw", {"purpose": "appeals"})
    assert taken.json() == {"withdrawn": True}
    twice = donor_care.post(f"donors/{ref}/consents/withdraw", {"purpose": "appeals"})
    assert twice.json() == {"withdrawn": False}
    basis.refresh_from_db()
    assert basis.withdrawn_at is not None
    missing = donor_care.post(f"donors/{ref}/consents", {**body, "version": 99})
    assert missing.status_code == 422


@pytest.mark.parametrize("given_at", [None, "2025-12-31T22:59:59Z"])
def test_nobody_agrees_to_words_before_they_are_in_force(
    given_at: str | None, donor_care: Api
) -> None:
    ref = donor_care.post("donors", PERSON).json()["ref"]
    body: dict[str, Any] = {"purpose": "appeals", "version": 1, "proof": "form:8842"}
    if given_at is None:
        ConsentWording.objects.create(
            purpose="appeals", version=2, text_sv="Nytt.", text_en="New.",
            from_date=clock.today() + timedelta(days=1),
        )  # fmt: skip
        body["version"] = 2
    else:
        body["given_at"] = given_at
    refused = donor_care.post(f"donors/{ref}/consents", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "wording_not_in_force")
    assert refused.json()["errors"][0]["pointer"] == "/version"
    assert LegalBasis.objects.count() == 0
    on_the_day = {**body, "version": 1, "given_at": "2025-12-31T23:00:00Z"}  # the first, here
    assert donor_care.post(f"donors/{ref}/consents", on_the_day).status_code == 201


def test_a_contact_point_is_added_once(donor_care: Api) -> None:
    ref = donor_care.post("donors", PERSON).json()["ref"]
    body = {"kind": "email", "value": "anna@annat.example.se"}
    assert donor_care.post(f"donors/{ref}/contact-points", body).json()["is_primary"] is False
    assert donor_care.post(f"donors/{ref}/contact-points", body).status_code == 201
    assert ContactPoint.objects.count() == 2
    wrong = donor_care.post(f"donors/{ref}/contact-points", {"kind": "phone", "value": "12"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "phone_invalid")
    assert wrong.json()["errors"][0]["pointer"] == "/value"


@pytest.mark.parametrize(
    "name",
    [{}, {"given_name": "Anna", "organisation_name": "Provföretaget AB"}, {"email": "anna"}],
)
def test_a_donor_that_is_not_whole_is_refused(name: dict[str, str], donor_care: Api) -> None:
    assert donor_care.post("donors", name).status_code == 422
    assert Donor.objects.count() == 0


def test_a_districts_key_registers_nobody(district: Campaign) -> None:
    theirs = key_for(district.entity, "donor_care")
    assert theirs.post("donors", PERSON).status_code == 403
    assert Donor.objects.count() == 0


def test_a_districts_key_sees_the_districts_givers_only(district: Campaign, house: House) -> None:
    theirs = key_for(district.entity, "donor_care")
    assert theirs.get(f"donors/{house.donor.ref}").status_code == 404
    assert theirs.get("donors").json()["items"] == []
    gift = cash_gift(district, 100_00, "skane 1")
    Gift.objects.filter(pk=gift.pk).update(donor=house.donor)
    assert theirs.get(f"donors/{house.donor.ref}").status_code == 200


def test_a_gift_is_tied_to_its_donor_once(donor_care: Api, house: House) -> None:
    path = f"gifts/{house.cash.ref}/donor"
    tied = donor_care.post(path, {"donor": str(house.donor.ref)})
    assert (tied.status_code, tied.json()["donor"]) == (200, str(house.donor.ref))
    again = donor_care.post(path, {"donor": str(house.donor.ref)})
    assert (again.status_code, again.json()["code"]) == (409, "has_donor")


def test_a_donor_forgotten_since_the_look_up_gets_no_gift(
    donor_care: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = linking.choose_donor

    def late(gift_id: int, donor: Donor, *, by: str) -> bool:
        donors.forget_donor(donor_ref=donor.ref, by="staff:1", reason="asked")
        return real(gift_id, donor, by=by)

    monkeypatch.setattr(linking, "choose_donor", late)
    refused = donor_care.post(f"gifts/{house.cash.ref}/donor", {"donor": str(house.donor.ref)})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/donor")
    house.cash.refresh_from_db()
    assert house.cash.donor_id is None
    assert not ChangeLine.objects.filter(action="gift.donor.chosen").exists()


def test_who_gave_is_opened_with_the_right_and_a_line(
    donor_care: Api, comms: Api, house: House
) -> None:
    assert comms.get(f"gifts/{house.card.ref}/giver").status_code == 403
    assert donor_care.get(f"gifts/{house.card.ref}/giver").json()["name"] == "Björn Testgren"
    assert ReadLine.objects.get(purpose="api.giver").subject_ref == str(house.card.ref)


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
