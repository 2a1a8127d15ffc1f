"""Who has a role for a district sees the district: its rows, its sums, its choices, its menu."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.providers.models import Account
from fundraise.staff.services import give_role
from tests.console.districts import Land, make_land, staff_of
from tests.console.test_front import rows
from tests.console.test_gifts import slip


@pytest.fixture
def land(campaign: Campaign, stripe: Account) -> Land:
    return make_land(campaign, stripe)


@pytest.fixture
def maja(land: Land) -> Client:
    """The treasurer of the district."""
    return staff_of("maja", "treasurer", land.district.campaign.entity)[1]


def shown(client: Client, name: str) -> set[int]:
    return {row.pk for row in client.get(reverse(f"console:{name}")).context["list"].rows}


def test_a_district_treasurers_lists_hold_the_district_alone(land: Land, maja: Client) -> None:
    house = land.district
    assert shown(maja, "gifts") == set(
        Gift.objects.filter(entity=house.campaign.entity).values_list("pk", flat=True)
    )
    assert shown(maja, "refunds") == {house.awaiting.pk, house.queued.pk}
    assert shown(maja, "disputes") == {house.dispute.pk}
    assert shown(maja, "payouts") == {house.payout.pk}
    entities = {row.entity_id for row in maja.get("/staff/journals/").context["list"].rows}
    assert entities == {house.campaign.entity_id}


def test_sums_in_the_feet_are_the_districts(land: Land, maja: Client) -> None:
    foot = maja.get("/staff/gifts/").context["list"].foot
    assert (foot.number, foot.sums["amount_ore"]) == (4, 3_900_00)
    assert maja.get("/staff/refunds/").context["list"].foot.sums == {"amount_ore": 1_600_00}
    assert maja.get("/staff/campaigns/").context["list"].foot.sums == {
        "received_ore": 2_900_00,
        "gift_number": 2,
    }


def test_today_tells_of_the_district_alone(land: Land, maja: Client) -> None:
    context = maja.get("/staff/").context

    assert [one.campaign.slug for one in context["standings"]] == ["skane"]
    assert {need.url: need.number for need in context["waiting"]} == {
        "/staff/second/?needs=me": 1,
        "/staff/disputes/?state=open": 1,
        "/staff/bank/?state=read": 1,
        "/staff/gifts/?needs=donor": 2,
        "/staff/autogiro/out/?state=waiting": 1,
        "/staff/autogiro/out/?state=doubt": 1,
        "/staff/autogiro/questions/": 1,
        "/staff/mandates/?state=received": 1,
        "/staff/pledges/?needs=signature": 1,
        "/staff/pledges/draws/?needs=late": 1,
        "/staff/pledges/draws/?needs=week": 1,
    }
    assert len(maja.get("/staff/bank/?state=read").context["list"].rows) == 1


def test_a_whole_treasurer_sees_both(land: Land) -> None:
    party = land.party.campaign.entity
    david = staff_of("david", "treasurer", party, with_districts=True)[1]

    assert david.get("/staff/gifts/").context["list"].foot.sums["amount_ore"] == 7_800_00
    assert len(david.get("/staff/").context["standings"]) == 2


def test_a_campaign_of_the_party_is_no_choice_and_is_refused_when_typed(
    land: Land, maja: Client
) -> None:
    before = rows()

    page = maja.get("/staff/gifts/new/")
    answer = maja.post("/staff/gifts/new/", slip(land.party.campaign))

    choices = page.context["form"].fields["campaign"].queryset
    assert [one.slug for one in choices] == ["skane"]
    assert answer.status_code == 422
    assert rows() == before


def test_comms_of_the_district_makes_no_campaign_of_the_party(land: Land) -> None:
    kim = staff_of("kim", "comms", land.district.campaign.entity)[1]
    fields = kim.get("/staff/campaigns/new/").context["form"].fields

    answer = kim.post("/staff/campaigns/new/", {"entity": land.party.campaign.entity_id})

    assert [one.slug for one in fields["entity"].queryset] == ["skane"]
    assert "entity" in answer.context["form"].errors


def test_filter_by_another_entitys_campaign_shows_nothing_of_it(land: Land, maja: Client) -> None:
    answer = maja.get("/staff/gifts/?campaign=valet", follow=True)

    assert {gift.entity_id for gift in answer.context["list"].rows} <= {
        land.district.campaign.entity_id
    }


def test_menu_holds_what_may_be_opened(land: Land, maja: Client) -> None:
    party = land.party.campaign.entity
    cecilia = staff_of("cecilia", "comms", party)[1]
    nora = staff_of("nora", "comms")[1]

    def menu(client: Client) -> list[str]:
        groups = client.get("/staff/").context["sidebar_navigation"]
        return [str(item["link"]) for group in groups for item in group["items"]]

    assert "/staff/payouts/" in menu(maja)
    assert "/staff/jobs/" not in menu(maja)
    assert "/staff/journals/" not in menu(cecilia)
    assert "/staff/alarms/" in menu(cecilia)
    assert menu(nora) == ["/staff/"]

    bank, queue = "/staff/bank/", "/staff/bank/exceptions/"
    opened = {"/staff/": "/staff/", queue: queue, "/staff/bank/rules/": bank, "/staff/account/": ""}
    for page, active in opened.items():
        groups = maja.get(page).context["sidebar_navigation"]
        marked = [str(i["link"]) for group in groups for i in group["items"] if i["active"]]
        assert marked == ([active] if active else []), "one page is the one that is open"


def test_a_button_stands_only_where_its_door_opens(land: Land) -> None:
    """An auditor of the party who keeps the district's books may pay back the district's gifts."""
    party, district = land.party.campaign.entity, land.district.campaign.entity
    user, client = staff_of("lena", "auditor", party)

    give_role(user, "treasurer", district, by="system:test")

    of_party = client.get(f"/staff/gifts/{land.party.card.ref}/").content.decode()
    of_district = client.get(f"/staff/gifts/{land.district.card.ref}/").content.decode()

    assert "/refund/" not in of_party
    assert "/refund/" in of_district
    form = {"amount_ore": "100", "reason": "x", "seen": 1, "sure": "1"}
    assert client.post(f"/staff/gifts/{land.party.card.ref}/refund/", form).status_code == 404
    assert client.post(f"/staff/gifts/{land.district.card.ref}/refund/", form).status_code == 302


def test_comms_sees_no_journals_and_no_disputes_of_a_gift(land: Land) -> None:
    cecilia = staff_of("cecilia", "comms", land.party.campaign.entity)[1]
    gift = land.party.dispute.gift

    page = cecilia.get(f"/staff/gifts/{gift.ref}/").content.decode()

    assert "/staff/journals/" not in page
    assert "bank kräver tillbaka" not in page
