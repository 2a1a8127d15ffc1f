"""When an appeal leaves and who must agree; who is chosen and in which order; what is checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from donors import queries as donor_queries
from donors import services as donors
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.staff.models import Approval
from mailings.appeals import audience, families, gates, preflight, wall_clock
from mailings.appeals import people as loading
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, Chunk, Content
from mailings.appeals.services import drafting, freezing, scheduling
from mailings.appeals.wall_clock import FIRST, SECOND, WallClockError
from mailings.segments import asking
from mailings.segments import services as segments
from tests.mailings.appeals.house import (
    DAVID,
    frozen,
    people,
    person,
    released,
    scheduled,
    send_all,
    write,
    written,
)
from tests.people import CECILIA

STOCKHOLM = "Europe/Stockholm"


def refusal(act: Any) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(AppealError) as refused:
        act()
    return refused.value.code, refused.value.faults


# --- The clock on the wall ------------------------------------------------------------------------
def test_a_time_on_the_wall_is_one_instant_or_is_asked_about() -> None:
    at = wall_clock.instant("2026-12-01T18:03", STOCKHOLM)
    assert at == datetime(2026, 12, 1, 17, 3, tzinfo=UTC)
    summer = wall_clock.instant("2026-07-01T18:03", STOCKHOLM)
    assert summer == datetime(2026, 7, 1, 16, 3, tzinfo=UTC)
    assert wall_clock.local_of(summer, "America/New_York") == "2026-07-01T12:03"
    first = wall_clock.instant("2026-10-25T02:30", STOCKHOLM, which=FIRST)
    second = wall_clock.instant("2026-10-25T02:30", STOCKHOLM, which=SECOND)
    assert (first, second - first) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("local", "zone", "code"),
    [
        ("2026-03-29T02:30", STOCKHOLM, "skipped"),
        ("2026-10-25T02:30", STOCKHOLM, "ambiguous"),
        ("2026-13-01T00:00", STOCKHOLM, "unreadable"),
        ("2026-12-01 18:03", STOCKHOLM, "unreadable"),
        ("2026-12-01T18:03", "Europe/Atlantis", "unknown_zone"),
        ("2026-12-01T18:03", "../etc/passwd", "unknown_zone"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused(local: str, zone: str, code: str) -> None:
    with pytest.raises(WallClockError) as refused:
        wall_clock.instant(local, zone)
    assert refused.value.code == code


def test_quiet_hours_reach_over_midnight_on_the_appeals_own_clock() -> None:
    at = datetime(2026, 12, 1, 20, 30, tzinfo=UTC)  # 21:30 in Stockholm
    assert wall_clock.is_quiet(at, STOCKHOLM, 21, 8)
    assert not wall_clock.is_quiet(at, "America/New_York", 21, 8)
    assert not wall_clock.is_quiet(at, STOCKHOLM, 8, 8)
    assert wall_clock.is_quiet(at, STOCKHOLM, 20, 22)
    assert wall_clock.odd_minute(at) == datetime(2026, 12, 1, 20, 31, tzinfo=UTC)


# --- Scheduling -----------------------------------------------------------------------------------
def test_what_was_scheduled_can_be_stopped_and_leaves_when_it_is_due(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_COOL_OFF_MINUTES = 10
    people(3)
    draft = written(campaign)
    done = scheduling.schedule(draft.ref, local_time="", by=CECILIA)
    assert (done.state, done.needs_second) == ("scheduled", False)
    assert scheduling.claim_due(clock.now()) == []  # the minutes with a Stop
    assert refusal(lambda: drafting.set_options(draft.ref, edition=1, by=CECILIA, priority=1)) == (
        "not_draft",
        (),
    )
    scheduling.stop_in_cool_off(draft.ref, by=CECILIA)
    draft.refresh_from_db()
    assert (draft.state, draft.send_at) == ("draft", None)
    assert refusal(lambda: scheduling.unschedule(draft.ref, by=CECILIA)) == ("too_late", ())
    scheduling.schedule(draft.ref, local_time="", by=CECILIA)
    later = clock.now() + timedelta(minutes=11)
    assert scheduling.claim_due(later) == [draft.pk]
    assert scheduling.claim_due(later) == []


def test_a_large_send_waits_for_a_second_person_who_is_another(
    campaign: Campaign, settings: Any
) -> None:
    settings.TWO_PERSON_APPEAL_PEOPLE = 2
    people(3)
    draft = written(campaign)
    assert scheduling.schedule(draft.ref, local_time="", by=CECILIA).needs_second
    assert Approval.objects.get(kind="appeal").answer == ""
    assert scheduling.claim_due(clock.now()) == []
    assert refusal(lambda: scheduling.approve(draft.ref, by=CECILIA)) == ("same_person", ())
    scheduling.decline(draft.ref, by=DAVID, why="fel dag")
    draft.refresh_from_db()
    assert (draft.state, Approval.objects.get(kind="appeal").answer) == ("draft", "no")
    scheduling.schedule(draft.ref, local_time="", by=CECILIA)
    scheduling.approve(draft.ref, by=DAVID)
    assert refusal(lambda: scheduling.approve(draft.ref, by=DAVID)) == ("not_asked", ())
    assert scheduling.claim_due(clock.now()) == [draft.pk]


def test_a_set_that_has_grown_above_one_persons_size_becomes_a_draft_again(
    campaign: Campaign, settings: Any
) -> None:
    settings.TWO_PERSON_APPEAL_PEOPLE = 3
    people(3)
    appeal = scheduled(written(campaign))
    person(99)
    scheduling.claim_due(clock.now())
    assert not freezing.freeze(appeal.pk)
    appeal.refresh_from_db()
    assert (appeal.state, Chunk.objects.count()) == ("draft", 0)


def test_quiet_hours_want_a_reason_and_another_person(campaign: Campaign, settings: Any) -> None:
    settings.APPEAL_QUIET_FROM, settings.APPEAL_QUIET_UNTIL = 0, 24
    people(2)
    draft = written(campaign)
    act = lambda: scheduling.schedule(draft.ref, local_time="", by=CECILIA)  # noqa: E731
    assert refusal(act) == ("quiet_hours", ())
    done = scheduling.schedule(draft.ref, local_time="", by=CECILIA, quiet_reason="valnatten")
    assert (done.needs_second, done.quiet_reason) == (True, "valnatten")


def test_what_can_not_be_is_refused_and_changes_nothing(campaign: Campaign) -> None:
    people(2)
    draft = written(campaign)
    for local, code in (("2020-01-01T12:00", "past"), ("2099-01-01T12:00", "too_far")):
        then = partial(scheduling.schedule, draft.ref, local_time=local, by=CECILIA)
        assert refusal(then) == (code, ())
    stale = lambda: scheduling.schedule(draft.ref, local_time="", by=CECILIA, edition=9)  # noqa: E731
    assert refusal(stale) == ("changed_meanwhile", ())
    Content.objects.update(problems=[{"code": "no_fallback"}])
    act = lambda: scheduling.schedule(draft.ref, local_time="", by=CECILIA)  # noqa: E731
    assert refusal(act) == ("preflight", ("fields", "fields"))
    draft.refresh_from_db()
    assert (draft.state, draft.transitions.count()) == ("draft", 0)


# --- Who, and in which order ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "least", "sizes"),
    [
        (1_000_000, 2_000, [10_000, 100_000, 890_000]),
        (25_000, 2_000, [2_000, 2_500, 20_500]),
        (5_000, 2_000, [2_000, 3_000]),
        (3_000, 2_000, [3_000]),
        (100_000, 0, [100_000]),
        (0, 2_000, [0]),
    ],
)
def test_waves_have_a_least_size(number: int, least: int, sizes: list[int]) -> None:
    assert freezing.sizes_of_waves(number, least) == sizes
    assert sum(sizes) == number


def test_the_frozen_list_is_whole_ordered_and_made_once(campaign: Campaign) -> None:
    everybody = {donor.pk for donor in people(9)}
    appeal = frozen(scheduled(written(campaign, first_wave=4)))
    chunks = list(Chunk.objects.filter(appeal=appeal).order_by("number"))
    assert [(one.first_seq, len(one.donor_ids)) for one in chunks] == [(1, 4), (5, 5)]
    assert {pk for one in chunks for pk in one.donor_ids} == everybody
    assert appeal.criteria["tree"] == {"all": []}
    assert not freezing.freeze(appeal.pk)


def order_of(appeal: Appeal) -> list[int]:
    rows = Chunk.objects.filter(appeal=appeal).order_by("number")
    return [pk for one in rows for pk in one.donor_ids]


def test_the_engaged_are_first_and_who_shares_an_address_goes_with_them(
    campaign: Campaign,
) -> None:
    everybody = [donor.pk for donor in people(12)]
    clicked, partner = everybody[7], person(100, email="anna7@example.org").pk
    segments.note_clicked([clicked], clock.now())
    segments.note_clicked([everybody[2]], clock.now() - timedelta(days=300))
    for first_wave in (0, 4):
        order = order_of(frozen(scheduled(written(campaign, first_wave=first_wave))))
        assert sorted(order) == sorted([*everybody, partner])
        assert (set(order[:2]), order[2]) == ({clicked, partner}, everybody[2])


def test_each_is_drawn_alone_in_what_is_judged_and_neighbours_together_in_the_last_wave(
    campaign: Campaign,
) -> None:
    everybody = [donor.pk for donor in people(160)]
    orders = [
        order_of(frozen(scheduled(written(campaign, first_wave=wave)))) for wave in (40, 40, 0)
    ]
    assert all(sorted(order) == everybody for order in orders)
    first, other, at_once = orders
    assert first[:80] != other[:80], "the lot is the appeal's own"
    assert blocks_in(first[:80]) > 20
    for late in (first[80:], at_once):
        assert blocks_in(late) == len({pk >> 5 for pk in late})
    assert at_once != everybody


def blocks_in(order: list[int]) -> int:
    """How many rows of neighbours stand after each other."""
    return 1 + sum(one >> 5 != other >> 5 for one, other in pairwise(order))


def test_a_reminder_goes_to_who_got_it_and_has_not_given_or_left(campaign: Campaign) -> None:
    from mailings.appeals.services import fates

    everybody = people(5)
    appeal = released(written(campaign))
    assert refusal(lambda: drafting.remind(written(campaign).ref, by=CECILIA)) == ("not_sent", ())
    send_all(appeal)
    order = list(Chunk.objects.get(appeal=appeal).donor_ids)
    Gift.objects.create(
        entity=campaign.entity, campaign=campaign, donor_id=order[0], state="received",
        channel="card", amount_ore=100_00, received_at=clock.now(), created_at=clock.now(),
        language="sv",
    )  # fmt: skip
    fates.note([fates.Fact(appeal.pk, 2, "bounced", clock.real_now(), "invalid")])
    again = drafting.remind(appeal.ref, by=CECILIA, title="Påminnelse")
    assert again.people_of_id == appeal.pk
    assert again.variants.get().contents.count() == 2
    again = frozen(scheduled(again))
    chosen = {pk for one in Chunk.objects.filter(appeal=again) for pk in one.donor_ids}
    assert chosen == set(order[2:])
    assert chosen < {donor.pk for donor in everybody}


def test_named_people_are_frozen_as_a_journey_names_them(campaign: Campaign) -> None:
    first, second, _third = people(3)
    appeal = frozen(scheduled(written(campaign)), [second.pk, first.pk])
    chosen = {pk for one in Chunk.objects.filter(appeal=appeal) for pk in one.donor_ids}
    assert chosen == {first.pk, second.pk}


@pytest.mark.parametrize(("kind", "code"), [("letter", "letter"), ("journey", "pattern")])
def test_what_is_no_mail_to_a_list_is_never_scheduled(
    campaign: Campaign, kind: str, code: str
) -> None:
    people(1)
    appeal = written(campaign, kind=kind)
    with pytest.raises(AppealError, match=code):
        scheduling.schedule(appeal.ref, local_time="", by=CECILIA, quiet_reason="prov")
    appeal.refresh_from_db()
    assert (appeal.state, Chunk.objects.count()) == ("draft", 0)
    if kind == "journey":  # nor is there a copy that nobody could send or put away
        for copied in (drafting.copy_appeal, drafting.remind):
            with pytest.raises(AppealError, match=code):
                copied(appeal.ref, by=CECILIA)
        assert Appeal.objects.count() == 1


def test_one_pass_over_many_donors_finds_whom_the_rule_allows(campaign: Campaign) -> None:
    everybody = people(6)
    wording = donors.publish_wording(
        purpose="tracking", text_sv="Ja", text_en="Yes", from_date=clock.today(), by=CECILIA
    )
    donors.give_consent(
        donor_id=everybody[3].pk, wording=wording, source="web", proof="x", by=CECILIA
    )
    donors.object_to(donor_id=everybody[1].pk, purpose="appeals", source="letter", by=CECILIA)
    donors.end_membership(donor_id=everybody[2].pk, by=CECILIA)
    ids = [donor.pk for donor in everybody]
    appeal = written(campaign)
    for purpose, expected in (("appeals", {ids[0], *ids[3:]}), ("newsletter", set())):
        appeal.purpose = purpose
        asking.refresh()
        rows, _opened = loading.load(appeal, ids)
        assert {row.donor_id for row in rows if row.may} == expected
        assert set(donor_queries.allowed(purpose).values_list("pk", flat=True)) == expected
        assert [row.donor_id for row in rows if row.tracked] == [ids[3]]
        assert [row.donor_id for row in rows] == ids


def test_kinds_of_mailboxes() -> None:
    found = [families.family(f"x@{one}") for one in (
        "GMAIL.com", "hotmail.se", "outlook.com", "yahoo.co.uk", "icloud.com", "folket.se",
    )]  # fmt: skip
    assert found == ["gmail", "microsoft", "microsoft", "yahoo", "apple", "other"]


def test_rates_of_few_mails_stop_nothing() -> None:
    assert gates.verdict_of(2, 10, 100, 300) == "go"
    assert gates.verdict_of(3, 10, 100, 300) == "go"
    assert gates.verdict_of(6, 500, 100, 300) == "warn"
    assert gates.verdict_of(30, 1000, 100, 300) == "stop"
    assert gates.verdict_of(0, 0, 100, 300) == "go"


# --- Preflight ------------------------------------------------------------------------------------
def test_the_list_says_what_is_wrong_and_what_blocks(campaign: Campaign) -> None:
    people(2)
    empty = drafting.new_appeal(campaign=campaign, title="Tomt", by=CECILIA)
    assert {check.code for check in preflight.blocking(preflight.run(empty))} == {"words", "from"}
    appeal = drafting.new_appeal(campaign=campaign, title="Fel", by=CECILIA)
    content = write(appeal.variants.get(), html="<p>utan vägar</p>" + "x" * 100_001)
    content.links.update(target="ftp://x")
    Content.objects.filter(pk=content.pk).update(compiled_subject="SISTA CHANSEN!! Gratis")
    found = {check.code: check for check in preflight.run(appeal)}
    blocked = {code for code, check in found.items() if check.state == preflight.BLOCK}
    assert blocked == {"links", "unsubscribe", "weight"}
    assert found["filters"].args["signs"] == ["capitals", "exclamations", "phrases"]
    assert found["languages"].state == preflight.WARN
    assert found["people"].args == {"people": 2}
    assert preflight.people(list(found.values())) == 2


def test_the_size_is_compared_and_who_was_mailed_just_now_is_told(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_CAP_MAILS = 1
    people(2)
    send_all(released(written(campaign)))
    for number in (10, 11):
        person(number)
    found = {check.code: check for check in preflight.run(written(campaign))}
    assert (found["size"].state, found["size"].args) == ("warn", {"people": 4, "last": 2})
    assert (found["mailed"].state, found["mailed"].args["people"]) == ("warn", 2)
    assert (found["capped"].state, found["capped"].args["people"]) == ("warn", 2)
    settings.APPEAL_CAP_MAILS = 2
    again = {check.code: check for check in preflight.run(written(campaign))}
    assert (again["capped"].state, again["capped"].args["people"]) == ("ok", 0)
    assert audience.size(audience.of(written(campaign))).people == 4
    assert Appeal.objects.count() == 4
