"""Lists: a part at a time, stable, filtered, and of the key's entities only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.staff.models import RoleHeld
from fundraise.staff.services import give_role
from tests.api.conftest import Api, key_for, key_of
from tests.console.conftest import cash_gift
from tests.console.house import House
from tests.console.matrix import tie_donor


def refs(response: object) -> list[str]:
    return [one["ref"] for one in response.json()["items"]]  # type: ignore[attr-defined]


def test_a_list_goes_on_where_it_was_while_gifts_come_in(
    treasurer: Api, campaign: Campaign
) -> None:
    gifts = [cash_gift(campaign, 100_00, f"slip {n}") for n in range(5)]
    first = treasurer.get("gifts", limit=2)
    cash_gift(campaign, 100_00, "slip new")
    second = treasurer.get(first.json()["next"])
    third = treasurer.get(second.json()["next"])

    assert refs(first) + refs(second) + refs(third) == [str(g.ref) for g in reversed(gifts)]
    assert third.json()["next"] is None


def test_a_cursor_goes_with_its_list_and_filters_only(treasurer: Api, campaign: Campaign) -> None:
    for n in range(3):
        cash_gift(campaign, 100_00, f"slip {n}")
    following = treasurer.get("gifts", limit=1, channel="cash").json()["next"]
    cursor = following.split("cursor=")[1]

    assert treasurer.get("gifts", limit=1, channel="cash", cursor=cursor).status_code == 200
    for path, query in (("gifts", {}), ("refunds", {"channel": "cash"}), ("journals", {})):
        refused = treasurer.get(path, cursor=cursor, **query)
        assert refused.status_code == 400
    forged = treasurer.get("gifts", cursor="B" + cursor[1:], channel="cash")
    assert forged.json()["type"].endswith("#invalid-cursor")


def test_gifts_are_filtered_by_what_they_are(treasurer: Api, house: House) -> None:
    assert refs(treasurer.get("gifts", state="pending")) == [str(house.waiting.ref)]
    assert refs(treasurer.get("gifts", channel="cash")) == [str(house.cash.ref)]
    soon = (clock.now() + timedelta(days=1)).isoformat()
    assert refs(treasurer.get("gifts", received_from=soon)) == []
    assert len(refs(treasurer.get("gifts", received_before=soon))) == 3
    far = "2026-01-01T00:00:00+23:59"  # PostgreSQL knows no such zone
    assert len(refs(treasurer.get("gifts", received_from=far))) == 3
    assert treasurer.get("gifts", received_from="0001-01-01T00:00:00+14:00").status_code == 400
    assert len(refs(treasurer.get("gifts", campaign=house.campaign.ref))) == 4


def test_a_gift_says_what_it_is_and_not_who_gave(treasurer: Api, house: House) -> None:
    told = treasurer.get(f"gifts/{house.card.ref}").json()
    assert (told["amount_ore"], told["state"], told["channel"]) == (2_500_00, "received", "card")
    assert told["campaign"] == str(house.campaign.ref)
    assert told["created_at"].endswith("Z")
    assert "Testgren" not in str(told)
    assert "id" not in told


def test_who_may_not_know_the_giver_is_told_no_donor(treasurer: Api, house: House) -> None:
    tie_donor(house)
    see = frozenset({"gifts.view"})
    blind = key_for(house.campaign.entity, "treasurer", permissions=see)
    given = house.dispute.gift
    path, ref = f"gifts/{given.ref}", str(house.donor.ref)

    assert blind.get(path).json()["donor"] is None
    assert [one["donor"] for one in blind.get("gifts").json()["items"]] == [None] * 4
    refused = blind.get("gifts", donor=ref)
    assert (refused.status_code, refused.json()["type"].split("#")[1]) == (403, "forbidden")
    assert ref not in refused.content.decode()

    assert treasurer.get(path).json()["donor"] == ref
    assert refs(treasurer.get("gifts", donor=ref)) == [str(given.ref)]


def test_a_donors_gifts_are_found_only_where_the_giver_may_be_known(
    party: LegalEntity, district: Campaign, house: House
) -> None:
    tie_donor(house)
    gift = cash_gift(district, 100_00, "skane 1")
    Gift.objects.filter(pk=gift.pk).update(donor=house.donor)
    user = User.objects.create_user("mixed", is_staff=True)
    for entity in (party, district.entity):
        give_role(user, "treasurer", entity, by="system:test")
    give_role(user, "admin", party, by="system:test")
    both = key_of(user, {"gifts.view", "gifts.giver"}, party, district.entity)
    theirs = RoleHeld.objects.filter(user=user, role="treasurer", entity=party)
    theirs.update(ended_at=clock.now(), ended_by="system:test")

    assert str(house.dispute.gift.ref) in refs(both.get("gifts"))
    assert both.get(f"gifts/{house.dispute.gift.ref}").json()["donor"] is None
    assert refs(both.get("gifts", donor=house.donor.ref)) == [str(gift.ref)]


@pytest.mark.parametrize(
    "limit", ["0", "201", "-1", "1" * 30, "9" * 5000, "0000000001", "ten", "1.0", "\u0663", " 1"]
)
def test_a_limit_that_is_none_is_refused(limit: str, treasurer: Api) -> None:
    refused = treasurer.get("gifts", limit=limit)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/limit"


def test_a_limit_of_two_hundred_is_the_most(treasurer: Api) -> None:
    assert treasurer.get("gifts", limit="200").status_code == 200


def test_another_entitys_rows_are_not_there(house: House, district: Campaign) -> None:
    theirs = key_for(district.entity, "treasurer")
    ours = cash_gift(district, 70_00, "skane 1")

    assert refs(theirs.get("gifts")) == [str(ours.ref)]
    assert theirs.get(f"gifts/{house.card.ref}").status_code == 404
    assert theirs.get(f"refunds/{house.awaiting.ref}").status_code == 404
    assert theirs.get(f"payouts/{house.payout.ref}").status_code == 404
    assert theirs.get(f"payouts/{house.payout.ref}/lines").status_code == 404
    assert refs(theirs.get("refunds")) == []
    assert refs(theirs.get("disputes")) == []
    assert theirs.get("job-runs").status_code == 403
    assert {one["entity"] for one in theirs.get("journals").json()["items"]} == {
        str(district.entity.ref)
    }


def test_the_books_can_be_read_line_by_line(treasurer: Api, house: House) -> None:
    payout = treasurer.get("payouts").json()["items"][0]
    assert (payout["ref"], payout["amount_ore"]) == (str(house.payout.ref), 780_00)
    lines = treasurer.get(f"payouts/{house.payout.ref}/lines").json()["items"]
    assert sorted(line["net_ore"] for line in lines) == [290_00, 490_00]

    journal = treasurer.get("journals", limit=1).json()["items"][0]
    assert treasurer.get(f"journals/{journal['ref']}").json() == journal
    assert all(entry["amount_ore"] > 0 for entry in journal["entries"])
    assert treasurer.get("disputes").json()["items"][0]["reason"] == "fraudulent"
    assert treasurer.get("job-runs").json()["items"][0]["counts"] == {"ran": 3}


def test_a_key_can_ask_what_it_may_do(comms: Api, campaign: Campaign) -> None:
    told = comms.get("me").json()
    assert comms.key is not None
    assert (told["key"], told["mode"]) == (comms.key.prefix, "demo")
    assert "campaigns.change" in told["entities"][0]["permissions"]
    assert "refunds.ask" not in told["entities"][0]["permissions"]
