"""Messages worked on again, alarms closed, donors opened, the numbers of the first page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donors import services as donors
from donors.models import Donor
from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.console import figures, queues
from fundraise.gifts import services as gifts
from fundraise.gifts.giver import Giver
from fundraise.jobs.models import Alarm
from fundraise.ledger.models import LegalEntity
from fundraise.providers import settle
from fundraise.providers.models import Account
from fundraise.staff import rights
from fundraise.staff.rights import Rights
from fundraise.staff.roles import PERMISSIONS
from tests.console.conftest import LogIn, cash_gift
from tests.console.house import House, furnish, make_donor, make_failed_event
from tests.console.test_front import LISTS, rows


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


def test_message_is_worked_on_again_and_its_alarm_closed(
    stripe: Account, david: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_failed_event(stripe)
    monkeypatch.setattr("fundraise.providers.stripe.StripeProvider.facts", lambda *_: [])

    answer = david.post(f"/staff/events/{event.pk}/replay/")

    event.refresh_from_db()
    assert (answer.status_code, event.state) == (302, "done")
    assert Alarm.objects.filter(resolved_at=None).count() == 0
    assert ChangeLine.objects.get(action="provider_event.replayed").subject_ref == str(event.pk)


def test_message_that_fails_again_waits_and_rings_on(
    stripe: Account, david: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any) -> None:
        raise TimeoutError

    event = make_failed_event(stripe)
    monkeypatch.setattr("fundraise.providers.stripe.StripeProvider.facts", fails)

    david.post(f"/staff/events/{event.pk}/replay/")

    event.refresh_from_db()
    assert (event.state, event.tries) == ("stored", 1)
    assert Alarm.objects.filter(resolved_at=None).count() == 1


def test_auditor_changes_nothing_and_admin_opens_no_donor(
    house: House, reader: Client, log_in: LogIn
) -> None:
    admin = log_in("ada", "admin")
    alarm = Alarm.objects.filter(resolved_at=None).first()
    assert alarm is not None
    before = rows()

    codes = [
        reader.post(f"/staff/events/{house.event.pk}/replay/").status_code,
        reader.post(f"/staff/alarms/{alarm.pk}/close/").status_code,
        admin.get(f"/staff/donors/{house.donor.ref}/").status_code,
        admin.post("/staff/donors/", {"text": "Björn Testgren"}).status_code,
    ]

    alarm.refresh_from_db()
    assert (codes, alarm.resolved_at) == ([403] * 4, None)
    assert rows() == before


def test_log_in_between_button_and_act_leads_back_to_the_page(house: House, log_in: LogIn) -> None:
    boss = log_in("boss")
    before = rows()
    ways = {
        reverse("console:confirm_refund", args=[house.queued.ref]): (
            reverse("console:refund", args=[house.queued.ref])
        ),
        reverse("console:replay", args=[house.event.pk]): reverse("console:events"),
        reverse("console:close_alarm", args=[1]): reverse("console:alarms"),
    }

    assert [boss.get(url)["Location"] for url in ways] == list(ways.values())
    assert rows() == before


def test_alarm_is_closed_by_name(house: House, david: Client) -> None:
    alarm = Alarm.objects.get(code="job-late")

    david.post(f"/staff/alarms/{alarm.pk}/close/")
    david.post(f"/staff/alarms/{alarm.pk}/close/")

    alarm.refresh_from_db()
    assert alarm.resolved_at is not None
    assert ChangeLine.objects.filter(action="alarm.closed").count() == 1


def test_every_detail_page_opens_and_changes_nothing(house: House, log_in: LogIn) -> None:
    boss = log_in("boss")
    journal = house.card.entity.journal_set.first()
    pages = [
        reverse("console:campaign", args=[house.campaign.ref]),
        reverse("console:gift", args=[house.card.ref]),
        reverse("console:refund", args=[house.awaiting.ref]),
        reverse("console:payout", args=[house.payout.ref]),
        reverse("console:journal", args=[journal.ref if journal else None]),
        *[reverse(f"console:{name}") for name in LISTS],
    ]
    before = rows()

    codes = [boss.get(url).status_code for url in pages]

    assert set(codes) == {200}
    assert rows() == before


def test_payout_is_the_sum_of_its_lines(house: House, david: Client) -> None:
    answer = david.get(f"/staff/payouts/{house.payout.ref}/")

    assert answer.context["sums"] == {"amount": 800_00, "fee": 20_00, "net": 780_00}
    assert answer.context["difference_ore"] == 0


def test_donor_is_found_by_a_whole_name_and_the_look_is_written(
    campaign: Campaign, cecilia: Client
) -> None:
    donor = make_donor()

    part = cecilia.post("/staff/donors/", {"text": "Björn"})
    whole = cecilia.post("/staff/donors/", {"text": "björn testgren"})

    assert len(part.context["found"].rows) == 0
    assert [row.ref for row in whole.context["found"].rows] == [donor.ref]
    line = ReadLine.objects.get()
    assert (line.subject_ref, line.purpose) == (str(donor.ref), "staff.search")


def test_card_is_read_once_per_look(campaign: Campaign, cecilia: Client) -> None:
    donor = make_donor()

    answer = cecilia.get(f"/staff/donors/{donor.ref}/")

    assert "bjorn.testgren@example.se" in answer.content.decode()
    assert ReadLine.objects.get().purpose == "staff.card"


def test_forgotten_donor_shows_no_name(campaign: Campaign, cecilia: Client) -> None:
    donor: Donor = make_donor()
    donors.forget_donor(donor_ref=donor.ref, by="staff:1", reason="asked")

    answer = cecilia.get(f"/staff/donors/{donor.ref}/")

    assert answer.status_code == 200
    assert "Testgren" not in answer.content.decode()


def everything(*permissions: str) -> Rights:
    """The rights of somebody who holds these for every entity; all of them when none is named."""
    entities = LegalEntity.objects.values_list("pk", flat=True)
    return rights.limited(permissions or PERMISSIONS, entities)


def test_first_page_counts_what_needs_me(house: House) -> None:
    numbers = {need.url: need.number for need in figures.needs(everything(), "staff:9")}

    assert numbers["/staff/second/?needs=me"] == 1
    assert numbers["/staff/second/?needs=nobody"] == 1
    assert numbers["/staff/disputes/?state=open"] == 1
    assert numbers["/staff/gifts/?needs=donor"] == 2
    assert numbers["/staff/events/?state=failed"] == 1
    assert numbers["/staff/alarms/?state=open"] == 3


def test_first_page_names_only_what_the_reader_can_do_something_about(house: House) -> None:
    def urls(held: Rights, who: str = "staff:9") -> list[str]:
        return [need.url for need in figures.needs(held, who) if need.number]

    assert urls(everything("gifts.view", "refunds.view", "alarms.view")) == []
    assert urls(everything("refunds.decide")) == ["/staff/second/?needs=me"]
    assert urls(everything("staff.manage")) == ["/staff/second/?needs=nobody"]
    assert urls(everything("refunds.decide"), house.awaiting.requested_by) == []
    assert urls(everything("events.replay")) == ["/staff/events/?state=failed"]


def test_pace_is_the_week_against_what_is_left(campaign: Campaign) -> None:
    campaigns.update_campaign(
        campaign.pk, by="staff:1", goal_ore=1_000_00, ends_on=clock.today() + timedelta(days=4)
    )
    cash_gift(campaign, 300_00)

    pace = figures.standings(everything())[0].pace

    assert (pace.week_ore, pace.a_day_ore) == (300_00, 42_85)
    assert (pace.days_left, pace.needed_ore, pace.is_enough) == (5, 140_00, False)


def unnamed_gift(campaign: Campaign, account: Account, ore: int, **who: Any) -> None:
    """A card gift of somebody who gave an address for mail and perhaps more."""
    at, ref = clock.now(), f"ch_{ore}"
    giver = Giver(name="Nils Okänd", email="nils@example.se", **who)
    gift = gifts.begin_gift(gifts.NewGift(campaign=campaign, amount_ore=ore, giver=giver))
    move = settle.movement(account, f"charge:{ref}", at)
    gifts.record_gift(gift.pk, gifts.Receipt("card", ore, ref, at, move))


def test_giver_above_the_limit_of_the_year_needs_an_identity(
    campaign: Campaign, stripe: Account, reader: Client
) -> None:
    unnamed_gift(campaign, stripe, 2_000_00)
    assert queues.without_identity([campaign.entity_id]) == []
    unnamed_gift(campaign, stripe, 1_500_00)

    found = queues.without_identity([campaign.entity_id])

    assert [(row.sum_ore, len(row.gifts)) for row in found] == [(3_500_00, 2)]
    assert "nils@example.se" not in reader.get("/staff/identity/").content.decode()


def test_one_address_is_identity_enough(campaign: Campaign, stripe: Account) -> None:
    unnamed_gift(campaign, stripe, 2_000_00)
    unnamed_gift(campaign, stripe, 1_500_00, address="Provgatan 1", city="Teststad")

    assert queues.without_identity([campaign.entity_id]) == []
