"""Monthly giving: pledges, their mandates, months and draws; a giver's wishes carried out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min, OuterRef, Q, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.problems import Problem
from api.serializers import pledges as words
from api.views.base import View
from fundraise import clock
from fundraise.pledges import queries
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge, PledgeChange
from fundraise.pledges.services import changing
from fundraise.pledges.services.changing import Wish
from fundraise.reconciliation import references

COMING = Q(instalments__state__in=[Instalment.State.PLANNED, Instalment.State.COLLECTING])
NUMBERS = references.standing(pledge=OuterRef("pk")).values("number")[:1]
PLEDGES = Pledge.objects.select_related("entity", "campaign", "donor").annotate(
    next_on=Min("instalments__due_on", filter=COMING), ocr_number=Subquery(NUMBERS)
)
OLDEST = timedelta(days=366)
REFUSALS = {
    "ended": "The monthly gift has ended.",
    "not_active": "It is not going on now.",
    "not_paused": "It is not on pause.",
    "nothing_to_skip": "There is no such month to leave out or to take back.",
    "too_late": "The bank takes no change of it any more, or the giver can't be told in time.",
}
FIELDS = {"amount": "/amount_ore", "day": "/day", "until": "/until"}


# --- Reading --------------------------------------------------------------------------------------
class Pledges(View):
    """Monthly gifts of the key's legal entities."""

    queryset = PLEDGES
    filterset_class: Any = filters.PledgeFilters
    serializer_class: Any = words.PledgeOut
    permissions_of = {"GET": "pledges.view"}

    @extend_schema(operation_id="pledges", responses={200: words.PledgeOut(many=True)})
    def get(self, request: Request) -> Response:
        """Monthly gifts, the newest first."""
        return self.listed(request)


