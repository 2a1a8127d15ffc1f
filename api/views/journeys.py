"""Journeys: mails that follow an event. Read, simulated, switched on and off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters, mail_filters
from api.mail_refusals import told
from api.serializers import mails as words
from api.views.base import View
from fundraise import clock
from mailings.journeys import services
from mailings.journeys.models import Journey
from mailings.journeys.simulating import simulate


class JourneyView(View):
    """A view about journeys of the key's legal entities."""

    queryset: QuerySet[Any] = Journey.objects.select_related("campaign")
    entity_path = "campaign__entity"
    serializer_class: Any = words.OneJourneyOut

    def one(self, journey: Journey) -> Response:
        """A journey with its steps, and how many people are where."""
        row = self.queryset.prefetch_related("steps__pattern").get(pk=journey.pk)
        runs = dict(row.runs.values_list("state").annotate(Count("pk")).order_by())
        return Response(words.OneJourneyOut(row, context={"runs": runs}).data)

    def switch(self, ref: UUID, do: Callable[[Journey], None]) -> Response:
        """Switched once for its Idempotency-Key."""
        journey = self.found(self.get_queryset(), ref)

        def done(_held: object) -> Response:
            with told():
                do(journey)
            return self.one(journey)

        return self.once(done)


class Journeys(JourneyView):
    """Mails that follow an event."""

    filterset_class: Any = mail_filters.JourneyFilters
    serializer_class = words.JourneyOut
    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="journeys", responses={200: words.JourneyOut(many=True)})
    def get(self, request: Request) -> Response:
        """Journeys, the newest first."""
        return self.listed(request)


class OneJourney(JourneyView):
    """A journey."""

    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="journey", responses={200: words.OneJourneyOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """A journey with its steps, and how many people are on their way."""
        filters.refuse_unknown(request, set())
        return self.one(self.found(self.get_queryset(), ref))


class Simulation(JourneyView):
    """What it would have done."""

    serializer_class = words.SimulationOut
    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="simulate_journey", responses={200: words.SimulationOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """The last thirty days as if it had run; nobody is mailed and nothing is written."""
        filters.refuse_unknown(request, set())
        found = simulate(self.found(self.get_queryset(), ref), clock.now())
        data = {
            "since": found.since,
            "until": found.until,
            "entered": found.entered,
            "left_by_gift": found.left_by_gift,
            "mailed": {str(step): number for step, number in sorted(found.mailed.items())},
            "by_day": {day.isoformat(): mails for day, mails in sorted(found.by_day.items())},
        }
        return Response(self.get_serializer(data).data)


class SwitchOn(JourneyView):
    """It runs."""

    permissions_of = {"POST": "appeals.send"}

    @extend_schema(
        operation_id="switch_on_journey", request=None, responses={200: words.OneJourneyOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """From now on whoever it happens to enters."""
        by = self.caller.by
        return self.switch(ref, lambda journey: services.switch_on(journey, by=by))


class SwitchOff(JourneyView):
    """It stands still."""

    permissions_of = {"POST": "appeals.send"}

    @extend_schema(
        operation_id="switch_off_journey", request=None, responses={200: words.OneJourneyOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Nobody enters and nobody is mailed until it is switched on again."""
        by = self.caller.by
        return self.switch(ref, lambda journey: services.switch_off(journey, by=by))
