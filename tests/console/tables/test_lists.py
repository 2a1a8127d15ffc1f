"""Lists: every number leads to its rows, every choice narrows, pages and queries stay few."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fundraise.campaigns.models import Campaign
from fundraise.console import figures
from fundraise.console.tables.base import Table
from fundraise.console.tables.registry import TABLES
from fundraise.gifts import refunds
from fundraise.jobs import services as jobs
from fundraise.ledger.models import LegalEntity
from fundraise.providers.models import Account
from fundraise.staff import rights
from fundraise.staff.services import give_role
from tests.console.conftest import LogIn, card_gift, cash_gift
from tests.console.house import House, furnish
from tests.matrix import FULL

COUNTED = re.compile(r'<a href="([^"]+)">(?:<b>)?([\d\u202f]+)(?:</b>)?(?: gåv\w+)?</a>')

# What is chosen, and how many rows of the house fit.
FITTING = {
    "gifts/?state=received": 3,
    "gifts/?state=pending": 1,
    "gifts/?channel=cash": 1,
    "gifts/?least=700&most=2000": 1,
    "gifts/?least=700": 2,
    "gifts/?reference=ch_1": 1,
    "gifts/?campaign=host": 0,
    "gifts/?state=nonsense&least=abc&from_day=x&reference=anna@example.se": 4,
    "refunds/?state=queued": 1,
    "refunds/?least=1000": 1,
    "disputes/?state=won": 0,
    "disputes/?reference=dp_1": 1,
    "payouts/?state=paid": 1,
    "payouts/?from_day=2026-11-05": 0,
    "payouts/?to_day=2026-11-04": 1,
    "lines/?payout=po_1": 2,
    "lines/?kind=fee": 0,
    "lines/?kind=gift&least=400": 1,
    "journals/?kind=undo": 0,
    "journals/?least=2500": 1,
    "campaigns/?status=draft": 1,
    "events/?state=failed": 1,
    "events/?reference=evt_1": 1,
    "alarms/": 3,
    "alarms/?state=all&code=job-late": 1,
    "alarms/?state=closed": 0,
    "jobs/runs/?job=outbox-sweep&state=done": 1,
    "jobs/runs/?state=failed": 0,
}


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


@pytest.fixture
def boss(log_in: LogIn) -> Client:
    return log_in("boss")


def number_behind(client: Client, url: str) -> int:
    """How many rows the page at an address has."""
    context = client.get(url, follow=True).context
    if "list" in context:
        return int(context["list"].foot.number)
    if "counters" in context:
        return int(context["shown"].paginator.count)
    if "statuses" in context:
        return int(context["statuses"].get("differs", 0))
    if "debts" in context:
        return sum(len(refunds) for _account, refunds in context["books"])
    return len(context["jobs"] if "jobs" in context else context["rows"])


def test_every_number_of_today_leads_to_as_many_rows(house: House, boss: Client) -> None:
    who = f"staff:{boss.session['_auth_user_id']}"
    needs = figures.needs(rights.of(User.objects.get(username="boss")), who)

    shown = [(need.url, number_behind(boss, need.url)) for need in needs]

    assert shown == [(need.url, need.number) for need in needs]
    assert sum(need.number > 0 for need in needs) >= 5


@pytest.mark.long
def test_every_number_that_is_a_link_leads_to_as_many_rows(house: House, boss: Client) -> None:
    jobs.resolve_alarms("job-late")
    for name in ("front", "campaigns", "funds", "payouts", "jobs"):
        text = boss.get(reverse(f"console:{name}")).content.decode()
        found = [(unescape(url), int(n.replace("\u202f", ""))) for url, n in COUNTED.findall(text)]
        looked_at = told_apart(found)
        assert [(url, number_behind(boss, url)) for url, _n in looked_at] == looked_at
        assert found, name


def told_apart(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Of the many jobs that never ran a few; `make prove` follows every link."""
    none = [one for one in found if one[1] == 0]
    return found if FULL else [one for one in found if one[1] or one in none[:8]]


