"""What lists of SIE files and months are narrowed by."""

from __future__ import annotations

import django_filters
from django.db.models import Model

from api.filters import EntityFilters, state_of
from fundraise.ledger.models import Period
from fundraise.reporting.books.models import BookExport, Closing


class BookExportFilters(EntityFilters):
    """Files that hold days between these."""

    from_day = django_filters.DateFilter(field_name="to_day", lookup_expr="gte")
    to_day = django_filters.DateFilter(field_name="from_day", lookup_expr="lte")

    class Meta:
        model: type[Model] = BookExport
        fields: list[str] = []


class PeriodFilters(EntityFilters):
    state = state_of(Period.State)

    class Meta:
        model: type[Model] = Period
        fields: list[str] = []


class ClosingFilters(EntityFilters):
    state = state_of(Closing.State)

    class Meta:
        model: type[Model] = Closing
        fields: list[str] = []
