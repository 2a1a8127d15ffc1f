"""Funds: what money is for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.serializers import campaigns as words
from api.views.base import View
from api.views.campaigns import refused
from fundraise.campaigns import queries, services
from fundraise.campaigns.models import Fund
from fundraise.ledger.models import LegalEntity


class Funds(View):
    """Funds of the key's legal entities."""

    queryset = Fund.objects.all()
    filterset_class: Any = filters.FundFilters
    serializer_class = words.FundOut
    permissions_of = {"GET": "campaigns.view", "POST": "campaigns.change"}

    def get_queryset(self) -> Any:
        return self.scoped(queries.funds_with_sums(), self.permission)

    @extend_schema(operation_id="funds", responses={200: words.FundOut(many=True)})
    def get(self, request: Request) -> Response:
        """Funds with what came in for them, the newest first."""
        return self.listed(request)

    @extend_schema(operation_id="create_fund", request=words.FundIn, responses={201: words.FundOut})
    def post(self, request: Request) -> Response:
        """Make a fund, to be chosen for campaigns."""
        given = self.read(words.FundIn)
        theirs = self.scoped(LegalEntity.objects.all(), "campaigns.change", "pk")
        entity = self.named(theirs, given.pop("entity"), "/entity")
        by = self.caller.by

        def do(_held: object) -> Response:
            try:
                made = services.create_fund(entity=entity, by=by, **given)
            except ValidationError as error:
                raise refused(error) from None
            row = queries.funds_with_sums().get(pk=made.pk)
            return self.shown(row, 201, reverse("api:fund", args=[row.ref]))

        return self.once(do)


class OneFund(View):
    """A fund."""

    queryset = Fund.objects.all()
    serializer_class = words.FundOut
    permissions_of = {"GET": "campaigns.view", "PATCH": "campaigns.change"}

    def get_queryset(self) -> Any:
        return self.scoped(queries.funds_with_sums(), self.permission)

    @extend_schema(operation_id="fund", responses={200: words.FundOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """A fund with what came in for it."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))

    @extend_schema(
        operation_id="change_fund", request=words.FundChange, responses={200: words.FundOut}
    )
    def patch(self, request: Request, ref: UUID) -> Response:
        """Change what is named, put it away or take it out; sent twice it changes nothing more."""
        fund = self.found(self.get_queryset(), ref)
        given, by = self.read(words.FundChange), self.caller.by
        away = given.pop("put_away", None)
        try:
            with transaction.atomic():
                services.update_fund(fund.pk, by=by, **given)
                if away is not None:
                    move = services.put_fund_away if away else services.take_fund_out
                    move(fund.pk, by=by)
        except ValidationError as error:
            raise refused(error) from None
        return self.shown(queries.funds_with_sums().get(pk=fund.pk))