def test_gift_given_back_whole_is_not_among_the_gifts_of_the_thermometer(
    campaign: Campaign, stripe: Account, boss: Client
) -> None:
    card_gift(campaign, stripe, 500_00, "ch_1")
    returned = card_gift(campaign, stripe, 50_00, "ch_2")
    returned.refunded_ore = 50_00
    returned.save()

    text = boss.get("/staff/campaigns/").content.decode()
    url = unescape(COUNTED.findall(text)[0][0])

    assert url == "/staff/gifts/?campaign=valet&state=received&left=yes"
    assert number_behind(boss, url) == 1


def test_choice_shows_the_rows_that_fit(house: House, boss: Client) -> None:
    shown = {url: number_behind(boss, f"/staff/{url}") for url in FITTING}

    assert shown == FITTING


def test_sentence_keeps_what_was_chosen_and_offers_every_row(house: House, boss: Client) -> None:
    narrowed = boss.get("/staff/refunds/?state=queued&least=50").context["list"].chosen
    whole = boss.get("/staff/refunds/").context["list"].chosen
    closed = boss.get("/staff/alarms/?state=all").context["list"].chosen

    assert narrowed.codes == {"state": "queued", "least": "50"}
    assert (narrowed.is_narrowed, whole.is_narrowed, closed.is_narrowed) == (True, False, False)
    assert (narrowed.show_all, closed.show_all) == ("", "state=all")


def test_address_of_a_person_is_never_taken_for_a_reference(house: House, boss: Client) -> None:
    page = boss.get("/staff/gifts/?state=received&reference=bjorn.testgren%40example.se")

    assert (page.status_code, page["Location"]) == (302, "/staff/gifts/?state=received")
    assert "bjorn.testgren" not in boss.get(page["Location"]).content.decode()


def test_district_sees_and_may_choose_its_own_rows_only(
    campaign: Campaign, stripe: Account, log_in: LogIn
) -> None:
    north = LegalEntity.objects.create(
        slug="nord", name="Distrikt Nord", org_number="802000-2222", parent=campaign.entity,
        phone="08-1", email="nord@example.se", statement_text="NORD",
    )  # fmt: skip
    cash_gift(campaign, 100_00)
    client = log_in("nina")
    user_of(client, north)

    page = client.get("/staff/gifts/").context["list"]

    assert (page.foot.number, page.chosen.form.fields["campaign"].queryset.count()) == (0, 0)
    assert number_behind(client, f"/staff/gifts/?campaign={campaign.slug}") == 0


def user_of(client: Client, entity: LegalEntity) -> None:
    """Make whoever is logged in the treasurer of one entity."""
    user = User.objects.get(pk=client.session["_auth_user_id"])
    give_role(user, "treasurer", entity, with_districts=False, by="system:test")


def test_a_column_that_two_lists_of_the_same_rows_share_is_one() -> None:
    for behind, whole, shared in (
        ("appeal_gifts", "gifts", {"ref", "received_at", "campaign", "amount_ore"}),
        (
            "appeal_pledges",
            "pledges",
            {"pledge", "created_at", "state", "campaign", "amount_ore", "interval", "month_ore"},
        ),
    ):
        theirs = {column.name: column for column in TABLES[whole].columns}
        same = [column for column in TABLES[behind].columns if theirs.get(column.name) is column]
        assert {column.name for column in same} == shared
        assert TABLES[behind].take_out == TABLES[whole].take_out


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_list_is_found_by_its_name_and_has_a_name_once(name: str) -> None:
    table: Table = TABLES[name]

    names = [column.name for column in table.columns]
    assert table.name == name
    assert len(names) == len(set(names))
    assert table.title
    assert table.empty


@pytest.mark.parametrize("name", ["gifts", "refunds", "journals"])
def test_list_asks_no_more_of_the_database_for_many_rows(
    name: str,
    campaign: Campaign,
    stripe: Account,
    boss: Client,
    django_assert_max_num_queries: Any,
) -> None:
    def add(n: int) -> None:
        gift = card_gift(campaign, stripe, 500_00, f"ch_{n}")
        refunds.request_refund(gift.pk, amount_ore=100_00, reason="fel", by="staff:9")

    add(0)
    url = reverse(f"console:{name}")
    boss.get(url)
    with CaptureQueriesContext(connection) as few:
        boss.get(url)
    for n in range(1, 12):
        add(n)
    with django_assert_max_num_queries(len(few)):
        boss.get(url)
