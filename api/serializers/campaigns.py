"""Campaigns and funds as staff see and change them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Ore, RefOf, Strict, Text, Truth
from fundraise.campaigns.models import Campaign, Fund

Out = serializers.Serializer[Any]
COLOUR = r"^#[0-9a-fA-F]{6}$"


class FundOut(Out):
    """What money is for; the sums are those of its campaigns."""

    ref = serializers.UUIDField()
    entity = RefOf("entity")
    name_sv = serializers.CharField()
    name_en = serializers.CharField()
    purpose_sv = serializers.CharField(allow_blank=True)
    purpose_en = serializers.CharField(allow_blank=True)
    is_default = serializers.BooleanField()
    put_away = serializers.SerializerMethodField()
    campaigns = serializers.IntegerField(source="campaign_number")
    gifts = serializers.IntegerField(source="gift_number")
    received_ore = serializers.IntegerField()

    def get_put_away(self, fund: Fund) -> bool:
        return fund.put_away_at is not None


class FundChange(Strict):
    """What may be changed; what is left out stays."""

    name_sv = Text(max_length=80, required=False)
    name_en = Text(max_length=80, required=False)
    purpose_sv = Text(max_length=300, required=False, allow_blank=True)
    purpose_en = Text(max_length=300, required=False, allow_blank=True)
    put_away = Truth(required=False)


class FundIn(Strict):
    """Something more that money can be for."""

    entity = serializers.UUIDField()
    name_sv = Text(max_length=80)
    name_en = Text(max_length=80)
    purpose_sv = Text(max_length=300, required=False, allow_blank=True)
    purpose_en = Text(max_length=300, required=False, allow_blank=True)


class CampaignOut(Out):
    ref = serializers.UUIDField()
    entity = RefOf("entity")
    fund = RefOf("fund", help_text="What its money is for: one of /funds.")
    slug = serializers.CharField()
    status = serializers.ChoiceField(Campaign.Status.choices)
    title_sv = serializers.CharField()
    title_en = serializers.CharField()
    purpose_sv = serializers.CharField()
    purpose_en = serializers.CharField()
    goal_ore = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    amounts_once_ore = serializers.ListField(
        child=serializers.IntegerField(), source="amounts_once"
    )
    amounts_monthly_ore = serializers.ListField(
        child=serializers.IntegerField(), source="amounts_monthly"
    )
    first_frequency = serializers.ChoiceField(Campaign.Frequency.choices)
    monthly_open = serializers.BooleanField()
    minimum_ore = serializers.IntegerField()
    maximum_ore = serializers.IntegerField()
    theme_colour = serializers.CharField()
    received_ore = serializers.IntegerField(source="thermometer.received_ore")
    promised_ore = serializers.IntegerField(source="thermometer.promised_ore")
    forecast_ore = serializers.IntegerField(source="thermometer.forecast_ore")
    gifts = serializers.IntegerField(source="thermometer.gifts")
    donors = serializers.IntegerField(source="thermometer.donors")


class Amounts(serializers.ListField):
    """One to six rising sums in öre."""

    child = Ore()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=6, **kwargs)


class CampaignChange(Strict):
    """What may be changed; what is left out stays."""

    status = serializers.ChoiceField(Campaign.Status.choices, required=False)
    fund = serializers.UUIDField(
        required=False, help_text="Stays once money came, is on its way or is promised."
    )
    title_sv = Text(max_length=90, required=False)
    title_en = Text(max_length=90, required=False)
    purpose_sv = Text(max_length=300, required=False)
    purpose_en = Text(max_length=300, required=False)
    goal_ore = Ore(required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, allow_null=True)
    amounts_once_ore = Amounts(source="amounts_once", required=False)
    amounts_monthly_ore = Amounts(source="amounts_monthly", required=False)
    first_frequency = serializers.ChoiceField(Campaign.Frequency.choices, required=False)
    monthly_open = Truth(required=False)
    minimum_ore = Ore(required=False)
    maximum_ore = Ore(required=False)
    theme_colour = serializers.RegexField(COLOUR, required=False)


class CampaignIn(CampaignChange):
    """A new campaign, a draft unless it says otherwise."""

    entity = serializers.UUIDField()
    slug = serializers.SlugField(max_length=60)
    title_sv = Text(max_length=90)
    title_en = Text(max_length=90)
    purpose_sv = Text(max_length=300)
    purpose_en = Text(max_length=300)
    starts_on = serializers.DateField()
