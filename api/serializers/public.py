"""What anybody may read, and how a gift is started from outside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import Instant, Ore, Strict, Text, Truth, WholeNumber
from donors import queries as donors
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.providers import queries as providers

Out = serializers.Serializer[Any]
METHODS = [name for name in settings.PROVIDERS if name != "manual"]
LANGUAGES = ["sv", "en"]
REFERENCE = r"^[A-Za-z0-9_-]{1,40}$"


class WordingOut(Out):
    """Words of consent; what is agreed to is named by purpose and version."""

    purpose = serializers.CharField()
    version = serializers.IntegerField()
    text_sv = serializers.CharField()
    text_en = serializers.CharField()
    from_date = serializers.DateField()


class PublicCampaignOut(Out):
    """A campaign as its page shows it."""

    slug = serializers.CharField()
    status = serializers.ChoiceField(["live", "closed"])
    title_sv = serializers.CharField()
    title_en = serializers.CharField()
    purpose_sv = serializers.CharField()
    purpose_en = serializers.CharField()
    goal_ore = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    minimum_ore = serializers.IntegerField()
    maximum_ore = serializers.IntegerField()
    amounts_once_ore = serializers.ListField(
        child=serializers.IntegerField(), source="amounts_once"
    )
    payee = serializers.CharField(source="entity.name")
    org_number = serializers.CharField(source="entity.org_number")
    page_sv = serializers.SerializerMethodField()
    page_en = serializers.SerializerMethodField()
    methods = serializers.SerializerMethodField()
    wordings = serializers.SerializerMethodField()

    def get_page_sv(self, campaign: Campaign) -> str:
        return settings.BASE_URL + reverse("give:donate_sv", args=[campaign.slug])

    def get_page_en(self, campaign: Campaign) -> str:
        return settings.BASE_URL + reverse("give:donate_en", args=[campaign.slug])

    def get_methods(self, campaign: Campaign) -> list[str]:
        return [way.method for way in providers.ways(campaign.entity_id)]

    @extend_schema_field(WordingOut(many=True))
    def get_wordings(self, campaign: Campaign) -> Any:
        purposes = ["register", "appeals"]
        if campaign.entity.kind == LegalEntity.Kind.PARTY:
            purposes.append("targeting")
        found = [donors.current_wording(purpose) for purpose in purposes]
        return WordingOut([one for one in found if one is not None], many=True).data


class ThermometerOut(Out):
    """Numbers that are never one: received, promised, the forecast, and the goal."""

    campaign = serializers.CharField(source="slug")
    received_ore = serializers.IntegerField()
    promised_ore = serializers.IntegerField(
        help_text="What active pledges will still give within the campaign"
    )
    forecast_ore = serializers.IntegerField(help_text="What the campaign may come to in all")
    goal_ore = serializers.IntegerField()
    percent = serializers.IntegerField()
    donors = serializers.IntegerField(
        source="public_donors",
        allow_null=True,
        help_text=f"null while there are fewer than {campaigns.FEWEST_DONORS_SHOWN}",
    )
    at = Instant()


class FormOut(Out):
    """A form to start one gift with."""

    form = serializers.CharField(help_text="Goes into the gift's `form`; good for four hours.")
    not_before = Instant(help_text="A gift that is sent sooner is refused.")
    proof_asked = serializers.BooleanField(
        help_text="The page is under attack: solve `challenge` and send it in Gift-Proof."
    )
    challenge = serializers.DictField(allow_null=True, help_text="As altcha 2 solves it.")


class GiverIn(Strict):
    """Who gives. Address or identity number are wanted above the sum that the law sets."""

    name = Text(max_length=120)
    email = Text(max_length=254)
    organisation = Truth(default=False)
    identity_number = Text(max_length=20, default="", allow_blank=True)
    address = Text(max_length=120, default="", allow_blank=True)
    postcode = Text(max_length=20, default="", allow_blank=True)
    city = Text(max_length=120, default="", allow_blank=True)
    declaration = Truth(default=False, help_text="The gift is the giver's own.")
    abroad = Truth(
        default=False,
        help_text="The giver lives abroad, or gives for an organisation there: refused (409, "
        "`foreign`) where the receiver takes no gifts from abroad.",
    )
    member = Truth(default=False)
    register_version = WholeNumber(
        min_value=1, max_value=1_000_000, allow_null=True, default=None,
        help_text="The version of the wording `register` that the giver agreed to.",
    )  # fmt: skip
    appeals_version = WholeNumber(
        min_value=1, max_value=1_000_000, allow_null=True, default=None
    )  # fmt: skip
    targeting_version = WholeNumber(
        min_value=1, max_value=1_000_000, allow_null=True, default=None,
        help_text="The version of the wording `targeting`; of a party's givers only.",
    )  # fmt: skip


class StartIn(Strict):
    """A gift to be started. Without a key, `form` is needed."""

    campaign = serializers.SlugField(max_length=60)
    amount_ore = Ore()
    method = serializers.ChoiceField(METHODS)
    language = serializers.ChoiceField(LANGUAGES, default="sv")
    reference = serializers.RegexField(REFERENCE, default="", allow_blank=True)
    giver = GiverIn()
    form = Text(max_length=200, default="", allow_blank=True)
    client_address = serializers.IPAddressField(
        default="", allow_blank=True,
        help_text="With a key: the giver's own address, for the limits; it is not kept.",
    )  # fmt: skip


class StartedOut(Out):
    """Where the giver goes: the provider's page, or the gift's own when `redirect_url` is null."""

    ref = serializers.UUIDField()
    state = serializers.CharField()
    redirect_url = serializers.CharField(allow_null=True)
    page_url = serializers.CharField()


class PublicGiftOut(Out):
    """A gift as its own page shows it: sum and state, no person."""

    ref = serializers.UUIDField()
    campaign = serializers.CharField(source="campaign.slug")
    state = serializers.CharField()
    amount_ore = serializers.IntegerField()
    refunded_ore = serializers.IntegerField()
    disputed_ore = serializers.IntegerField()
    channel = serializers.CharField(allow_blank=True)
    created_at = Instant()
