"""Query parameters: each list names its own, and another one is refused."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID

import django_filters
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from api.problems import Problem, pointer
from fundraise.campaigns.models import Campaign, Fund
from fundraise.gifts import people
from fundraise.gifts.models import Channel, Dispute, Gift, Refund
from fundraise.jobs.models import JobRun
from fundraise.ledger.models import Journal
from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge
from fundraise.providers.giro.models import InFile, InRow, OutFile
from fundraise.providers.models import Payout
from fundraise.reporting.party.models import PartyReport

PAGING = {"limit", "cursor"}


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc]
    """django-filter, refusing what it does not know and answering with a problem."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        known = PAGING | set(filterset.filters if filterset else ())
        refuse_unknown(request, known)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            codes = filterset.form.errors.as_data()
            errors = [(f"/{name}", found[0].code or "invalid") for name, found in codes.items()]
            raise Problem("invalid-query", errors=errors)
        rows: QuerySet[Any] = filterset.qs
        return rows


def refuse_unknown(request: Request, known: set[str]) -> None:
    """A parameter that is not known, or is there twice, is refused: it would be left out else."""
    wrong = [
        (pointer(name), "unknown" if name not in known else "once")
        for name, values in request.query_params.lists()
        if name not in known or len(values) != 1 or values == [""]
    ]
    if wrong:
        raise Problem("invalid-query", errors=wrong)


def state_of(choices: type[Any]) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(field_name="state", choices=choices.choices)


class UtcField(django_filters.fields.IsoDateTimeField):  # type: ignore[misc]
    """An instant in UTC: PostgreSQL knows fewer zones than ISO 8601 can write."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        try:
            return None if found is None else found.astimezone(UTC)
        except OverflowError:
            raise ValidationError("", code="invalid") from None


class InstantFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = UtcField


def since(field: str) -> InstantFilter:
    return InstantFilter(field_name=field, lookup_expr="gte")


def before(field: str) -> InstantFilter:
    return InstantFilter(field_name=field, lookup_expr="lt")


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """Only what is declared: nothing follows from the model's own fields."""


class EntityFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="entity__ref")


class FundFilters(EntityFilters):
    put_away = django_filters.BooleanFilter(
        field_name="put_away_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model: type[Model] = Fund
        fields: list[str] = []


class CampaignFilters(EntityFilters):
    fund = django_filters.UUIDFilter(field_name="fund__ref")
    status = django_filters.ChoiceFilter(choices=Campaign.Status.choices)

    class Meta:
        model: type[Model] = Campaign
        fields: list[str] = []


class DonorFilters(EntityFilters):
    campaign = django_filters.UUIDFilter(field_name="campaign__ref")
    donor = django_filters.UUIDFilter(
        method="of_donor", help_text="Wants donors.view or gifts.giver."
    )

    def of_donor(self, rows: QuerySet[Any], _name: str, ref: UUID) -> QuerySet[Any]:
        """A donor's gifts, where the key may know who gave. Raises Problem: forbidden."""
        known = people.known_givers(self.request.auth.rights)
        if not known:
            raise Problem("forbidden", "The key may not know who gave.")
        return rows.filter(donor__ref=ref, entity__in=known)


class GiftFilters(DonorFilters):
    fund = django_filters.UUIDFilter(field_name="campaign__fund__ref")
    state = state_of(Gift.State)
    channel = django_filters.ChoiceFilter(choices=Channel.choices)
    received_from = since("received_at")
    received_before = before("received_at")
    created_from = since("created_at")
    created_before = before("created_at")

    class Meta:
        model: type[Model] = Gift
        fields: list[str] = []


class RefundFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="gift__entity__ref")
    state = state_of(Refund.State)
    gift = django_filters.UUIDFilter(field_name="gift__ref")
    created_from = since("created_at")
    created_before = before("created_at")

    class Meta:
        model: type[Model] = Refund
        fields: list[str] = []


class DisputeFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="gift__entity__ref")
    state = state_of(Dispute.State)
    opened_from = since("opened_at")
    opened_before = before("opened_at")

    class Meta:
        model: type[Model] = Dispute
        fields: list[str] = []


class PayoutFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="account__entity__ref")
    arrives_from = django_filters.DateFilter(field_name="arrives_on", lookup_expr="gte")
    arrives_to = django_filters.DateFilter(field_name="arrives_on", lookup_expr="lte")

    class Meta:
        model: type[Model] = Payout
        fields: list[str] = []


class JournalFilters(EntityFilters):
    accounting_from = django_filters.DateFilter(field_name="accounting_date", lookup_expr="gte")
    accounting_to = django_filters.DateFilter(field_name="accounting_date", lookup_expr="lte")
    registered_from = since("registered_at")
    registered_before = before("registered_at")

    class Meta:
        model: type[Model] = Journal
        fields: list[str] = []


class ReportFilters(EntityFilters):
    year = django_filters.NumberFilter(min_value=2018, max_value=2200)

    class Meta:
        model: type[Model] = PartyReport
        fields: list[str] = []


class JobRunFilters(Filters):
    name = django_filters.CharFilter(max_length=60)
    state = state_of(JobRun.State)
    started_from = since("started_at")
    started_before = before("started_at")

    class Meta:
        model: type[Model] = JobRun
        fields: list[str] = []


# --- Monthly giving -------------------------------------------------------------------------------
METHODS = [(name, name) for name in settings.RECURRING]


def _method(field: str = "method") -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(field_name=field, choices=METHODS)


class PledgeFilters(DonorFilters):
    state = state_of(Pledge.State)
    method = _method()
    created_from = since("created_at")
    created_before = before("created_at")

    class Meta:
        model: type[Model] = Pledge
        fields: list[str] = []


class MandateFilters(EntityFilters):
    state = state_of(Mandate.State)
    method = _method()
    pledge = django_filters.UUIDFilter(field_name="pledge__ref")
    created_from = since("created_at")
    created_before = before("created_at")

    class Meta:
        model: type[Model] = Mandate
        fields: list[str] = []


class DueFilters(Filters):
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")


class InstalmentFilters(DueFilters):
    entity = django_filters.UUIDFilter(field_name="pledge__entity__ref")
    campaign = django_filters.UUIDFilter(field_name="pledge__campaign__ref")
    pledge = django_filters.UUIDFilter(field_name="pledge__ref")
    state = state_of(Instalment.State)

    class Meta:
        model: type[Model] = Instalment
        fields: list[str] = []


class CollectionFilters(DueFilters):
    entity = django_filters.UUIDFilter(field_name="instalment__pledge__entity__ref")
    pledge = django_filters.UUIDFilter(field_name="instalment__pledge__ref")
    instalment = django_filters.UUIDFilter(field_name="instalment__ref")
    mandate = django_filters.UUIDFilter(field_name="mandate__ref")
    state = state_of(Collection.State)

    class Meta:
        model: type[Model] = Collection
        fields: list[str] = []


class GiroFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="agreement__account__entity__ref")


class OutFileFilters(GiroFilters):
    kind = django_filters.ChoiceFilter(choices=OutFile.Kind.choices)
    state = state_of(OutFile.State)
    day_from = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    day_to = django_filters.DateFilter(field_name="day", lookup_expr="lte")

    class Meta:
        model: type[Model] = OutFile
        fields: list[str] = []


class InFileFilters(GiroFilters):
    state = state_of(InFile.State)
    received_from = since("received_at")
    received_before = before("received_at")

    class Meta:
        model: type[Model] = InFile
        fields: list[str] = []


class InRowFilters(Filters):
    result = django_filters.ChoiceFilter(choices=InRow.Result.choices)

    class Meta:
        model: type[Model] = InRow
        fields: list[str] = []
