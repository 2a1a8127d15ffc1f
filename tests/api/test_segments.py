"""Segments through the API: saved by version, counted exactly, and some of them shown with why."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from donors import services as donors
from donors.models import ConsentWording, Donor
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.staff.services import give_role
from mailings.segments.models import Segment, SegmentVersion
from tests.api.conftest import Api, key_for, key_of
from tests.mailings.appeals import house
from tests.matrix import snapshot

pytestmark = pytest.mark.django_db
TREE: dict[str, Any] = {"all": [{"is": "has_email"}, {"not": {"is": "language", "one_of": ["en"]}}]}
NOTED = ("keys", "limits", "api")


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Four people who read Swedish and one who reads English; all may be asked."""
    made = house.house()
    house.people(4)
    house.person(9, language="en")
    return made


@pytest.fixture
def api(campaign: Campaign) -> Api:
    return key_for(campaign.entity, "comms")


def errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.content
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def test_a_segment_is_saved_by_version_and_read_as_a_sentence(api: Api) -> None:
    made = api.post("segments", {"name": "Svenska", "tree": TREE}, once="a")
    again = api.post("segments", {"name": "Svenska", "tree": TREE}, once="a")
    assert (made.status_code, again.json()) == (201, made.json())
    told, address = made.json(), made.headers["Location"]
    assert (told["tree"], told["version"], told["targeting"]) == (TREE, 1, [])
    assert told["sentence"]["en"].startswith("Everybody who has an e-mail address")
    assert told["sentence"]["sv"].startswith("Alla som ")

    saved = api.post(f"{address}/versions", {"tree": {"all": []}, "made_from": 1}).json()
    assert (saved["version"], saved["sentence"]["en"]) == (2, "Everybody.")
    before = snapshot(*NOTED)
    stale = api.post(f"{address}/versions", {"tree": TREE, "made_from": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "newer_version")
    same = api.post(f"{address}/versions", {"tree": {"all": []}, "made_from": 2})
    assert (same.status_code, same.json()["version"]) == (200, 2)
    assert snapshot(*NOTED) == before

    assert api.patch(address, {"name": "Alla"}).json()["name"] == "Alla"
    assert api.post(f"{address}/archive").json()["archived_at"] is not None
    assert api.get("segments", archived="no").json()["items"] == []
    put_away = api.post(f"{address}/versions", {"tree": TREE, "made_from": 2})
    assert (put_away.status_code, put_away.json()["code"]) == (409, "archived")
    assert list(SegmentVersion.objects.values_list("number", flat=True)) == [1, 2]


def test_what_is_wrong_with_a_tree_is_told_at_its_place(api: Api) -> None:
    wrong = {"all": [{"is": "language", "one_of": ["fi"]}, {"any": [{"is": "gave"}]}, 7]}
    before = snapshot(*NOTED)
    assert errors(api.post("segments", {"name": "Fel", "tree": wrong})) == {
        "/tree/all/0/one_of": "bad_value",
        "/tree/all/1/any/0/measure": "missing",
        "/tree/all/1/any/0/at_least": "missing",
        "/tree/all/2": "no_node",
    }
    nul = {"is": "town", "one_of": ["a\0"]}
    assert errors(api.post("segments", {"name": "Fel", "tree": nul})) == {"/tree": "bad_text"}
    assert errors(api.post("segments", {"name": " ", "tree": TREE})) == {"/name": "blank"}
    assert errors(api.post("segments", {"name": "Fel", "tree": [7]})) == {"/tree": "no_node"}
    deep: Any = {"is": "has_email"}
    for _ in range(40):
        deep = {"not": {"all": [deep]}}
    assert set(errors(api.post("segments", {"name": "Djup", "tree": deep})).values()) == {
        "too_deep"
    }
    assert snapshot(*NOTED) == before


def test_both_groups_are_counted_exactly_and_nothing_changes(api: Api, campaign: Campaign) -> None:
    asked = {"campaign": str(campaign.ref), "tree": TREE, "personal": True}
    agreed = Donor.objects.order_by("pk")[0]
    donors.give_consent(
        donor_id=agreed.pk, wording=wording(), source="api", proof="form:1", by="staff:c"
    )
    counted = api.post("segments/count", asked, once="")
    assert counted.status_code == 200
    assert counted.json() == {
        "people": 4, "targeted": 1, "untargeted": 3, "matching": 4, "no_basis": 0,
        "no_address": 0, "recent": 0, "monthly": 0,
    }  # fmt: skip
    saved = api.post("segments", {"name": "Svenska", "tree": TREE}).json()["ref"]
    same = api.post("segments/count", {"campaign": str(campaign.ref), "segment": saved})
    assert same.json()["people"] == 4
    both = {**asked, "segment": saved}
    assert errors(api.post("segments/count", both)) == {"/tree": "tree_or_segment"}
    assert Segment.objects.count() == 1


def wording() -> ConsentWording:
    return ConsentWording.objects.filter(purpose="targeting").order_by("-version")[0]


def test_a_sample_says_why_and_the_read_log_keeps_whom_the_key_saw(
    api: Api, campaign: Campaign
) -> None:
    told = api.post("segments/sample", {"tree": TREE}, once="").json()["items"]
    assert len(told) == 4
    assert all(one["conditions"][0]["holds"] for one in told)
    first = told[0]["conditions"]
    assert first[0]["condition"] == {"is": "has_email"}
    assert first[0]["sentence"]["en"] == "has an e-mail address"
    assert [one["holds"] for one in first] == [True, False]
    seen = set(ReadLine.objects.values_list("subject_ref", "purpose"))
    assert seen == {(one["donor"], "api.segment_sample") for one in told}

    User.objects.create_user("enkel", password="a long enough password", is_staff=True)
    user = User.objects.get(username="enkel")
    give_role(user, "comms", campaign.entity, by="system:test")
    blind = key_of(user, ["segments.view"], campaign.entity)
    assert blind.post("segments/sample", {"tree": TREE}).status_code == 403
    assert ReadLine.objects.count() == 4
