"""Filed party-finance reports: read only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.serializers import reports as words
from api.views.base import View
from fundraise.reporting.party.models import PartyReport, ReportDonor


class Reports(View):
    """What the parties have filed."""

    queryset = PartyReport.objects.select_related("entity").prefetch_related("lines")
    filterset_class: Any = filters.ReportFilters
    serializer_class = words.ReportOut
    permissions_of = {"GET": "party.view"}

    @extend_schema(operation_id="reports", responses={200: words.ReportOut(many=True)})
    def get(self, request: Request) -> Response:
        """Filed versions with their lines, the newest first. They are never changed."""
        return self.listed(request)


class OneReport(Reports):
    """A version."""

    filterset_class = None

    @extend_schema(operation_id="report", responses={200: words.ReportOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A version with its lines."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class ReportGivers(View):
    """The givers' years behind a version."""

    queryset = ReportDonor.objects.all()
    entity_path = "report__entity"
    serializer_class = words.ReportGiverOut
    permissions_of = {"GET": "party.view"}

    @extend_schema(operation_id="report_givers", responses={200: words.ReportGiverOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """Sums, kinds and bands; who they are is told on the staff pages alone."""
        report = self.found(self.scoped(PartyReport.objects.all(), "party.view", "entity"), ref)
        self.queryset = ReportDonor.objects.filter(report=report)
        return self.listed(request)
