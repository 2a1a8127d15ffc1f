"""Donors, their consents and gifts through the API: with the right, as things stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from donors import services as donors
from donors.models import ConsentWording, ContactPoint, Donor, LegalBasis
from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts import linking
from fundraise.gifts.models import Gift
from tests.api.conftest import Api, key_for
from tests.console.conftest import cash_gift
from tests.console.house import House

PERSON = {"given_name": "Anna", "family_name": "Provsson", "email": "anna.provsson@example.se"}


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
    assert card["ocr_numbers"] == []
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


def test_who_lost_the_answer_gets_it_also_when_the_donor_was_forgotten_since(
    donor_care: Api, house: House
) -> None:
    path, body = f"gifts/{house.cash.ref}/donor", {"donor": str(house.donor.ref)}
    first = donor_care.post(path, body, once="a")
    donors.forget_donor(donor_ref=house.donor.ref, by="staff:1", reason="asked")
    again = donor_care.post(path, body, once="a")
    assert (again.status_code, again.json()) == (200, first.json())
    assert again["Idempotency-Replayed"] == "true"
    assert donor_care.post(path, body, once="b").status_code == 422


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
