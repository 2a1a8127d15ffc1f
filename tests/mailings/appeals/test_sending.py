"""From a draft to the last mail: everybody once, and a name for whoever got none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from donors import services as donors
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from mailings.appeals import queries
from mailings.appeals.models import Appeal, Batch, Chunk, Message
from mailings.appeals.services import (
    finishing,
    freezing,
    pausing,
    preparing,
    sending,
    settling,
    watching,
    waves,
)
from mailings.senders.base import BulkError, BulkOutcome, BulkRequest
from mailings.suppressions import services as suppressions
from tests.mailings.appeals.house import (
    Fake,
    frozen,
    people,
    person,
    prepared,
    released,
    scheduled,
    send_all,
    states,
    written,
)
from tests.people import CECILIA


def outcomes(appeal: Appeal) -> dict[str, int]:
    return queries.left_out(appeal)


def open_alarms() -> set[str]:
    return set(Alarm.objects.filter(resolved_at=None).values_list("code", flat=True))


def test_an_appeal_goes_to_everybody_once_and_ends_in_balance(campaign: Campaign) -> None:
    people(12)
    appeal = released(written(campaign))
    assert send_all(appeal) == 3
    assert finishing.finish(appeal.pk)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.frozen) == (Appeal.State.FINISHED, 12)
    assert sorted(Fake.delivered.values()) == [1] * 12
    assert states(appeal) == {"accepted": 3}
    assert queries.balance(appeal).holds
    first = Fake.requests[0]
    assert dict(first.content.headers)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert dict(first.content.args)["m"] == "-fr_e-"
    assert first.category == "appeal-valet"


def test_one_of_two_gets_it_who_came_to_share_an_address_after_the_list_was_frozen(
    campaign: Campaign,
) -> None:
    everybody = {donor.pk: number for number, donor in enumerate(people(8))}
    appeal = frozen(scheduled(written(campaign, first_wave=4)))
    first, last = Chunk.objects.filter(appeal=appeal).order_by("number")
    assert (first.sharing, last.sharing) == ([], [])
    point = donors.add_contact_point(
        donor_id=last.donor_ids[0],
        kind="email",
        value=f"anna{everybody[first.donor_ids[0]]}@example.org",
        source="web",
        by=CECILIA,
    )
    donors.make_primary(contact_point_id=point.pk, by=CECILIA)
    while preparing.prepare_next(appeal.pk):
        pass
    assert outcomes(appeal) == {"shared": 1}
    message = Message.objects.get(appeal=appeal, outcome="shared")
    assert (message.donor_id, message.email_key) == (last.donor_ids[0], None)


def test_lists_that_follow_each_other_are_not_prepared_side_by_side(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "CHUNK", 2)
    monkeypatch.setattr(preparing, "CHUNK", 2)
    people(9)
    appeal = frozen(scheduled(written(campaign)))
    done: list[int] = []
    while preparing.prepare_next(appeal.pk):
        ready = Chunk.objects.filter(appeal=appeal).exclude(prepared_at=None)
        done += ready.exclude(number__in=done).values_list("number", flat=True)
    assert done == [1, 3, 5, 2, 4]
    assert Message.objects.filter(appeal=appeal, outcome="").count() == 9


def test_whoever_gets_none_is_named_with_the_reason(campaign: Campaign) -> None:
    anna, _same, gone, told, restricted = (
        person(1, email="par@example.org"),
        person(2, email="PAR@example.org"),
        person(3),
        person(4),
        person(5),
    )
    appeal = released_after_freezing(campaign, [anna, _same, gone, told, restricted])
    assert outcomes(appeal) == {"shared": 1, "suppressed": 1, "no_basis": 2}
    assert send_all(appeal) == 1
    assert list(Fake.delivered) == ["par@example.org"]
    finishing.finish(appeal.pk)
    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.FINISHED


def released_after_freezing(campaign: Campaign, everybody: list[Any]) -> Appeal:
    """Between freezing and preparing: an unsubscribed address, a no, and one kept back."""
    from mailings.appeals.services import preparing
    from tests.mailings.appeals.house import frozen, scheduled

    appeal = frozen(scheduled(written(campaign)))
    _anna, _same, gone, told, restricted = everybody
    key = bytes(gone.contact_points.get(kind="email").value_hash)
    suppressions.suppress(email_key=key, reason="complaint", source="events", by=CECILIA)
    donors.object_to(donor_id=told.pk, purpose="appeals", source="letter", by=CECILIA)
    donors.restrict_donor(donor_id=restricted.pk, by=CECILIA)
    while preparing.prepare_next(appeal.pk):
        pass
    preparing.prepared(appeal.pk)
    waves.release_next(appeal.pk)
    return Appeal.objects.get(pk=appeal.pk)


def test_the_last_look_drops_who_left_or_gave_since_the_list_was_frozen(
    campaign: Campaign,
) -> None:
    everybody = people(5)
    appeal = released(written(campaign))
    gave, left, died, erased, _stays = everybody
    Gift.objects.create(
        entity=campaign.entity, campaign=campaign, donor=gave, state="received", channel="card",
        amount_ore=100_00, received_at=clock.now(), created_at=clock.now(), language="sv",
    )  # fmt: skip
    key = bytes(left.contact_points.get(kind="email").value_hash)
    suppressions.suppress(email_key=key, reason="unsubscribed", source="page", by=CECILIA)
    donors.record_death(donor_id=died.pk, died_on=clock.today(), by=CECILIA)
    donors.forget_donor(donor_ref=erased.ref, by=CECILIA, reason="begäran 1")

    assert send_all(appeal) == 1

    assert sum(Fake.delivered.values()) == 1
    assert outcomes(appeal) == {"gave": 1, "suppressed": 1, "no_basis": 2}
    assert finishing.finish(appeal.pk)


def test_one_bad_address_is_found_by_halving_and_costs_nobody_else_the_mail(
    campaign: Campaign,
) -> None:
    people(5)
    appeal = released(written(campaign))
    bad = "anna3@example.org"

    def answer(request: BulkRequest) -> BulkError | None:
        refused = any(one.to == bad for one in request.people)
        return BulkError(BulkOutcome.REFUSED, status=400, words="400") if refused else None

    Fake.answer = staticmethod(answer)
    send_all(appeal)
    assert finishing.finish(appeal.pk)
    assert outcomes(appeal) == {"refused": 1}
    assert len(Fake.delivered) == 4
    assert set(Fake.delivered.values()) == {1}
    assert bad not in Fake.delivered


def test_a_mail_that_is_always_refused_stops_the_appeal_and_not_person_by_person(
    campaign: Campaign,
) -> None:
    people(40)
    appeal = released(written(campaign))
    refusal = BulkError(BulkOutcome.REFUSED, status=400, words="400")
    Fake.answer = staticmethod(lambda _request: refusal)
    send_all(appeal)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.paused_for) == (Appeal.State.PAUSED, "refused")
    assert outcomes(appeal) == {"refused": 5}
    assert "appeal-paused" in open_alarms()


@pytest.mark.parametrize("after", [None, 90.0])
def test_a_busy_sender_is_asked_again_later(campaign: Campaign, after: float | None) -> None:
    people(3)
    appeal = released(written(campaign))
    busy = BulkError(BulkOutcome.WAIT, retry_after=after, status=429, words="429")
    Fake.answer = staticmethod(lambda _request: busy)
    assert send_all(appeal) == 1
    batch = Batch.objects.get(appeal=appeal)
    assert (batch.state, batch.fence) == ("ready", None)
    assert batch.not_before is not None
    assert batch.posted_at is not None
    wait = (batch.not_before - batch.posted_at).total_seconds()
    assert wait == pytest.approx(after or 15, abs=2)
    Batch.objects.filter(pk=batch.pk).update(not_before=clock.real_now())
    Fake.answer = staticmethod(lambda _request: None)
    assert send_all(appeal) == 1
    assert len(Fake.delivered) == 3


def test_a_key_that_is_refused_pauses_the_appeal_and_loses_nobody(campaign: Campaign) -> None:
    people(12)
    appeal = released(written(campaign))
    wrong = BulkError(BulkOutcome.KEY_REFUSED, status=401, words="401")
    Fake.answer = staticmethod(lambda _request: wrong)
    assert send_all(appeal) == 1
    appeal.refresh_from_db()
    assert (appeal.state, appeal.paused_for) == (Appeal.State.PAUSED, "key_refused")
    assert states(appeal) == {"ready": 3}
    Fake.answer = staticmethod(lambda _request: None)
    pausing.resume(appeal.ref, by=CECILIA)
    Batch.objects.update(not_before=None)
    assert send_all(appeal) == 3
    assert sorted(Fake.delivered.values()) == [1] * 12
    assert "appeal-paused" not in open_alarms()


# --- Doubt ----------------------------------------------------------------------------------------
def doubted(campaign: Campaign, *, taken: bool = True) -> Batch:
    """One request whose answer was lost."""
    people(4)
    appeal = released(written(campaign))
    lost = BulkError(BulkOutcome.UNKNOWN, words="taken" if taken else "not taken")
    Fake.answer = staticmethod(lambda _request: lost)
    assert send_all(appeal) == 1
    Fake.answer = staticmethod(lambda _request: None)
    return Batch.objects.get(appeal=appeal)


def test_a_lost_answer_is_a_doubt_that_is_never_sent_again_by_itself(campaign: Campaign) -> None:
    batch = doubted(campaign)
    assert (batch.state, batch.sent) == ("in_doubt", 4)
    assert "appeal-in-doubt" in open_alarms()
    assert [one.pk for one in queries.in_doubt()] == [batch.pk]
    assert len(queries.people_in(batch)) == 4
    watching.watch()
    assert send_all(batch.appeal) == 0
    assert not finishing.finish(batch.appeal_id)
    assert set(Fake.delivered.values()) == {1}


def test_an_event_with_its_fence_settles_a_doubt_and_an_older_fence_does_not(
    campaign: Campaign,
) -> None:
    batch = doubted(campaign)
    assert batch.fence is not None
    assert not settling.settle_by_events([batch.appeal.ref])
    assert settling.settle_by_events([batch.fence])
    assert not settling.settle_by_events([batch.fence])
    batch.refresh_from_db()
    assert (batch.state, batch.settled_by) == ("accepted", "event")
    assert "appeal-in-doubt" not in open_alarms()
    assert finishing.finish(batch.appeal_id)


def test_what_is_known_of_one_of_its_messages_settles_a_doubt(campaign: Campaign) -> None:
    from mailings.appeals.services import fates

    batch = doubted(campaign)
    assert settling.settle_by_fates(clock.real_now()) == 0
    fates.note([fates.Fact(batch.appeal_id, 2, "processed", clock.real_now())])
    assert settling.settle_by_fates(clock.real_now()) == 1
    assert finishing.finish(batch.appeal_id)


def test_a_person_settles_what_nobody_knows_once_and_with_a_reason(campaign: Campaign) -> None:
    batch = doubted(campaign, taken=False)
    first = batch.fence
    assert settling.settle_by_hand(batch.pk, left=False, by=CECILIA, why="inte i loggen")
    assert not settling.settle_by_hand(batch.pk, left=True, by=CECILIA, why="jo")
    assert send_all(batch.appeal) == 1
    batch.refresh_from_db()
    assert batch.state == "accepted"
    assert batch.fence != first
    assert sorted(Fake.delivered.values()) == [1] * 4


def test_a_recall_that_is_confirmed_sends_anew_under_another_name(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_RECALL = "batch"
    batch = doubted(campaign)
    name, fence = batch.recall_id, batch.fence
    assert settling.settle_by_recall(clock.real_now()) == 1
    assert Fake.recalled == [name]
    assert send_all(batch.appeal) == 1
    batch.refresh_from_db()
    assert batch.state == "accepted"
    assert batch.recall_id != name
    assert batch.fence != fence
    assert len(Fake.held[batch.recall_id]) == 4
    assert list(Fake.held) == [batch.recall_id]


def test_a_process_that_died_while_posting_leaves_a_doubt_when_its_lease_is_over(
    campaign: Campaign,
) -> None:
    from mailings.appeals.services import claiming

    people(3)
    appeal = released(written(campaign))
    batch = claiming.claim(appeal.pk, Fake())
    assert batch is not None
    assert settling.end_leases(clock.real_now()) == 0
    assert settling.end_leases(clock.real_now() + timedelta(minutes=4)) == 1
    assert states(appeal) == {"in_doubt": 1}
    # The answer that comes late after all settles it.
    assert settling.accepted(batch, "late")
    assert states(appeal) == {"accepted": 1}


def test_where_a_key_is_taken_once_a_lost_answer_is_asked_again_with_it(
    campaign: Campaign,
) -> None:
    Fake.idempotent = True
    batch = doubted(campaign)
    assert batch.state == "ready"
    fence = batch.fence
    Batch.objects.update(not_before=None)
    Fake.delivered.clear()
    assert send_all(batch.appeal) == 1
    assert {request.key for request in Fake.requests} == {str(fence)}


# --- Pause and cancel -----------------------------------------------------------------------------
def test_a_pause_stops_claims_and_going_on_loses_nobody(campaign: Campaign) -> None:
    people(12)
    appeal = released(written(campaign))
    assert sending.send_next(appeal.pk)
    pausing.pause(appeal.ref, by=CECILIA)
    assert not sending.send_next(appeal.pk)
    pausing.resume(appeal.ref, by=CECILIA)
    assert send_all(appeal) == 2
    assert sorted(Fake.delivered.values()) == [1] * 12


def test_a_pause_between_claim_and_post_gives_the_batch_back(campaign: Campaign) -> None:
    from mailings.appeals.services import claiming

    people(3)
    appeal = released(written(campaign))
    batch = claiming.claim(appeal.pk, Fake())
    assert batch is not None
    pausing.pause(appeal.ref, by=CECILIA)
    sending.carry(batch, Fake())
    assert (states(appeal), Fake.requests) == ({"ready": 1}, [])


def test_a_cancel_keeps_what_left_names_the_rest_and_calls_back_what_is_held(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_RECALL = "wave"
    people(12)
    appeal = released(written(campaign))
    assert sending.send_next(appeal.pk)
    pausing.cancel(appeal.ref, by=CECILIA, why="fel belopp")
    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.CANCELLED
    assert (states(appeal), Fake.held) == ({"cancelled": 3}, {})
    assert outcomes(appeal) == {"cancelled": 12}
    assert queries.balance(appeal).holds
    assert not sending.send_next(appeal.pk)


# --- Waves and gates ------------------------------------------------------------------------------
def test_the_next_wave_waits_for_answers_and_stops_at_the_gate(
    campaign: Campaign, settings: Any
) -> None:
    from mailings.appeals.services import fates

    settings.APPEAL_NEXT_WAVE_MINUTES = 60
    people(12)
    appeal = released(written(campaign, first_wave=5))
    assert [wave.people for wave in appeal.waves.order_by("number")] == [5, 7]
    assert send_all(appeal) == 1
    assert not waves.release_next(appeal.pk)
    settings.APPEAL_NEXT_WAVE_MINUTES = 0
    now = clock.real_now()
    fates.note([fates.Fact(appeal.pk, seq, "bounced", now, "invalid") for seq in range(1, 5)])
    assert waves.watch_gate(appeal.pk) == "go"  # four of five say nothing yet
    settings.APPEAL_STOP_BOUNCES = 50
    assert waves.watch_gate(appeal.pk) == "stop"
    assert not waves.release_next(appeal.pk)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.paused_for) == (Appeal.State.PAUSED, "bounces")
    settings.APPEAL_STOP_BOUNCES = 5000
    pausing.resume(appeal.ref, by=CECILIA)
    assert waves.release_next(appeal.pk)
    assert send_all(appeal) == 2
    assert sorted(Fake.delivered.values()) == [1] * 12


def test_a_bucket_lets_so_many_leave_and_fills_again(campaign: Campaign, settings: Any) -> None:
    from mailings.appeals.models import Bucket

    settings.APPEAL_PER_HOUR = 72  # six in five minutes
    people(12)
    appeal = released(written(campaign))
    assert send_all(appeal) == 2
    assert Bucket.objects.get(name="all").level == pytest.approx(-4, abs=0.1)
    ago = clock.real_now() - timedelta(minutes=5)
    Bucket.objects.update(filled_at=ago)
    assert send_all(appeal) == 1
    assert sorted(Fake.delivered.values()) == [1] * 12


# --- Who may get how much -------------------------------------------------------------------------
def test_a_person_gets_so_many_appeals_and_no_more(campaign: Campaign, settings: Any) -> None:
    settings.APPEAL_CAP_MAILS = 1
    people(3)
    send_all(released(written(campaign)))
    second = prepared(written(campaign))
    assert outcomes(second) == {"capped": 3}
    third = prepared(written(campaign, ignores_cap=True))
    assert outcomes(third) == {}
    Message.objects.filter(appeal=third).update(outcome="cancelled")
    Appeal.objects.filter(pk=third.pk).update(state="cancelled", ended_at=clock.now())


def test_a_holdout_gets_nothing_and_is_told_apart(campaign: Campaign) -> None:
    people(40)
    appeal = prepared(written(campaign, holdout_percent=50))
    held = outcomes(appeal)["holdout"]
    assert 8 <= held <= 32
    assert queries.balance(appeal).waiting == 40 - held
