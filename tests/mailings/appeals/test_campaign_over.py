"""A campaign is over: nobody is asked for it any more, and who scheduled the appeal hears of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns import services
from fundraise.campaigns.models import Campaign
from fundraise.jobs.models import Alarm
from fundraise.staff.roles import Role
from fundraise.staff.services import give_role
from mailings import transactional
from mailings.appeals import asking, preflight
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, Batch, Content, Link
from mailings.appeals.services import drafting, pausing, scheduling, watching
from mailings.attribution import letters
from mailings.attribution.errors import AttributionError
from mailings.models import TransactionalMessage
from tests.mailings.appeals.house import (
    Fake,
    people,
    prepared,
    released,
    scheduled,
    send_all,
    written,
)
from tests.people import CECILIA

State = Appeal.State


def close(campaign: Campaign) -> None:
    services.update_campaign(campaign.pk, by=CECILIA, status="closed")
    campaign.refresh_from_db()


def open_again(campaign: Campaign) -> None:
    services.update_campaign(campaign.pk, by=CECILIA, status="live")
    campaign.refresh_from_db()


def owner(campaign: Campaign) -> User:
    user = User.objects.create_user("cecilia", email="cecilia@party.example", is_staff=True)
    give_role(user, Role.COMMS, campaign.entity, with_districts=False, by="system:test")
    return user


def stood(appeal: Appeal) -> tuple[str, str]:
    appeal.refresh_from_db()
    return appeal.state, appeal.paused_for


def rings() -> set[tuple[str, str]]:
    return set(Alarm.objects.filter(resolved_at=None).values_list("code", "subject"))


def only_thanks(appeal: Appeal) -> None:
    """Words without a sum, and links that lead elsewhere."""
    contents = Content.objects.filter(variant__appeal=appeal)
    contents.update(tags=["first_name", "m", "u"])
    Link.objects.filter(content__in=contents).update(target="https://party.example/tack/")


@pytest.mark.parametrize(
    ("status", "ends", "is_over"),
    [
        ("live", None, False),
        ("live", 0, False),  # its last day is a day like any other
        ("live", -1, True),
        ("closed", None, True),
        ("closed", 30, True),
        ("draft", None, False),
    ],
)
def test_a_campaign_is_over_when_closed_or_past_its_last_day(
    campaign: Campaign, status: str, ends: int | None, is_over: bool
) -> None:
    today = clock.today()
    last = None if ends is None else today + timedelta(days=ends)
    Campaign.objects.filter(pk=campaign.pk).update(
        status=status, ends_on=last, starts_on=date(2026, 1, 1)
    )
    campaign.refresh_from_db()
    said = campaigns.over_sql("campaigns_campaign", "%s")
    of_sql = Campaign.objects.extra(where=[said], params=[today])  # noqa: S610 - our own words
    assert campaign.is_over(today) is is_over
    assert Campaign.objects.filter(campaigns.over(today)).exists() is is_over
    assert of_sql.exists() is is_over


def test_an_appeal_to_a_campaign_that_will_be_over_is_red_and_one_that_thanks_is_not(
    campaign: Campaign,
) -> None:
    people(2)
    today = clock.today()
    services.update_campaign(campaign.pk, by=CECILIA, ends_on=today + timedelta(days=3))
    asks, thanks = written(campaign), written(campaign)
    only_thanks(thanks)
    after = (clock.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")

    with pytest.raises(AppealError) as refused:
        scheduling.schedule(asks.ref, local_time=after, by=CECILIA)
    assert (refused.value.code, refused.value.faults) == ("preflight", ("campaign",))
    assert stood(asks) == (State.DRAFT, "")
    in_time = {one.code: one.state for one in preflight.run(asks)}
    assert in_time["campaign"] == preflight.OK

    close(campaign)
    said = {
        row.pk: next(one.state for one in preflight.run(row) if one.code == "campaign")
        for row in (Appeal.objects.get(pk=asks.pk), Appeal.objects.get(pk=thanks.pk))
    }
    assert said == {asks.pk: preflight.BLOCK, thanks.pk: preflight.WARN}


def test_a_mail_asks_by_a_sum_or_by_a_link_to_its_campaigns_page_alone(
    campaign: Campaign, settings: Any
) -> None:
    base = settings.BASE_URL
    appeal = written(campaign, languages=["sv"])
    assert asking.asks(appeal)
    only_thanks(appeal)
    assert not asking.asks(appeal)
    link = Link.objects.filter(content__variant__appeal=appeal)
    for target, asks in (
        (f"{base}/valet/", True),
        (f"{base}/valet?belopp=200", True),
        (f"{base}/en/valet/?frequency=monthly", True),
        (f"{base}/valet/termometer/", False),
        (f"{base}/mina-sidor/hoj/", False),
        ("https://party.example/valet/", False),
    ):
        link.update(target=target)
        assert (target, asking.asks(appeal)) == (target, asks)


def test_what_was_scheduled_is_a_draft_again_and_its_owner_is_told_once(
    campaign: Campaign,
) -> None:
    people(2)
    user = owner(campaign)
    appeal = scheduled(written(campaign))
    Appeal.objects.filter(pk=appeal.pk).update(asked_by=f"staff:{user.pk}")
    close(campaign)

    assert watching.watch()["campaign_over"] == 1
    assert stood(appeal) == (State.DRAFT, "")
    assert (watching.watch()["campaign_over"], Fake.requests) == (0, [])
    mail = TransactionalMessage.objects.get(kind="appeal-campaign-over")
    words = transactional.words_of(mail)
    assert "Sista veckan" in words
    assert "utkast igen" in words
    assert f"/staff/appeals/{appeal.ref}/" in words
    line = ChangeLine.objects.get(action="appeal.campaign_over")
    assert (line.subject_ref, line.after) == (str(appeal.ref), {"state": "draft"})
    assert rings() == {("appeal-campaign-over", str(appeal.ref))}

    open_again(campaign)
    watching.watch()
    assert rings() == set()


def test_what_is_on_its_way_pauses_with_the_reason_and_goes_on_when_it_is_open_again(
    campaign: Campaign,
) -> None:
    people(12)
    appeal = released(written(campaign))
    Fake.answer = staticmethod(lambda _request: close(campaign))  # while the first request is out

    assert send_all(appeal) == 2  # the second batch was claimed, and its last look saw it
    assert (len(Fake.requests), sum(Fake.delivered.values())) == (1, 5)
    assert stood(appeal) == (State.PAUSED, "campaign_over")
    assert ("appeal-paused", str(appeal.ref)) in rings()
    with pytest.raises(AppealError, match="campaign_over"):
        pausing.resume(appeal.ref, by=CECILIA)
    with pytest.raises(AppealError, match="campaign_over"):
        drafting.remind(appeal.ref, by=CECILIA)
    assert Appeal.objects.count() == 1

    Fake.answer = staticmethod(lambda _request: None)
    open_again(campaign)
    pausing.resume(appeal.ref, by=CECILIA)
    Batch.objects.filter(appeal=appeal).update(not_before=None)  # what went back waits a second
    send_all(appeal)
    assert sorted(Fake.delivered.values()) == [1] * 12


def test_a_last_day_that_passes_pauses_it_and_thanks_go_on(campaign: Campaign) -> None:
    people(3)
    asks, thanks = prepared(written(campaign)), written(campaign)
    only_thanks(thanks)
    thanks = released(thanks)
    Campaign.objects.filter(pk=campaign.pk).update(
        starts_on=date(2026, 1, 1), ends_on=clock.today() - timedelta(days=1)
    )

    assert watching.watch()["campaign_over"] == 1
    assert (stood(asks), stood(thanks)[0]) == ((State.PAUSED, "campaign_over"), State.SENDING)
    assert send_all(thanks) == 1
    assert sorted(Fake.delivered.values()) == [1] * 3


def test_no_letters_are_made_for_a_campaign_that_is_over(campaign: Campaign) -> None:
    people(1)
    appeal = drafting.new_appeal(campaign=campaign, title="Brev", by=CECILIA, kind="letter")
    close(campaign)
    with pytest.raises(AttributionError) as refused:
        letters.freeze(Appeal.objects.get(pk=appeal.pk), by=CECILIA)
    assert (refused.value.code, Appeal.objects.get(pk=appeal.pk).frozen_at) == (
        "campaign_over",
        None,
    )
