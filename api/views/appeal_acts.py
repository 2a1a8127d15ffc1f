"""Appeals on their way: looked at, scheduled, held, let go, ended, copied. To agree to one as the
second person is for a person at the staff pages, never for a key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters, mail_filters
from api.mail_refusals import names_nobody, told
from api.serializers import appeals as words
from api.views.appeals import AppealView
from api.views.base import View
from mailings.appeals import preflight
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, Batch, Wave
from mailings.appeals.services import drafting, pausing, scheduling, settling, waves


class Preflight(AppealView):
    """What is looked at before an appeal may be scheduled."""

    serializer_class = words.PreflightOut
    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="preflight", responses={200: words.PreflightOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """Each point as it is now, with the number of people; nothing is sent or changed."""
        filters.refuse_unknown(request, set())
        appeal = self.found(self.get_queryset(), ref)
        with told():
            checks = preflight.run(appeal)
        data = {
            "blocked": bool(preflight.blocking(checks)),
            "people": preflight.people(checks),
            "checks": checks,
        }
        return Response(self.get_serializer(data).data)


class Act(AppealView):
    """Something that is done to an appeal by who may send."""

    permissions_of = {"POST": "appeals.send"}


class Schedule(Act):
    """When it leaves."""

    @extend_schema(
        operation_id="schedule_appeal",
        request=words.ScheduleIn,
        responses={200: words.OneAppealOut},
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Let a draft go at a time on the wall's clock.

        `needs_second` says whether a second person is asked: above the set size, and in quiet
        hours. Whose key it is can't be that person.
        """
        given, key = self.read(words.ScheduleIn), self.caller.key
        names_nobody(given["quiet_reason"], "/quiet_reason")

        def do(appeal: Appeal) -> None:
            scheduling.schedule(appeal.ref, **given, by=key.actor, person=key.person)

        return self.change(ref, do)


class WhyAct(Act):
    """An act that may say why."""

    def with_why(self, ref: UUID, door: Any) -> Response:
        why, by = names_nobody(self.read(words.WhyIn)["why"]), self.caller.by
        return self.change(ref, lambda appeal: door(appeal.ref, by=by, why=why))


class Unschedule(WhyAct):
    """The Stop of the first minutes, and later."""

    @extend_schema(
        operation_id="unschedule_appeal", request=words.WhyIn, responses={200: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Take a scheduled appeal back: it is a draft again, and nobody was mailed."""
        return self.with_why(ref, scheduling.unschedule)


class Pause(WhyAct):
    """Stop for now."""

    @extend_schema(
        operation_id="pause_appeal", request=words.WhyIn, responses={200: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Stop for now; what is on its way takes one batch at most."""
        return self.with_why(ref, pausing.pause)


class Resume(WhyAct):
    """Go on."""

    @extend_schema(
        operation_id="resume_appeal", request=words.WhyIn, responses={200: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Go on where it stopped, whoever or whatever stopped it."""
        return self.with_why(ref, pausing.resume)


class Cancel(Act):
    """The end before everybody has got it."""

    @extend_schema(
        operation_id="cancel_appeal", request=words.CancelIn, responses={200: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """End it: what was taken stays sent, what the sender still holds is called back."""
        why, by = names_nobody(self.read(words.CancelIn)["why"]), self.caller.by

        def do(appeal: Appeal) -> None:
            pausing.cancel(appeal.ref, by=by, why=why)

        return self.change(ref, do, outside=True)


class Copy(AppealView):
    """The same once more."""

    permissions_of = {"POST": "appeals.write"}

    @extend_schema(
        operation_id="copy_appeal", request=words.CopyIn, responses={201: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """A new draft that is as this one was, words and versions with it."""
        title, by = self.read(words.CopyIn)["title"], self.caller.by
        return self.change(
            ref, lambda appeal: drafting.copy_appeal(appeal.ref, by=by, title=title), 201
        )


class Remind(AppealView):
    """Those who have not given are asked once more."""

    permissions_of = {"POST": "appeals.write"}

    @extend_schema(
        operation_id="remind_appeal", request=words.CopyIn, responses={201: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """A new draft for those who got this one and have not given, left or bounced since."""
        title, by = self.read(words.CopyIn)["title"], self.caller.by
        return self.change(ref, lambda appeal: drafting.remind(appeal.ref, by=by, title=title), 201)


# --- Waves and batches ----------------------------------------------------------------------------
class Waves(AppealView):
    """The parts that an appeal is let go in."""

    serializer_class = words.WaveOut
    pagination_class = None
    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="waves", responses={200: words.WaveOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """The waves of an appeal, the first one first; none before its people are chosen."""
        filters.refuse_unknown(request, set())
        appeal = self.found(self.get_queryset(), ref)
        rows = Wave.objects.filter(appeal=appeal).order_by("number")
        return Response(self.get_serializer(rows, many=True).data)


class ReleaseWave(Act):
    """A wave leaves before its time."""

    @extend_schema(operation_id="release_wave", request=None, responses={200: words.OneAppealOut})
    def post(self, request: Request, ref: UUID, number: int) -> Response:
        """Let a wave go without waiting for how the one before it was received."""
        by = self.caller.by
        appeal = self.found(self.get_queryset(), ref)
        wave = Wave.objects.filter(appeal=appeal, number=number).first()
        if wave is None:
            raise Http404
        return self.change(ref, lambda _appeal: waves.release_now(wave.pk, by=by))


class BatchView(View):
    """A view about requests to the sender."""

    queryset = Batch.objects.select_related("appeal", "wave")
    entity_path = "appeal__campaign__entity"
    serializer_class = words.BatchOut


class Batches(BatchView):
    """Requests to the sender."""

    filterset_class: Any = mail_filters.BatchFilters
    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="batches", responses={200: words.BatchOut(many=True)})
    def get(self, request: Request) -> Response:
        """Requests to the sender, the newest first.

        `state=in_doubt`: nobody knows whether they arrived. An event settles most of them; what is
        left is settled by who finds out.
        """
        return self.listed(request)


class SettleDoubt(BatchView):
    """What nobody knew, found out."""

    permissions_of = {"POST": "appeals.send"}

    @extend_schema(
        operation_id="settle_doubt", request=words.SettleIn, responses={200: words.BatchOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Say whether a request in doubt, by its `fence`, has `left`, and what shows it.

        If not, its mails are sent anew, under a new one; a word about an older try changes nothing.
        """
        given, by = self.read(words.SettleIn), self.caller.by
        why = names_nobody(given["why"])
        batch = self.get_queryset().filter(fence=ref).first()
        if batch is None:
            raise Http404

        def done(_held: object) -> Response:
            with told():
                settled = settling.settle_by_hand(
                    batch.pk, left=given["left"], by=by, why=why, fence=ref
                )
                if not settled:
                    raise AppealError("settled")
            return self.shown(self.get_queryset().get(pk=batch.pk))

        return self.once(done)
