"""Appeals: begun, chosen for, written and tried in versions, while they are drafts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters, mail_filters
from api.mail_refusals import told
from api.problems import Problem
from api.serializers import appeals as words
from api.views.base import View
from fundraise.campaigns.models import Campaign
from mailings.appeals import audience, queries
from mailings.appeals.models import Appeal, Content
from mailings.appeals.services import drafting, trying, writing
from mailings.composing import services as templates
from mailings.composing import sheets
from mailings.composing.models import Template
from mailings.composing.sheets import Sheet
from mailings.segments.models import SegmentVersion
from mailings.trials import planning

_VERSION = SegmentVersion.objects.filter(pk=OuterRef("segment_version_id"))
APPEALS = Appeal.objects.select_related(
    "campaign__entity", "people_of", "copied_from", "trial__winner"
).annotate(
    segment_ref=Subquery(_VERSION.values("segment__ref")[:1]),
    segment_number=Subquery(_VERSION.values("number")[:1]),
)


class AppealView(View):
    """A view about appeals of the key's legal entities."""

    queryset = APPEALS
    entity_path = "campaign__entity"
    serializer_class: Any = words.OneAppealOut

    def one(self, appeal_id: int, status: int = 200) -> Response:
        """The appeal as it is now, with all that belongs to it."""
        row: Any = APPEALS.prefetch_related("variants__contents").get(pk=appeal_id)
        row.progress = queries.progress(row)
        location = reverse("api:appeal", args=[row.ref]) if status == 201 else ""
        data = words.OneAppealOut(row, context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"Location": location} if location else None)

    def change(
        self, ref: UUID, do: Callable[[Appeal], Any], status: int = 200, *, outside: bool = False
    ) -> Response:
        """One act on an appeal, once for its Idempotency-Key; shows it, or the one it made."""
        appeal = self.found(self.get_queryset(), ref)

        def done(_held: object) -> Response:
            with told():
                made = do(appeal)
            return self.one(made.pk if isinstance(made, Appeal) else appeal.pk, status)

        return self.once(done, outside=outside)

    def chosen(self, given: dict[str, Any]) -> dict[str, Any]:
        """The options as the doors take them: a segment by its newest version."""
        if "segment" not in given:
            return given
        ref = given.pop("segment")
        if ref is None:
            return given | {"segment_version_id": None}
        may = self.held.somewhere("segments.view")
        rows = SegmentVersion.objects.filter(
            segment__ref=ref, segment__archived_at=None, number=F("segment__latest")
        )
        version = rows.first() if may else None
        if version is None:
            raise Problem("invalid", errors=[("/segment", "no_such")])
        return given | {"segment_version_id": version.pk}


class Appeals(AppealView):
    """Appeals of the key's legal entities."""

    filterset_class: Any = mail_filters.AppealFilters
    serializer_class: Any = words.AppealOut
    permissions_of = {"GET": "appeals.view", "POST": "appeals.write"}

    @extend_schema(operation_id="appeals", responses={200: words.AppealOut(many=True)})
    def get(self, request: Request) -> Response:
        """Appeals, the newest first; what a journey sends is among them."""
        return self.listed(request)

    @extend_schema(
        operation_id="begin_appeal", request=words.AppealIn, responses={201: words.OneAppealOut}
    )
    def post(self, request: Request) -> Response:
        """Begin a draft, with a template's words where one is named."""
        given = self.chosen(self.read(words.AppealIn))
        campaigns = self.scoped(Campaign.objects.all(), "appeals.write", "entity")
        campaign = self.named(campaigns, given.pop("campaign"), "/campaign")
        begun, by = self._begun(given.pop("template", None)), self.caller.by

        def done(_held: object) -> Response:
            with told():
                appeal = drafting.new_appeal(campaign=campaign, by=by, **given)
                for language, sheet in begun.items():
                    writing.save_words(
                        appeal_id=appeal.pk, letter="A", language=language, sheet=sheet,
                        edition=0, by=by,
                    )  # fmt: skip
            return self.one(appeal.pk, 201)

        return self.once(done)

    def _begun(self, ref: UUID | None) -> dict[str, Sheet]:
        """The words of a template of the key's legal entities."""
        if ref is None:
            return {}
        rows = Template.objects.filter(archived_at=None)
        return templates.newest_sheets(
            self.named(self.scoped(rows, "appeals.view", "entity"), ref, "/template")
        )


