"""Campaigns for staff, and what a key may do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.fields import Instant
from api.problems import Problem
from api.serializers import campaigns as words
from api.views.base import View
from fundraise.campaigns import services
from fundraise.campaigns.models import Campaign, Fund
from fundraise.ledger.models import LegalEntity

CAMPAIGNS = Campaign.objects.select_related("entity", "fund", "thermometer")
TOLD_AS = {"amounts_once": "amounts_once_ore", "amounts_monthly": "amounts_monthly_ore"}


def refused(error: ValidationError) -> Problem:
    """The model's refusal, by field and code; its words are not repeated."""
    found: list[tuple[str, str]] = []
    named = error.error_dict if hasattr(error, "error_dict") else {"__all__": error.error_list}
    for field, errors in named.items():
        pointer = "" if field == "__all__" else f"/{TOLD_AS.get(field, field)}"
        found += [(pointer or "/", one.code or "invalid") for one in errors]
    return Problem("invalid", errors=found)


def with_fund(view: View, given: dict[str, Any]) -> dict[str, Any]:
    """The body with the fund that it names. Raises Problem: invalid."""
    if "fund" not in given:
        return given
    funds = view.scoped(Fund.objects.all(), "campaigns.change")
    return {**given, "fund": view.named(funds, given["fund"], "/fund")}


class Campaigns(View):
    """Campaigns of the key's legal entities."""

    queryset = CAMPAIGNS
    filterset_class: Any = filters.CampaignFilters
    serializer_class = words.CampaignOut
    permissions_of = {"GET": "campaigns.view", "POST": "campaigns.change"}

    @extend_schema(operation_id="campaigns", responses={200: words.CampaignOut(many=True)})
    def get(self, request: Request) -> Response:
        """Campaigns with their sums, the newest first."""
        return self.listed(request)

    @extend_schema(
        operation_id="create_campaign",
        request=words.CampaignIn,
        responses={201: words.CampaignOut},
    )
    def post(self, request: Request) -> Response:
        """Make a campaign, with its dimension in the books and its empty thermometer."""
        given = self.read(words.CampaignIn)
        theirs = self.scoped(LegalEntity.objects.all(), "campaigns.change", "pk")
        entity = self.named(theirs, given.pop("entity"), "/entity")
        by, given = self.caller.by, with_fund(self, given)

        def do(_held: object) -> Response:
            try:
                made = services.create_campaign(entity=entity, by=by, **given)
            except ValidationError as error:
                raise refused(error) from None
            row = CAMPAIGNS.get(pk=made.pk)
            return self.shown(row, 201, reverse("api:campaign", args=[row.ref]))

        return self.once(do)


class OneCampaign(View):
    """A campaign."""

    queryset = CAMPAIGNS
    serializer_class = words.CampaignOut
    permissions_of = {"GET": "campaigns.view", "PATCH": "campaigns.change"}

    @extend_schema(operation_id="campaign", responses={200: words.CampaignOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """A campaign with its sums."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))

    @extend_schema(
        operation_id="change_campaign",
        request=words.CampaignChange,
        responses={200: words.CampaignOut},
    )
    def patch(self, request: Request, ref: UUID) -> Response:
        """Change what is named; sent twice it changes nothing more."""
        campaign = self.found(self.get_queryset(), ref)
        given = with_fund(self, self.read(words.CampaignChange))
        try:
            services.update_campaign(campaign.pk, by=self.caller.by, **given)
        except ValidationError as error:
            raise refused(error) from None
        return self.shown(CAMPAIGNS.get(pk=campaign.pk))


class EntityOut(serializers.Serializer[Any]):
    ref = serializers.UUIDField()
    name = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())


class MeOut(serializers.Serializer[Any]):
    """A key, and what it may do now."""

    key = serializers.CharField(help_text="Its first part.")
    name = serializers.CharField()
    mode = serializers.CharField()
    expires_at = Instant()
    entities = EntityOut(many=True)


class Me(View):
    """The key that is used."""

    serializer_class = MeOut
    permissions_of = {"GET": ""}

    @extend_schema(operation_id="me", responses={200: MeOut})
    def get(self, request: Request) -> Response:
        """What this key may do now, by legal entity."""
        filters.refuse_unknown(request, set())
        key, held = self.caller.key, self.held
        entities = [
            {
                "ref": entity.ref,
                "name": entity.name,
                "permissions": sorted(name for name in held.held if held.may(name, entity.pk)),
            }
            for entity in key.entities.order_by("pk")
        ]
        told = {"key": key.prefix, "name": key.name, "mode": key.mode, "entities": entities}
        return Response(self.get_serializer({**told, "expires_at": key.expires_at}).data)
