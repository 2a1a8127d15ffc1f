"""What became true between two steps of an appeal: nobody gets what no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from donors import services as donors
from donors.models import ConsentWording, Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.staff import approvals
from fundraise.staff.models import Approval
from mailings.appeals import queries, wall_clock
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, Batch, Message
from mailings.appeals.services import (
    carrying,
    drafting,
    fates,
    pausing,
    preparing,
    scheduling,
    sending,
    watching,
    waves,
)
from mailings.senders.base import BulkError, BulkOutcome
from tests.mailings.appeals.house import (
    Fake,
    frozen,
    people,
    released,
    released_before,
    scheduled,
    send_all,
    states,
    written,
)
from tests.people import CECILIA

pytestmark = pytest.mark.django_db


def outcomes(appeal: Appeal) -> dict[int, str]:
    return dict(Message.objects.filter(appeal=appeal).values_list("donor_id", "outcome"))


def email_of(donor: Donor) -> int:
    return donor.contact_points.get(kind="email").pk


def another_address(donor: Donor, address: str) -> None:
    """She writes from another mailbox now, and has the old one no more."""
    old = email_of(donor)
    point = donors.add_contact_point(
        donor_id=donor.pk, kind="email", value=address, source="web", by=CECILIA
    )
    donors.make_primary(contact_point_id=point.pk, by=CECILIA)
    donors.remove_contact_point(contact_point_id=old, by=CECILIA)


def gift(campaign: Campaign, donor: Donor, **when: timedelta) -> Gift:
    return Gift.objects.create(
        entity=campaign.entity, campaign=campaign, donor=donor, state="received", channel="bank",
        amount_ore=900_00, language="sv",
        received_at=clock.now() - when.get("given", timedelta()),
        created_at=clock.now() - when.get("known", timedelta()),
    )  # fmt: skip


def test_nobody_is_mailed_at_an_address_that_is_not_theirs_any_more(campaign: Campaign) -> None:
    moved, added, stays = people(3)
    appeal = released(written(campaign))
    another_address(moved, "ny@example.org")
    point = donors.add_contact_point(
        donor_id=added.pk, kind="email", value="till@example.org", source="web", by=CECILIA
    )
    donors.make_primary(contact_point_id=point.pk, by=CECILIA)
    send_all(appeal)
    assert sorted(Fake.delivered) == ["anna1@example.org", "anna2@example.org"]
    assert outcomes(appeal) == {moved.pk: "no_address", added.pk: "", stays.pk: ""}


def test_who_is_no_member_any_more_is_not_asked_unless_something_else_carries_it(
    campaign: Campaign,
) -> None:
    gone, agreed_to, stays = people(3)
    appeal = released(written(campaign))
    agreed(agreed_to, "appeals")
    for donor in (gone, agreed_to):
        donors.end_membership(donor_id=donor.pk, by=CECILIA)
    send_all(appeal)
    assert outcomes(appeal) == {gone.pk: "no_basis", agreed_to.pk: "", stays.pk: ""}


def test_a_gift_that_the_bank_told_of_after_freezing_counts_as_given_meanwhile(
    campaign: Campaign,
) -> None:
    today, known, old, stays = people(4)
    gift(campaign, known, given=timedelta(hours=5), known=timedelta(hours=4))
    appeal = released(written(campaign, without_recent_days=0))
    gift(campaign, today, given=timedelta(hours=5))
    gift(campaign, old, given=timedelta(days=400))
    send_all(appeal)
    assert outcomes(appeal) == {today.pk: "gave", known.pk: "", old.pk: "", stays.pk: ""}
    reminder = released(drafting.remind(appeal.ref, by=CECILIA))
    assert set(outcomes(reminder)) == {known.pk, old.pk, stays.pk}


# --- Consent to be asked by what we know ----------------------------------------------------------
def test_who_got_it_by_two_records_that_are_one_now_is_reminded_once(campaign: Campaign) -> None:
    kept, gone, other = people(3)
    appeal = released(written(campaign))
    send_all(appeal)
    donors.merge_donors(kept_ref=kept.ref, gone_ref=gone.ref, by=CECILIA, reason="samma person")
    reminder = released(drafting.remind(appeal.ref, by=CECILIA))
    assert reminder.frozen == 2
    assert set(outcomes(reminder)) == {kept.pk, other.pk}


def agreed(donor: Donor, purpose: str = "targeting") -> None:
    wording, _new = ConsentWording.objects.get_or_create(
        purpose=purpose,
        version=1,
        defaults={"text_sv": "Ja", "text_en": "Yes", "from_date": clock.today()},
    )
    donors.give_consent(
        donor_id=donor.pk, wording=wording, source="form", proof="form:1", by=CECILIA
    )


def no_more(donor: Donor) -> None:
    donors.object_to(donor_id=donor.pk, purpose="targeting", source="letter", by=CECILIA)


def asked(address: str) -> str:
    """The first sum that somebody is asked for."""
    for request in Fake.requests:
        place = request.content.tags.index("ask1_kr")
        for one in request.people:
            if one.to == address:
                return one.values[place]
    raise AssertionError(f"no mail to {address}")


def test_who_takes_back_the_consent_to_be_targeted_is_asked_as_everybody_is(
    campaign: Campaign,
) -> None:
    anna, bo, cissi, david = people(4)
    for donor in (anna, bo, cissi):
        agreed(donor)
        gift(campaign, donor, given=timedelta(days=200), known=timedelta(days=200))
    appeal = frozen(scheduled(written(campaign)))
    no_more(bo)  # after freezing, before preparing
    while preparing.prepare_next(appeal.pk):
        pass
    preparing.prepared(appeal.pk)
    waves.release_next(appeal.pk)
    no_more(cissi)  # after preparing: her sums are in the body
    send_all(appeal)
    assert outcomes(appeal) == {anna.pk: "", bo.pk: "", cissi.pk: "no_basis", david.pk: ""}
    assert asked("anna1@example.org") == asked("anna3@example.org") != asked("anna0@example.org")

    no_more(anna)
    Fake.anew()
    reminder = released(drafting.remind(appeal.ref, by=CECILIA))
    send_all(reminder)
    rows = Message.objects.filter(appeal=reminder).values_list("donor_id", "targeted")
    assert dict(rows) == {anna.pk: False, bo.pk: False, david.pk: False}
    assert asked("anna0@example.org") == asked("anna3@example.org")
    assert queries.balance(Appeal.objects.get(pk=reminder.pk)).holds


def test_what_left_lately_counts_for_the_cap_though_its_list_is_old(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_CAP_MAILS, settings.APPEAL_CAP_DAYS = 1, 7
    early, late = people(2)
    ago = timedelta(days=10)
    first = released_before(ago, campaign, first_wave=1)
    send_all(first)
    got = Message.objects.get(appeal=first, seq=1).donor_id
    Batch.objects.filter(appeal=first, state="accepted").update(posted_at=clock.now() - ago)
    second = released(written(campaign))
    waits = {early.pk, late.pk} - {got}
    assert outcomes(second) == {got: "", **dict.fromkeys(waits, "capped")}


def test_a_version_without_any_words_blocks(campaign: Campaign) -> None:
    people(1)
    appeal = written(campaign)
    appeal.variants.create(letter="B")
    with pytest.raises(AppealError, match="preflight") as refused:
        scheduling.schedule(appeal.ref, local_time="", by=CECILIA)
    assert refused.value.faults == ("words",)


# --- What was stopped, cancelled or held meanwhile ------------------------------------------------
def test_what_was_stopped_and_put_off_between_two_looks_is_not_begun(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(2)
    appeal = scheduled(written(campaign))
    begin, later = scheduling._begin, clock.now() + timedelta(days=2)

    def put_off_first(pk: int, now: datetime) -> bool:
        scheduling.unschedule(appeal.ref, by=CECILIA)
        local = wall_clock.local_of(later, "Europe/Stockholm")
        scheduling.schedule(appeal.ref, local_time=local, which=0, by=CECILIA)
        return begin(pk, now)

    monkeypatch.setattr(scheduling, "_begin", put_off_first)
    assert scheduling.claim_due(clock.now()) == []
    assert Appeal.objects.get(pk=appeal.pk).state == "scheduled"


@pytest.mark.parametrize("by", [CECILIA, "key:abcd1234"])
def test_who_asked_for_a_second_person_may_stop_and_cancel_and_nobody_is_asked_any_more(
    campaign: Campaign, settings: Any, by: str
) -> None:
    settings.TWO_PERSON_APPEAL_PEOPLE = 1
    people(3)
    appeal = written(campaign)
    stops: list[Callable[[], Appeal]] = [
        lambda: scheduling.unschedule(appeal.ref, by=by),
        lambda: pausing.cancel(appeal.ref, by=by, why="fel lista"),
    ]
    for stop in stops:
        scheduling.schedule(appeal.ref, local_time="", by=by, person=CECILIA)
        assert approvals.unanswered().count() == 1
        stop()
        assert approvals.unanswered().count() == 0
    assert Appeal.objects.get(pk=appeal.pk).state == "cancelled"
    answers = Approval.objects.values_list("answer", "answered_by", "why")
    assert list(answers.order_by("pk")) == [
        ("no", "system:withdrawn", "withdrawn"),
        ("no", "system:withdrawn", "cancelled"),
    ]


@pytest.mark.parametrize("outcome", [BulkOutcome.WAIT, BulkOutcome.REFUSED])
def test_a_batch_that_comes_back_to_a_cancelled_appeal_is_left_out_by_name(
    campaign: Campaign, outcome: BulkOutcome
) -> None:
    people(4)
    appeal = released(written(campaign))

    def answer(_request: object) -> BulkError:
        pausing.cancel(appeal.ref, by=CECILIA, why="fel lista")
        return BulkError(outcome, words="no")

    Fake.answer = staticmethod(answer)
    assert sending.send_next(appeal.pk)
    watching.watch()
    assert set(states(appeal)) <= {"cancelled", "split"}
    assert queries.left_out(appeal) == {"cancelled": 4}
    assert not Fake.delivered


def test_a_chunk_that_was_being_prepared_while_its_appeal_was_cancelled_is_left_out(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(4)
    appeal = frozen(scheduled(written(campaign)))
    save = preparing._save

    def cancelled_first(*args: Any) -> None:
        pausing.cancel(appeal.ref, by=CECILIA, why="fel lista")
        save(*args)

    monkeypatch.setattr(preparing, "_save", cancelled_first)
    assert preparing.prepare_next(appeal.pk)
    assert states(appeal) == {"held": 1}
    watching.watch()
    assert states(appeal) == {"cancelled": 1}
    assert queries.left_out(appeal) == {"cancelled": 4}


def test_what_the_sender_took_while_its_appeal_was_cancelled_is_called_back(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_RECALL = "batch"
    people(4)
    appeal = released(written(campaign))

    def answer(_request: object) -> None:
        pausing.cancel(appeal.ref, by=CECILIA, why="fel lista")

    Fake.answer = staticmethod(answer)
    assert sending.send_next(appeal.pk)
    assert states(appeal) == {"accepted": 1}
    assert len(Fake.held) == 1
    watching.watch()
    assert (states(appeal), Fake.held) == ({"cancelled": 1}, {})
    assert queries.left_out(appeal) == {"cancelled": 4}


def test_what_the_sender_holds_counts_from_when_it_leaves_there(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_RECALL, settings.APPEAL_RECALL_MINUTES = "wave", 45
    settings.APPEAL_NEXT_WAVE_MINUTES = 30
    people(12)
    appeal = released(written(campaign, first_wave=5))
    send_all(appeal)
    Batch.objects.exclude(posted_at=None).update(posted_at=clock.real_now() - timedelta(hours=1))
    assert not waves.release_next(appeal.pk)
    Batch.objects.exclude(send_at=None).update(send_at=clock.real_now() - timedelta(minutes=31))
    assert waves.release_next(appeal.pk)

    hour = clock.now().astimezone(clock.STOCKHOLM)
    soon = (hour + timedelta(minutes=45)).hour
    Appeal.objects.filter(pk=appeal.pk).update(quiet_reason="")
    settings.APPEAL_QUIET_FROM, settings.APPEAL_QUIET_UNTIL = soon, (soon + 1) % 24
    assert [one.pk for one in carrying._sending(timedelta())] in ([appeal.pk], [])
    assert carrying._sending(timedelta(minutes=45)) == []


# --- The gate, and who looks at it ----------------------------------------------------------------
def test_who_lets_it_go_on_after_the_gate_is_not_stopped_again_by_what_was_known(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_STOP_BOUNCES = 50
    people(12)
    appeal = released(written(campaign, first_wave=5))
    send_all(appeal)
    now = clock.real_now()
    fates.note([fates.Fact(appeal.pk, seq, "bounced", now, "invalid") for seq in range(1, 4)])
    assert not waves.release_next(appeal.pk)  # not even before the beat has looked
    assert waves.watch_gate(appeal.pk) == "stop"
    pausing.resume(appeal.ref, by=CECILIA, why="gamla adresser, sållade")
    assert waves.watch_gate(appeal.pk) == "go"
    assert waves.release_next(appeal.pk)
    send_all(appeal)
    assert sorted(Fake.delivered.values()) == [1] * 12
    fates.note([fates.Fact(appeal.pk, seq, "bounced", now, "invalid") for seq in range(6, 9)])
    assert waves.watch_gate(appeal.pk) == "stop"
