"""The books of all legal entities of a key, each and together."""

from __future__ import annotations

from datetime import date

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.serializers import periods as words
from api.views.base import View
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.books.exporting import last_day
from fundraise.reporting.books.together import together


class YearTogether(View):
    """A year."""

    queryset = LegalEntity.objects.order_by("pk")
    entity_path = "pk"
    serializer_class = words.TogetherOut
    permissions_of = {"GET": "periods.view"}

    @extend_schema(operation_id="year_together", responses={200: words.TogetherOut})
    def get(self, request: Request, year: int) -> Response:
        """Income, costs and balances of a year: of each legal entity, and of all of them.

        What they owe each other is taken out of the sum when the key sees every entity.
        """
        return self._told(request, _day(year, 1), _day(year, 12))

    def _told(self, request: Request, first: date, last_month: date) -> Response:
        filters.refuse_unknown(request, set())
        found = together(list(self.get_queryset()), first, last_day(last_month))
        return Response(self.get_serializer(found).data)


class MonthTogether(YearTogether):
    """A month."""

    @extend_schema(operation_id="month_together", responses={200: words.TogetherOut})
    def get(self, request: Request, year: int, month: int) -> Response:  # type: ignore[override]
        """The same of a month."""
        first = _day(year, month)
        return self._told(request, first, first)


def _day(year: int, month: int) -> date:
    try:
        return date(year, month, 1)
    except ValueError:
        raise Http404 from None