class OneAppeal(AppealView):
    """An appeal."""

    permissions_of = {"GET": "appeals.view", "PATCH": "appeals.write"}

    @extend_schema(operation_id="appeal", responses={200: words.OneAppealOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """An appeal with its versions, its trial, and how far it is."""
        filters.refuse_unknown(request, set())
        return self.one(self.found(self.get_queryset(), ref).pk)

    @extend_schema(
        operation_id="change_appeal",
        request=words.AppealChange,
        responses={200: words.OneAppealOut},
    )
    def patch(self, request: Request, ref: UUID) -> Response:
        """Change what is named, in a draft of the edition that you read."""
        appeal = self.found(self.get_queryset(), ref)
        given = self.chosen(self.read(words.AppealChange))
        with told():
            drafting.set_options(ref, edition=given.pop("edition"), by=self.caller.by, **given)
        return self.one(appeal.pk)


class Words(AppealView):
    """What the versions of an appeal say."""

    serializer_class = words.WordsOut
    pagination_class = None
    permissions_of = {"GET": "appeals.view", "POST": "appeals.write"}

    @extend_schema(operation_id="appeal_words", responses={200: words.WordsOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """Every version in every language that is written, with what is wrong."""
        filters.refuse_unknown(request, set())
        appeal = self.found(self.get_queryset(), ref)
        return Response(self.get_serializer(_contents(appeal), many=True).data)

    @extend_schema(
        operation_id="write_appeal",
        request=words.WordsIn,
        responses={200: words.WordsOut(many=True)},
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Write one version in one language: kept and compiled at once, faults and all."""
        appeal = self.found(self.get_queryset(), ref)
        given = self.read(words.WordsIn)
        place = {"letter": given.pop("variant"), "language": given.pop("language")}
        edition = given.pop("edition")
        with told():
            sheet = sheets.read(given)

        def done(_held: object) -> Response:
            with told():
                writing.save_words(
                    appeal_id=appeal.pk, **place, sheet=sheet, edition=edition, by=self.caller.by
                )
            return Response(self.get_serializer(_contents(appeal), many=True).data)

        return self.once(done)


def _contents(appeal: Appeal) -> Any:
    rows = Content.objects.filter(variant__appeal=appeal).select_related("variant")
    return rows.prefetch_related("links").order_by("variant__letter", "-language")


class AddVariant(AppealView):
    """One more version."""

    permissions_of = {"POST": "appeals.write"}

    @extend_schema(
        operation_id="add_variant", request=words.VariantIn, responses={201: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """The next letter, its words a copy of another version's."""
        copy_of, by = self.read(words.VariantIn)["copy_of"], self.caller.by

        def do(appeal: Appeal) -> None:
            writing.add_variant(appeal_id=appeal.pk, copy_of=copy_of, by=by)

        return self.change(ref, do, 201)


class RemoveVariant(AppealView):
    """One version less."""

    permissions_of = {"POST": "appeals.write"}

    @extend_schema(
        operation_id="remove_variant", request=words.LetterIn, responses={200: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Take a version and its words away; A stays."""
        letter, by = self.read(words.LetterIn)["variant"], self.caller.by

        def do(appeal: Appeal) -> None:
            writing.remove_variant(appeal_id=appeal.pk, letter=letter, by=by)

        return self.change(ref, do)


class SetTrial(AppealView):
    """The versions are tried on a part of the people."""

    permissions_of = {"POST": "appeals.write"}

    @extend_schema(
        operation_id="set_trial", request=words.TrialIn, responses={200: words.OneAppealOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Try the versions on so many of a hundred people; the rest get what has won."""
        given, by = self.read(words.TrialIn), self.caller.by

        def do(appeal: Appeal) -> None:
            people = audience.size(audience.of(appeal)).people
            usual = planning.usual_of(appeal.campaign)
            trying.set_trial(appeal.ref, planning.terms(usual, people, **given), by=by)

        return self.change(ref, do)


class DropTrial(AppealView):
    """No trial."""

    permissions_of = {"POST": "appeals.write"}

    @extend_schema(operation_id="drop_trial", request=None, responses={200: words.OneAppealOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """Send every version evenly to everybody instead; without a trial nothing changes."""
        by = self.caller.by
        return self.change(ref, lambda appeal: trying.drop_trial(appeal.ref, by=by))
