"""Funds through the API: made, chosen, refused by code, and a filter of campaigns and gifts."""

from __future__ import annotations

from fundraise.campaigns.models import Campaign, Fund
from tests.api.conftest import Api
from tests.console.conftest import cash_gift
from tests.people import make_fund, make_party


def codes(answer: object) -> list[tuple[str, str]]:
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]  # type: ignore[attr-defined]


def test_a_fund_is_made_chosen_and_put_away(comms: Api, campaign: Campaign) -> None:
    words = {"entity": str(campaign.entity.ref), "name_sv": "Unga", "name_en": "The young"}
    made = comms.post("funds", words, once="a")
    fund = made.json()
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/funds/{fund['ref']}")
    assert (fund["is_default"], fund["put_away"], fund["received_ore"]) == (False, False, 0)
    again = comms.post("funds", words, once="b")
    assert (again.status_code, codes(again)) == (422, [("/name_sv", "unique")])
    here, there = f"campaigns/{campaign.ref}", f"funds/{fund['ref']}"
    assert comms.patch(here, {"fund": fund["ref"]}).json()["fund"] == fund["ref"]
    refused = comms.patch(there, {"name_sv": "Nytt", "put_away": True})
    assert (refused.status_code, codes(refused)) == (422, [("/", "asked_for")])
    assert Fund.objects.get(ref=fund["ref"]).name_sv == "Unga"
    theirs = make_fund(make_party("annat"))
    for ref in (str(theirs.ref), campaign.ref):
        unknown = comms.patch(here, {"fund": str(ref)})
        assert (unknown.status_code, codes(unknown)) == (422, [("/fund", "no_such")])
    cash_gift(campaign)
    default = Fund.objects.get(entity=campaign.entity, is_default=True)
    stays = comms.patch(here, {"fund": str(default.ref)})
    assert (stays.status_code, codes(stays)) == (422, [("/fund", "fund_stays")])
    told = comms.get(there).json()
    assert (told["received_ore"], told["gifts"], told["campaigns"]) == (500_00, 1, 1)
    assert comms.patch(here, {"status": "closed"}).status_code == 200
    assert comms.patch(there, {"put_away": True}).json()["put_away"] is True
    assert [one["ref"] for one in comms.get("funds", put_away="true").json()["items"]] == [
        fund["ref"]
    ]
    assert len(comms.get("campaigns", fund=fund["ref"]).json()["items"]) == 1
    assert comms.get("campaigns", fund=str(default.ref)).json()["items"] == []


def test_gifts_are_told_with_their_fund_and_narrowed_by_it(
    treasurer: Api, campaign: Campaign
) -> None:
    gift = cash_gift(campaign)
    fund = str(campaign.fund.ref)
    (row,) = treasurer.get("gifts", fund=fund).json()["items"]
    assert (row["ref"], row["fund"]) == (str(gift.ref), fund)
    other = make_fund(campaign.entity)
    assert treasurer.get("gifts", fund=str(other.ref)).json()["items"] == []
