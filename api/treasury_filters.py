"""What the bank's lists are narrowed by."""

from __future__ import annotations

import django_filters
from django.db.models import Model

from api.filters import Filters, before, since, state_of
from fundraise.reconciliation.models import Item, Match, QueueItem, StatementFile


class StatementFileFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="entity__ref")
    state = state_of(StatementFile.State)
    received_from = since("received_at")
    received_before = before("received_at")

    class Meta:
        model: type[Model] = StatementFile
        fields: list[str] = []


class ItemFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="account__entity__ref")
    file = django_filters.UUIDFilter(field_name="statement__file__ref")
    state = state_of(Item.State)
    booked_from = django_filters.DateFilter(field_name="booked_on", lookup_expr="gte")
    booked_to = django_filters.DateFilter(field_name="booked_on", lookup_expr="lte")

    class Meta:
        model: type[Model] = Item
        fields: list[str] = []


class MatchFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="item__account__entity__ref")
    item = django_filters.UUIDFilter(field_name="item__ref")
    state = state_of(Match.State)

    class Meta:
        model: type[Model] = Match
        fields: list[str] = []


class ExceptionFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="entity__ref")
    state = state_of(QueueItem.State)
    code = django_filters.ChoiceFilter(choices=QueueItem.Code.choices)

    class Meta:
        model: type[Model] = QueueItem
        fields: list[str] = []
