"""The change log and the read log: who, when, what in plain words, before and after, why."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from django.utils import translation

from fundraise.audit import services as audit
from fundraise.audit.models import ChangeLine
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.console import log_words
from fundraise.console.change_words import CHANGES
from fundraise.console.tables.log import CHANGE_LOG, READ_LOG
from tests.console import actions
from tests.console.conftest import LogIn, cash_gift
from tests.console.house import make_donor

LOG, READS = "/staff/log/", "/staff/log/reads/"


def test_every_action_in_the_code_has_a_sentence() -> None:
    used = actions.used()
    assert used - set(CHANGES) == set()
    assert len(used) > 40


def test_no_function_hands_an_action_on_unseen() -> None:
    assert actions.wrappers() == set()


def test_a_change_is_told_with_who_what_before_after_and_why(
    campaign: Campaign, log_in: LogIn, reader: Client
) -> None:
    cecilia = log_in("cecilia", "comms")
    who = cecilia.session["_auth_user_id"]
    campaigns.update_campaign(campaign.pk, by=f"staff:{who}", goal_ore=3_000_000_00)

    page = reader.get(f"{LOG}?action=campaign.changed").content.decode()

    assert "En insamling ändrades" in page
    assert ">cecilia<" in page
    assert "Mål: 2\u202f000\u202f000\u202fkr → 3\u202f000\u202f000\u202fkr" in page
    assert reverse("console:campaign", args=[campaign.ref]) in page


def test_the_log_is_narrowed_by_who_about_and_reference(campaign: Campaign, reader: Client) -> None:
    gift = cash_gift(campaign)
    audit.log_change(by="system:test", action="alarm.closed", subject_type="alarm", subject_ref="7")

    def lines(query: str) -> list[str]:
        rows = reader.get(f"{LOG}?{query}").context["list"].rows
        return [row.action for row in rows]

    assert lines(f"reference={gift.ref}") == ["gift.entered"]
    assert lines("by=system:&subject=alarm") == ["alarm.closed"]
    assert "campaign.created" in lines("subject=campaign")
    assert lines("subject=alarm&to_day=2020-01-01") == []


def test_a_gift_shows_its_own_changes_and_leads_to_the_log(
    campaign: Campaign, reader: Client, david: Client
) -> None:
    gift = cash_gift(campaign)

    for_reader = reader.get(f"/staff/gifts/{gift.ref}/").content.decode()
    for_david = david.get(f"/staff/gifts/{gift.ref}/").content.decode()

    assert "En gåva fördes in för hand" in for_reader
    assert "En gåva fördes in för hand" in for_david
    assert f"/staff/log/?reference={gift.ref}" in for_reader
    assert "/staff/log/" not in for_david


def test_the_read_log_says_who_looked_at_a_donor(
    campaign: Campaign, cecilia: Client, reader: Client
) -> None:
    donor = make_donor()
    cecilia.get(f"/staff/donors/{donor.ref}/")

    answer = reader.get(f"{READS}?reference={donor.ref}")

    assert [(row.by, row.purpose) for row in answer.context["list"].rows] == [
        (f"staff:{cecilia.session['_auth_user_id']}", "staff.card")
    ]
    assert "Öppnade givarens kort" in answer.content.decode()


def test_reading_the_log_writes_nothing(campaign: Campaign, reader: Client) -> None:
    before = ChangeLine.objects.count()

    codes = {reader.get(url).status_code for url in (LOG, READS, f"{LOG}?before=3")}

    assert (codes, ChangeLine.objects.count()) == ({200}, before)


def test_both_logs_can_be_taken_out_by_who_may_see_them() -> None:
    assert {CHANGE_LOG.take_out, READ_LOG.take_out} == {"log.view"}


def test_differences_are_told_field_by_field() -> None:
    before = {"goal_ore": 100_00, "ends_on": "2027-08-31", "status": "draft"}
    after = {"goal_ore": 250_00, "ends_on": None, "status": "live", "with_districts": True}

    with translation.override("en"):
        told = log_words.differences(before, after)

    assert told == [
        "Goal: 100\u202fkr → 250\u202fkr",
        "Last day: 31\u00a0Aug\u00a02027 → –",
        "Status: Draft → Live",
        "With its districts: yes",
    ]