class OnePledge(Pledges):
    """A monthly gift."""

    filterset_class = None

    @extend_schema(operation_id="pledge", responses={200: words.PledgeOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A monthly gift and its next draw."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class PledgeChanges(View):
    """What was changed about a monthly gift."""

    queryset = PledgeChange.objects.all()
    entity_path = "pledge__entity"
    serializer_class = words.ChangeOut
    permissions_of = {"GET": "pledges.view"}

    @extend_schema(operation_id="pledge_changes", responses={200: words.ChangeOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """Every change, the newest first: what, by which channel, and when it reached us."""
        pledge = self.found(self.scoped(Pledge.objects.all(), "pledges.view", "entity"), ref)
        self.queryset = PledgeChange.objects.filter(pledge=pledge)
        return self.listed(request)


class Mandates(View):
    """Permissions to draw."""

    queryset = Mandate.objects.select_related("entity", "pledge")
    filterset_class: Any = filters.MandateFilters
    serializer_class: Any = words.MandateOut
    permissions_of = {"GET": "mandates.view"}

    @extend_schema(operation_id="mandates", responses={200: words.MandateOut(many=True)})
    def get(self, request: Request) -> Response:
        """Mandates, the newest first."""
        return self.listed(request)


class OneMandate(Mandates):
    """A mandate."""

    filterset_class = None
    serializer_class = words.MandateWithStepsOut

    @extend_schema(operation_id="mandate", responses={200: words.MandateWithStepsOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A mandate with every step that it has taken, and the bank's codes."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class Instalments(View):
    """The months of monthly gifts."""

    queryset = Instalment.objects.select_related("pledge", "notice")
    entity_path = "pledge__entity"
    filterset_class: Any = filters.InstalmentFilters
    serializer_class = words.InstalmentOut
    permissions_of = {"GET": "pledges.view"}

    @extend_schema(operation_id="instalments", responses={200: words.InstalmentOut(many=True)})
    def get(self, request: Request) -> Response:
        """Months (quarters, years) of pledges: planned, paid, missed, skipped."""
        return self.listed(request)


class OneInstalment(Instalments):
    """One month."""

    filterset_class = None

    @extend_schema(operation_id="instalment", responses={200: words.InstalmentOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """One month of a pledge."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class Collections(View):
    """Attempts to draw."""

    queryset = Collection.objects.select_related("instalment__pledge", "mandate", "gift")
    entity_path = "instalment__pledge__entity"
    filterset_class: Any = filters.CollectionFilters
    serializer_class = words.CollectionOut
    permissions_of = {"GET": "pledges.view"}

    @extend_schema(operation_id="collections", responses={200: words.CollectionOut(many=True)})
    def get(self, request: Request) -> Response:
        """Draws, the newest first, with the gift that a paid one has become."""
        return self.listed(request)


class OneCollection(Collections):
    """A draw."""

    filterset_class = None

    @extend_schema(operation_id="collection", responses={200: words.CollectionOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A draw."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


# --- Wishes ---------------------------------------------------------------------------------------
class WishView(View):
    """One wish of a giver about a monthly gift, once for its Idempotency-Key."""

    queryset = PLEDGES
    serializer_class: Any = words.PledgeOut
    permissions_of = {"POST": "pledges.change"}

    def carried_out(
        self,
        ref: UUID,
        kind: type[serializers.Serializer[Any]],
        do: Callable[[Pledge, dict[str, Any], Wish], list[UUID] | None],
    ) -> Response:
        """Do it and show the pledge, with what came too late where that may happen."""
        pledge = self.found(self.get_queryset(), ref)
        given = self.read(kind)
        wish = _wish(given, self.caller.by)

        def done(_held: object) -> Response:
            try:
                late = do(pledge, given, wish)
            except PledgeError as error:
                raise _refused(error) from None
            row = PLEDGES.get(pk=pledge.pk)
            if late is not None:
                row.unstoppable = late  # type: ignore[attr-defined]
            return self.shown(row)

        return self.once(done)


def _wish(given: dict[str, Any], by: str) -> Wish:
    now = clock.now()
    at = given.get("received_at") or now
    if at > now + timedelta(minutes=1):
        raise Problem("invalid", errors=[("/received_at", "in_future")])
    if at < now - OLDEST:
        raise Problem("invalid", errors=[("/received_at", "min_value")])
    return Wish(by, given["channel"], at, given.get("reason", ""))


def _refused(error: PledgeError) -> Problem:
    if error.code in FIELDS:
        return Problem("invalid", errors=[(FIELDS[error.code], "not_taken")])
    words_of = REFUSALS.get(error.code, "That can't be done now.")
    return Problem("refused", words_of, code=error.code)


class ChangePledge(WishView):
    """Another sum or day."""

    @extend_schema(
        operation_id="change_pledge", request=words.ChangeIn, responses={200: words.PledgeOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Another sum, another day, or both: from the first draw that can be told in time."""

        def do(pledge: Pledge, given: dict[str, Any], wish: Wish) -> None:
            if not {"amount_ore", "day"} & given.keys():
                raise Problem("invalid", errors=[("/amount_ore", "required")])
            if "day" in given:
                changing.change_day(pledge.pk, given["day"], wish)
            if "amount_ore" in given:
                changing.change_amount(pledge.pk, given["amount_ore"], wish)

        return self.carried_out(ref, words.ChangeIn, do)


class SkipPledge(WishView):
    """The next draw is left out."""

    @extend_schema(
        operation_id="skip_pledge", request=words.WishIn, responses={200: words.PledgeOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Leave out the next draw, also one that is at the bank and can be cancelled."""

        def do(pledge: Pledge, _given: dict[str, Any], wish: Wish) -> None:
            changing.skip_next(pledge.pk, wish)

        return self.carried_out(ref, words.WishIn, do)


class UnskipPledge(WishView):
    """A month that was left out is drawn after all."""

    @extend_schema(
        operation_id="unskip_pledge", request=words.UnskipIn, responses={200: words.PledgeOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Take a skip back, while the draw can still be told in time."""

        def do(pledge: Pledge, given: dict[str, Any], wish: Wish) -> None:
            changing.unskip(pledge.pk, given["period"], wish)

        return self.carried_out(ref, words.UnskipIn, do)


class PausePledge(WishView):
    """No draw before a day."""

    serializer_class = words.StoppedOut

    @extend_schema(
        operation_id="pause_pledge", request=words.PauseIn, responses={200: words.StoppedOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Pause until a day; what is at the bank is cancelled where it still can be."""

        def do(pledge: Pledge, given: dict[str, Any], wish: Wish) -> list[UUID]:
            _change, recalled = changing.pause(pledge.pk, given["until"], wish)
            late = Collection.objects.filter(pk__in=recalled.unstoppable).order_by("due_on")
            return list(late.values_list("ref", flat=True))

        return self.carried_out(ref, words.PauseIn, do)


class ResumePledge(WishView):
    """A pause is over."""

    @extend_schema(
        operation_id="resume_pledge", request=words.WishIn, responses={200: words.PledgeOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Go on, from the first draw that can be told in time."""

        def do(pledge: Pledge, _given: dict[str, Any], wish: Wish) -> None:
            changing.resume(pledge.pk, wish)

        return self.carried_out(ref, words.WishIn, do)


class StopPledge(WishView):
    """The end."""

    serializer_class = words.StoppedOut

    @extend_schema(
        operation_id="stop_pledge", request=words.StopIn, responses={200: words.StoppedOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """End the pledge, its mandate and every draw that is not past the cut-off.

        A stop never fails: one that had ended answers as it stands.
        """

        def do(pledge: Pledge, _given: dict[str, Any], wish: Wish) -> list[UUID]:
            changing.stop(pledge.pk, wish)
            return [draw.ref for draw in queries.unstoppable(pledge.pk)]

        return self.carried_out(ref, words.StopIn, do)
