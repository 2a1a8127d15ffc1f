"""Query parameters of the lists about mail."""

from __future__ import annotations

import django_filters
from django.db.models import Model, QuerySet

from api.filters import EntityFilters, Filters, before, since, state_of
from mailings.appeals.models import Appeal, Batch, Message
from mailings.attribution.models import SourceCode
from mailings.composing.models import Template
from mailings.journeys.models import Journey
from mailings.segments.models import Segment
from mailings.suppressions.models import Suppression


class CampaignsFilters(Filters):
    entity = django_filters.UUIDFilter(field_name="campaign__entity__ref")
    campaign = django_filters.UUIDFilter(field_name="campaign__ref")


class AppealFilters(CampaignsFilters):
    state = state_of(Appeal.State)
    kind = django_filters.ChoiceFilter(choices=Appeal.Kind.choices)
    created_from = since("created_at")
    created_before = before("created_at")
    send_from = since("send_at")
    send_before = before("send_at")

    class Meta:
        model: type[Model] = Appeal
        fields: list[str] = []


class BatchFilters(Filters):
    appeal = django_filters.UUIDFilter(field_name="appeal__ref")
    state = state_of(Batch.State)

    class Meta:
        model: type[Model] = Batch
        fields: list[str] = []


OUTCOMES = [("sent", "Sent"), *[one for one in Message.Outcome.choices if one[0]]]


class MessageFilters(Filters):
    outcome = django_filters.ChoiceFilter(choices=OUTCOMES, method="with_outcome")

    def with_outcome(self, rows: QuerySet[Message], _name: str, value: str) -> QuerySet[Message]:
        """sent: to be sent, or sent; every other one says why not."""
        return rows.filter(outcome="" if value == "sent" else value)

    class Meta:
        model: type[Model] = Message
        fields: list[str] = []


class ArchivedFilters(Filters):
    """`no`: what is in use; `yes`: what was put away; all without it."""

    archived = django_filters.ChoiceFilter(
        choices=[("no", "No"), ("yes", "Yes")], method="put_away"
    )

    def put_away(self, rows: QuerySet[Model], _name: str, value: str) -> QuerySet[Model]:
        return rows.filter(archived_at__isnull=value == "no")


class SegmentFilters(ArchivedFilters):
    class Meta:
        model: type[Model] = Segment
        fields: list[str] = []


class TemplateFilters(EntityFilters, ArchivedFilters):
    class Meta:
        model: type[Model] = Template
        fields: list[str] = []


class SuppressionFilters(Filters):
    reason = django_filters.ChoiceFilter(choices=Suppression.Reason.choices)
    scope = django_filters.ChoiceFilter(choices=Suppression.Scope.choices)
    state = django_filters.ChoiceFilter(
        choices=[("standing", "Standing"), ("lifted", "Lifted")], method="standing"
    )
    created_from = since("created_at")
    created_before = before("created_at")

    def standing(
        self, rows: QuerySet[Suppression], _name: str, value: str
    ) -> QuerySet[Suppression]:
        return rows.filter(lifted_at__isnull=value == "standing")

    class Meta:
        model: type[Model] = Suppression
        fields: list[str] = []


class CodeFilters(CampaignsFilters):
    class Meta:
        model: type[Model] = SourceCode
        fields: list[str] = []


class JourneyFilters(CampaignsFilters):
    state = state_of(Journey.State)

    class Meta:
        model: type[Model] = Journey
        fields: list[str] = []
