from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns import queries, services
from fundraise.campaigns.models import Campaign, Fund
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from tests.people import CECILIA, make_campaign, make_fund, make_party

pytestmark = pytest.mark.django_db
KEEPS = "Money has come in for this fund"


def refused(field: str, words: str, call: Any, *args: Any, **fields: Any) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as error:
        call(*args, by=CECILIA, **fields)
    with translation.override("en"):
        said = error.value.message_dict[field]
    assert said[0].startswith(words), said


def refused_below(rule: str, rows: Any, **changes: Any) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        rows.update(**changes)


def actions(fund: Fund) -> list[str]:
    lines = ChangeLine.objects.filter(subject_type="fund", subject_ref=str(fund.ref))
    return list(lines.order_by("pk").values_list("action", flat=True))


def give(campaign: Campaign, state: str, **more: Any) -> Gift:
    now = clock.now()
    return Gift.objects.create(
        entity=campaign.entity, campaign=campaign, state=state, channel="card", amount_ore=100_00,
        created_at=now, received_at=now if state == "received" else None, **more,
    )  # fmt: skip


def test_each_entity_has_one_default_fund_and_a_campaign_is_for_it_or_for_another_of_its() -> None:
    party, other = make_party(), make_party("district")
    (default,) = Fund.objects.filter(entity=party)
    assert (default.name_sv, default.name_en) == ("Allmänt ändamål", "General purpose")
    assert (default.is_default, queries.default_fund(party)) == (True, default)
    young = make_fund(party)
    assert make_campaign(party).fund == default
    campaign = make_campaign(party, "klimat", fund=young)
    assert campaign.fund == young
    made = ChangeLine.objects.get(action="campaign.created", subject_ref=str(campaign.ref))
    assert made.after["fund"] == str(young.ref)
    theirs = queries.default_fund(other)
    refused("fund", "The fund is another legal entity's", services.update_campaign,
            campaign.pk, fund=theirs)  # fmt: skip
    refused_below("campaign_fund_of_its_entity", Campaign.objects.filter(pk=campaign.pk),
                  fund=theirs)  # fmt: skip
    with pytest.raises(ValidationError):
        make_campaign(party, "annat", fund=theirs)
    assert not Campaign.objects.filter(slug="annat").exists()
    with pytest.raises(IntegrityError, match="fund_default_once"), transaction.atomic():
        Fund.objects.create(entity=party, name_sv="B", name_en="B", is_default=True)


def test_a_fund_has_names_of_its_own_within_its_entity() -> None:
    party, other = make_party(), make_party("district")
    young = make_fund(party, "  Unga \n idag ", "Young  people")
    assert (young.name_sv, young.name_en) == ("Unga idag", "Young people")
    make_fund(other, "Unga idag", "Young people")
    for field, names in (
        ("name_sv", {"name_sv": "UNGA idag", "name_en": "Other"}),
        ("name_en", {"name_sv": "Annat", "name_en": "young people"}),
    ):
        refused(field, "There is a fund with this name", services.create_fund,
                entity=party, **names)  # fmt: skip
    refused("name_sv", "This field cannot be blank", services.create_fund,
            entity=party, name_sv=" ", name_en="x")  # fmt: skip
    default = queries.default_fund(party)
    refused("name_sv", "There is a fund with this name", services.update_fund,
            default.pk, name_sv="Unga idag")  # fmt: skip
    renamed = services.update_fund(young.pk, by=CECILIA, name_sv="Ungdomar", purpose_sv="Läger.")
    services.update_fund(young.pk, by=CECILIA, name_sv="Ungdomar")
    assert (renamed.name_sv, renamed.purpose_sv) == ("Ungdomar", "Läger.")
    assert (actions(young), Fund.objects.filter(entity=party).count()) == (
        ["fund.created", "fund.changed"], 2,
    )  # fmt: skip
    with pytest.raises(TypeError):
        services.update_fund(young.pk, by=CECILIA, entity="x")


def test_a_fund_is_put_away_when_no_campaign_that_may_ask_is_for_it() -> None:
    party = make_party()
    young, default = make_fund(party), queries.default_fund(party)
    campaign = make_campaign(party, fund=young)
    refused(NON_FIELD_ERRORS, "This fund stays", services.put_fund_away, default.pk)
    refused(NON_FIELD_ERRORS, "A campaign that is not closed", services.put_fund_away, young.pk)
    refused_below("fund", Fund.objects.filter(pk=young.pk), put_away_at=clock.now())
    assert not Fund.objects.exclude(put_away_at=None).exists()
    services.update_campaign(campaign.pk, by=CECILIA, status="closed")
    assert services.put_fund_away(young.pk, by=CECILIA)
    assert not services.put_fund_away(young.pk, by=CECILIA)
    for change in ({"status": "live"}, {"status": "draft"}):
        refused("fund", "The fund is put away", services.update_campaign, campaign.pk, **change)
    with pytest.raises(ValidationError):
        make_campaign(party, "annan", fund=young)
    assert Campaign.objects.get().status == "closed"
    assert services.take_fund_out(young.pk, by=CECILIA)
    assert not services.take_fund_out(young.pk, by=CECILIA)
    services.update_campaign(campaign.pk, by=CECILIA, status="live")
    assert actions(young) == ["fund.created", "fund.put_away", "fund.taken_out"]


def test_a_campaign_keeps_its_fund_once_money_came_or_is_on_its_way() -> None:
    party = make_party()
    young, old = make_fund(party), make_fund(party, "Äldre", "Old people")
    campaign = make_campaign(party, fund=young)
    give(campaign, "failed")
    services.update_campaign(campaign.pk, by=CECILIA, fund=old)
    line = ChangeLine.objects.get(action="campaign.changed")
    assert (line.before, line.after) == ({"fund": str(young.ref)}, {"fund": str(old.ref)})
    whole = {"refunded_ore": 100_00}  # it came, and shows in the months that it came and went
    for state, more in (("pending", {}), ("received", whole)):
        gift = give(campaign, state, **more)
        refused("fund", KEEPS, services.update_campaign, campaign.pk, fund=young)
        refused_below("money was given", Campaign.objects.filter(pk=campaign.pk), fund=young)
        services.update_campaign(campaign.pk, by=CECILIA, fund=old, title_sv=f"T {gift.pk}")
        if state == "received":
            continue
        Gift.objects.filter(pk=gift.pk).update(state="expired")
    assert Campaign.objects.get().fund == old


def test_a_campaign_keeps_its_fund_while_a_monthly_gift_is_promised_to_it() -> None:
    party: LegalEntity = make_party()
    young = make_fund(party)
    campaign, day = make_campaign(party), date(2026, 11, 1)
    pledge = Pledge.objects.create(
        entity=party, campaign=campaign, state="pending", method="autogiro", amount_ore=100_00,
        interval_months=1, day=28, starts_on=day, first_period=day, created_at=clock.now(),
    )  # fmt: skip
    refused("fund", KEEPS, services.update_campaign, campaign.pk, fund=young)
    Pledge.objects.filter(pk=pledge.pk).update(state="ended", ended_at=clock.now())
    assert services.update_campaign(campaign.pk, by=CECILIA, fund=young).fund == young
