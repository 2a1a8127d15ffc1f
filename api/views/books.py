"""Payouts, journals and job runs: read only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.serializers import money as words
from api.views.base import View
from fundraise.jobs.models import JobRun
from fundraise.ledger.models import Journal
from fundraise.providers.models import BalanceLine, Payout


class Payouts(View):
    """What the providers sent to the bank."""

    queryset = Payout.objects.select_related("account__entity")
    entity_path = "account__entity"
    filterset_class: Any = filters.PayoutFilters
    serializer_class = words.PayoutOut
    permissions_of = {"GET": "payouts.view"}

    @extend_schema(operation_id="payouts", responses={200: words.PayoutOut(many=True)})
    def get(self, request: Request) -> Response:
        """Payouts, the newest first."""
        return self.listed(request)


class OnePayout(Payouts):
    """A payout."""

    filterset_class = None

    @extend_schema(operation_id="payout", responses={200: words.PayoutOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A payout."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class PayoutLines(View):
    """What a payout consists of."""

    queryset = BalanceLine.objects.all()
    entity_path = "account__entity"
    serializer_class = words.PayoutLineOut
    permissions_of = {"GET": "payouts.view"}

    @extend_schema(operation_id="payout_lines", responses={200: words.PayoutLineOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """The lines of a payout: charges, refunds, disputes, fees."""
        payouts = self.scoped(Payout.objects.all(), "payouts.view", "account__entity")
        payout = self.found(payouts, ref)
        self.queryset = BalanceLine.objects.filter(payout=payout).exclude(kind="payout")
        return self.listed(request)


class Journals(View):
    """The books, journal by journal."""

    queryset = Journal.objects.select_related("entity", "series", "reversal_of").prefetch_related(
        "entries__debit_account",
        "entries__credit_account",
        "entries__campaign",
        "entries__district",
    )
    filterset_class: Any = filters.JournalFilters
    serializer_class = words.JournalOut
    permissions_of = {"GET": "journals.view"}

    @extend_schema(operation_id="journals", responses={200: words.JournalOut(many=True)})
    def get(self, request: Request) -> Response:
        """Journals with their entries, the newest first. They are never changed."""
        return self.listed(request)


class OneJournal(Journals):
    """A journal."""

    filterset_class = None

    @extend_schema(operation_id="journal", responses={200: words.JournalOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A journal with its entries."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class JobRuns(View):
    """What the house does by itself."""

    queryset = JobRun.objects.all()
    filterset_class = filters.JobRunFilters
    serializer_class = words.JobRunOut
    permissions_of = {"GET": "jobs.view"}

    def scoped(
        self, rows: QuerySet[Any], permission: str, path: str | None = None
    ) -> QuerySet[Any]:
        """A run concerns no legal entity."""
        return rows

    @extend_schema(operation_id="job_runs", responses={200: words.JobRunOut(many=True)})
    def get(self, request: Request) -> Response:
        """Runs of scheduled jobs, the newest first."""
        return self.listed(request)
