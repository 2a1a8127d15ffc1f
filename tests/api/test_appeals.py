"""Appeals through the API: begun, written, tried, scheduled, held, ended; and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User

from donors import services as donors
from donors.values import PersonName, PostalAddress
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.staff.models import Approval
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, AppealTransition, Batch, Content, Wave
from mailings.appeals.services import scheduling, settling, testing
from mailings.attribution import by_post
from mailings.attribution.models import Letter
from mailings.models import TransactionalMessage
from mailings.segments import services as segments
from mailings.senders.base import BulkError, BulkOutcome
from tests.api.conftest import Api, key_for
from tests.mailings.appeals import house
from tests.matrix import snapshot
from tests.people import CECILIA

pytestmark = pytest.mark.django_db
HEADING = {"id": "a1", "kind": "heading", "text": "Valet avgörs nu"}
NOTED = ("keys", "limits", "api")


@pytest.fixture
def campaign(db: None, settings: Any) -> Campaign:
    """Six people who may be asked; nothing keeps an appeal from leaving at once."""
    settings.MAIL_SENDERS = dict(settings.MAIL_SENDERS)
    settings.APPEAL_SENDER = settings.APPEAL_SENDER
    settings.APPEAL_QUIET_FROM = settings.APPEAL_QUIET_UNTIL = 0
    house.use_fake()
    made = house.house()
    house.people(6)
    return made


@pytest.fixture
def api(campaign: Campaign) -> Api:
    return key_for(campaign.entity, "comms")


@pytest.fixture
def appeal(campaign: Campaign) -> Appeal:
    return house.written(campaign)


def problem(answer: Any, status: int, code: str) -> Any:
    """A refusal with its code; its body."""
    body = answer.json()
    assert (answer.status_code, body.get("code")) == (status, code), body
    return body


def errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.content
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def test_a_draft_is_begun_once_and_changed_by_whoever_read_it_last(
    api: Api, campaign: Campaign
) -> None:
    segment = segments.create_segment(name="Med e-post", tree={"is": "has_email"}, by="staff:c")
    body = {"campaign": str(campaign.ref), "title": "Sista veckan", "segment": str(segment.ref)}
    first, again = (api.post("appeals", body, once="a") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    told, address = first.json(), first.headers["Location"]
    assert again.json() == told
    assert Appeal.objects.count() == 1
    assert (told["state"], told["edition"], told["segment"], told["segment_version"]) == (
        "draft", 1, str(segment.ref), 1,
    )  # fmt: skip
    assert told["variants"] == [{"letter": "A", "share": 1, "languages": []}]

    changed = api.patch(address, {"edition": 1, "first_wave": 0, "segment": None})
    assert changed.status_code == 200
    assert (changed.json()["edition"], changed.json()["segment"]) == (2, None)
    before = snapshot(*NOTED)
    problem(api.patch(address, {"edition": 1, "title": "Annat"}), 409, "changed_meanwhile")
    unknown = api.patch(address, {"edition": 2, "state": "sending"})
    assert errors(unknown) == {"/state": "unknown"}
    half = api.patch(address, {"edition": 2, "holdout_percent": 51})
    assert errors(half) == {"/holdout_percent": "max_value"}
    wrong = {"edition": 2, "segment": "00000000-0000-4000-8000-000000000000"}
    assert errors(api.patch(address, wrong)) == {"/segment": "no_such"}
    assert snapshot(*NOTED) == before
    listed = api.get("appeals", state="draft", campaign=campaign.ref).json()["items"]
    assert [one["ref"] for one in listed] == [told["ref"]]


def test_words_are_kept_with_their_faults_and_two_writers_do_not_overwrite_each_other(
    api: Api, campaign: Campaign
) -> None:
    ref = api.post("appeals", {"campaign": str(campaign.ref), "title": "Nytt"}).json()["ref"]
    path = f"appeals/{ref}/words"
    words = {"language": "sv", "edition": 0, "subject": "Valet avgörs nu", "blocks": [HEADING]}
    written = api.post(path, words)

    assert written.status_code == 200
    (told,) = written.json()
    assert (told["variant"], told["language"], told["edition"]) == ("A", "sv", 1)
    assert "VALET" in told["text"].upper()
    assert api.get(path).json() == [told]
    before = snapshot(*NOTED)
    stale = api.post(path, {**words, "subject": "Annat"})
    assert problem(stale, 409, "changed_meanwhile")["edition"] == 1
    wrong = {**words, "edition": 1, "blocks": [HEADING, {**HEADING, "id": "b", "text": 7}]}
    assert errors(api.post(path, wrong)) == {"/blocks/1/text": "string_type"}
    assert errors(api.post(path, {**words, "blocks": [{**HEADING, "text": "a\0"}]})) == {
        "/blocks/0": "bad_text"
    }
    assert snapshot(*NOTED) == before


def test_versions_are_added_tried_and_taken_away(api: Api, appeal: Appeal) -> None:
    path = f"appeals/{appeal.ref}"
    problem(api.post(f"{path}/trial", {"percent": 20}), 409, "one_version")
    added = api.post(f"{path}/variants", {"copy_of": "A"})
    assert added.status_code == 201
    assert [one["letter"] for one in added.json()["variants"]] == ["A", "B"]

    tried = api.post(f"{path}/trial", {"percent": 20, "hours": 12}).json()["trial"]
    assert (tried["percent"], tried["hours"], tried["state"]) == (20, 12, "running")
    assert api.post(f"{path}/trial/drop").json()["trial"] is None
    gone = api.post(f"{path}/variants/remove", {"variant": "B"})
    assert [one["letter"] for one in gone.json()["variants"]] == ["A"]
    problem(api.post(f"{path}/variants", {"copy_of": "C"}), 409, "no_variant")
    problem(api.post(f"{path}/variants/remove", {"variant": "A"}), 409, "no_variant")


def test_what_is_in_the_way_is_told_and_keeps_it_a_draft(api: Api, appeal: Appeal) -> None:
    path = f"appeals/{appeal.ref}"
    looked = api.get(f"{path}/preflight").json()
    assert (looked["blocked"], looked["people"]) == (False, 6)
    Content.objects.filter(language="en").update(compiled_subject="")

    before = snapshot(*NOTED)
    assert api.get(f"{path}/preflight").json()["blocked"] is True
    faults = problem(api.post(f"{path}/schedule", {"edition": 1}), 409, "preflight")["faults"]
    assert faults == ["words"]
    assert snapshot(*NOTED) == before


def test_a_time_that_the_clock_shows_twice_or_never_is_asked_about(
    api: Api, appeal: Appeal
) -> None:
    Campaign.objects.update(ends_on=None)  # it would be over by then
    path, now = f"appeals/{appeal.ref}/schedule", clock.now()
    autumn = {"edition": 1, "local_time": "2027-10-31T02:30", "zone": "Europe/Stockholm"}
    before = snapshot(*NOTED)
    assert errors(api.post(path, autumn)) == {"/which": "ambiguous"}
    assert errors(api.post(path, {**autumn, "local_time": "2027-03-28T02:30"})) == {
        "/local_time": "skipped"
    }
    assert errors(api.post(path, {**autumn, "zone": "Mars/Olympus"})) == {"/zone": "unknown_zone"}
    assert errors(api.post(path, {**autumn, "local_time": "2020-01-01T10:00"})) == {
        "/local_time": "past"
    }
    problem(api.post(path, {"edition": 9}), 409, "changed_meanwhile")
    assert snapshot(*NOTED) == before

    done = api.post(path, {**autumn, "which": 1}).json()
    assert (done["state"], done["send_at"]) == ("scheduled", "2027-10-31T01:30:00Z")
    assert now < clock.now() + timedelta(minutes=1)
    back = api.post(f"appeals/{appeal.ref}/unschedule", {"why": "ny bild"}).json()
    assert (back["state"], back["send_at"], back["local_time"]) == ("draft", None, "")
    problem(api.post(f"appeals/{appeal.ref}/unschedule", {}), 409, "too_late")


def test_whose_key_scheduled_it_is_not_the_second_person(
    api: Api, appeal: Appeal, settings: Any
) -> None:
    settings.TWO_PERSON_APPEAL_PEOPLE = 0
    told = api.post(f"appeals/{appeal.ref}/schedule", {"edition": 1}).json()
    assert (told["needs_second"], told["has_second"]) == (True, False)
    assert api.key is not None
    maker = api.key.person
    assert Approval.objects.get().asked_by == maker
    with pytest.raises(AppealError, match="same_person"):
        scheduling.approve(appeal.ref, by=maker)
    scheduling.approve(appeal.ref, by=house.DAVID)
    assert api.get(f"appeals/{appeal.ref}").json()["has_second"] is True


def test_it_is_held_let_go_and_ended_and_nothing_twice(api: Api, appeal: Appeal) -> None:
    Appeal.objects.filter(pk=appeal.pk).update(first_wave=2)
    house.prepared(Appeal.objects.get(pk=appeal.pk))
    path = f"appeals/{appeal.ref}"
    waves = api.get(f"{path}/waves").json()
    assert [one["state"] for one in waves] == ["held"] * len(waves)
    assert api.post(f"{path}/waves/1/release").status_code == 200
    assert Wave.objects.get(number=1).state == "released"
    assert api.post(f"{path}/waves/99/release").status_code == 404

    assert api.post(f"{path}/pause", {"why": "fel länk"}).json()["state"] == "paused"
    problem(api.post(f"{path}/pause", {}), 409, "not_sending")
    problem(api.post(f"{path}/waves/1/release"), 409, "not_sending")
    assert api.post(f"{path}/resume", {}).json()["state"] == "sending"
    problem(api.post(f"{path}/resume", {}), 409, "not_paused")

    before = snapshot(*NOTED)
    assert errors(api.post(f"{path}/cancel", {})) == {"/why": "required"}
    personal = {"why": "anna@example.se ringde"}
    assert errors(api.post(f"{path}/cancel", personal)) == {"/why": "personal"}
    assert snapshot(*NOTED) == before
    ended = api.post(f"{path}/cancel", {"why": "fel länk"}).json()
    assert (ended["state"], ended["progress"]["ready"]) == ("cancelled", 0)
    problem(api.post(f"{path}/cancel", {"why": "igen"}), 409, "over")
    assert house.Fake.requests == []
    by = AppealTransition.objects.filter(appeal=appeal, to_state="cancelled").get().by
    assert api.key is not None
    assert by == api.key.actor
    assert {one["state"] for one in api.get("batches").json()["items"]} == {"cancelled"}
    assert api.get("batches", state="in_doubt").json()["items"] == []
    assert Batch.objects.exists()


def lost(_request: object) -> BulkError:
    return BulkError(BulkOutcome.UNKNOWN, words="not taken")


def test_a_doubt_is_settled_once_by_who_found_out_and_only_as_the_try_that_is_meant(
    api: Api, appeal: Appeal
) -> None:
    house.Fake.answer = staticmethod(lost)
    house.Fake.most = 1000
    house.send_all(house.released(appeal))
    (row,) = api.get("batches", state="in_doubt").json()["items"]
    path, said = f"batches/{row['fence']}/settle", {"left": False, "why": "saknas i loggen"}
    before = snapshot(*NOTED)
    assert errors(api.post(path, {"left": False})) == {"/why": "required"}
    assert errors(api.post(path, said | {"why": "anna@example.se ringde"})) == {"/why": "personal"}
    assert api.post(f"batches/{appeal.ref}/settle", said).status_code == 404
    assert snapshot(*NOTED) == before

    settled = api.post(path, said).json()
    assert (settled["state"], settled["fence"]) == ("ready", None)
    assert api.post(path, said).status_code == 404
    house.send_all(Appeal.objects.get(pk=appeal.pk))
    (again,) = api.get("batches", state="in_doubt").json()["items"]
    batch = Batch.objects.get()
    assert again["fence"] != row["fence"]
    late = settling.settle_by_hand(
        batch.pk, left=True, by="key:1", why="sent", fence=UUID(row["fence"])
    )
    assert late is False, "a word about the first try says nothing of the second"

    assert api.key is not None
    done = api.post(f"batches/{again['fence']}/settle", said | {"left": True}).json()
    assert (done["state"], Batch.objects.get().settled_by) == ("accepted", api.key.actor)
    problem(api.post(f"batches/{again['fence']}/settle", said | {"left": True}), 409, "settled")


def test_it_is_copied_and_those_who_have_not_given_are_asked_again(
    api: Api, appeal: Appeal
) -> None:
    path = f"appeals/{appeal.ref}"
    problem(api.post(f"{path}/remind", {}), 409, "not_sent")
    copied = api.post(f"{path}/copy", {"title": "Om igen"})
    assert copied.status_code == 201
    assert (copied.json()["title"], copied.json()["copied_from"]) == ("Om igen", str(appeal.ref))
    assert copied.json()["variants"] == [{"letter": "A", "share": 1, "languages": ["en", "sv"]}]

    house.send_all(house.released(appeal))
    reminder = api.post(f"{path}/remind", {"title": "Påminnelse"}).json()
    assert (reminder["people_of"], reminder["state"]) == (str(appeal.ref), "draft")
    looked = api.get(f"appeals/{reminder['ref']}/preflight").json()
    assert looked["people"] == sum(house.Fake.delivered.values()) == 6
    changed = api.patch(path, {"edition": 1, "title": "För sent"})
    problem(changed, 409, "not_draft")


def test_letters_and_the_words_of_a_journeys_step_are_not_scheduled(
    api: Api, campaign: Campaign
) -> None:
    pattern = house.written(campaign, kind=Appeal.Kind.JOURNEY)
    problem(api.post(f"appeals/{pattern.ref}/schedule", {"edition": 1}), 409, "pattern")
    letter = house.written(campaign, kind=Appeal.Kind.LETTER)
    problem(api.post(f"appeals/{letter.ref}/schedule", {"edition": 1}), 409, "letter")
    assert set(Appeal.objects.values_list("state", flat=True)) == {"draft"}


def test_a_test_is_mailed_to_whoever_the_key_is_of_and_to_nobody_else(
    api: Api, appeal: Appeal
) -> None:
    path, asked = f"appeals/{appeal.ref}/test", {"language": "sv", "person": "nameless"}
    problem(api.post(path, asked), 409, "no_address")
    assert api.key is not None
    User.objects.filter(pk=api.key.made_by_id).update(email="cecilia@parti.example")

    sent = api.post(path, asked, once="one")
    again = api.post(path, asked, once="one")

    assert sent.json() == again.json() == {"sent": 1}
    mail = TransactionalMessage.objects.get(kind=testing.KIND)
    assert mail.subject_ref.endswith(f":{api.key.made_by_id}")
    problem(api.post(path, {**asked, "variant": "C"}), 409, "no_words")
    assert errors(api.post(path, {**asked, "person": "vem"})) == {"/person": "invalid_choice"}
    assert TransactionalMessage.objects.filter(kind=testing.KIND).count() == 1


def test_letters_are_made_once_for_those_without_an_address_for_mail(
    api: Api, appeal: Appeal
) -> None:
    problem(api.post(f"appeals/{appeal.ref}/letters"), 409, "not_frozen")
    address = PostalAddress(("Storgatan 1",), "111 22", "Stockholm")
    _both, one = (
        donors.register_donor(
            name=PersonName("Per", "Post"), language="sv", source="import", by=CECILIA,
            email=email, postal=address,
        )
        for email in ("per@example.org", "")
    )  # fmt: skip
    for row in (_both, one):
        donors.record_membership(
            donor_id=row.pk, purposes=["appeals"], informed_on=date(2026, 1, 1), source="import",
            by=CECILIA,
        )  # fmt: skip
    assert by_post.number(appeal) == 1
    house.prepared(appeal)

    assert api.post(f"appeals/{appeal.ref}/letters").json() == {"letters": 1}
    problem(api.post(f"appeals/{appeal.ref}/letters"), 409, "frozen")
    assert Letter.objects.get().donor_id == one.pk
