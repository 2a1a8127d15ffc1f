"""What became of appeals, and what they are made from: messages, results, templates, codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters, mail_filters
from api.mail_refusals import names_nobody, told
from api.paging import BySeq
from api.serializers import appeals as appeal_words
from api.serializers import mails as words
from api.views.appeals import AppealView
from api.views.base import View
from fundraise.campaigns.models import Campaign
from fundraise.gifts import people
from fundraise.staff.rights import Rights
from mailings.appeals.models import Appeal, Batch, Content, Fate, Link, Message
from mailings.appeals.services import linking
from mailings.appeals.services import sender as senders
from mailings.attribution import added, codes, results, touching
from mailings.attribution.models import SourceCode
from mailings.composing.models import Template, TemplateVersion

# --- What became of it ----------------------------------------------------------------------------


class Messages(View):
    """The mails of an appeal, one for each person of its frozen list."""

    queryset = Message.objects.all()
    filterset_class: Any = mail_filters.MessageFilters
    serializer_class = words.MessageOut
    pagination_class = BySeq
    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="messages", responses={200: words.MessageOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """Each mail: what it was, why it was not sent, and what is known of it since."""
        theirs = self.scoped(Appeal.objects.all(), self.permission, "campaign__entity")
        appeal = self.found(theirs, ref)
        rows = self.filter_queryset(Message.objects.filter(appeal=appeal))
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(
            self.get_serializer(_told(page, appeal, self.held), many=True).data
        )


def _told(page: Sequence[Message], appeal: Appeal, held: Rights) -> list[dict[str, Any]]:
    """A page of messages with their words, batches, facts, and the donors who may be seen."""
    contents = Content.objects.select_related("variant").filter(variant__appeal=appeal)
    content = {one.pk: one for one in contents}
    batches = Batch.objects.filter(pk__in={one.batch_id for one in page})
    states = dict(batches.values_list("pk", "state"))
    fates = Fate.objects.filter(appeal=appeal, seq__in=[one.seq for one in page])
    facts = {fate.seq: fate for fate in fates}
    seen = people.visible_donors(held, "donors.view")
    donors = dict(seen.filter(pk__in=[one.donor_id for one in page]).values_list("pk", "ref"))
    return [
        {
            "token": one.token,
            "donor": donors.get(one.donor_id),
            **_form(content.get(one.content_id or 0)),
            "outcome": one.outcome,
            "batch_state": states.get(one.batch_id or 0),
            "targeted": one.targeted,
            "tracked": one.tracked,
            "facts": facts.get(one.seq),
        }
        for one in page
    ]


def _form(content: Content | None) -> dict[str, str | None]:
    if content is None:
        return {"variant": None, "language": None}
    return {"variant": content.variant.letter, "language": content.language}


class Results(AppealView):
    """What an appeal brought."""

    serializer_class = words.ResultOut
    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="appeal_results", responses={200: words.ResultOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """Kronor, gifts, clicks and complaints, in all and by version, also while it is sent."""
        filters.refuse_unknown(request, set())
        appeal = self.found(self.get_queryset(), ref)
        found = results.result(appeal)
        versions = [{"variant": one, "figures": some} for one, some in found.versions.items()]
        data = {
            "appeal": appeal,
            "total": found.total,
            "versions": versions,
            "left_out": found.left_out,
            "clicks_by_confidence": found.clicks_by_confidence,
            "unnamed_visits": found.unnamed_visits,
            "compared": found.compared,
            "first_touch": touching.first_touch(appeal),
            "added": added.added(appeal),
            "hours": results.by_hour(appeal),
        }
        return Response(self.get_serializer(data).data)


# --- Whom it comes from, where it leads -----------------------------------------------------------
class Senders(AppealView):
    """Whom an appeal comes from."""

    serializer_class: Any = words.SenderOut
    pagination_class = None
    permissions_of = {"GET": "appeals.view", "POST": "appeals.write"}

    @extend_schema(operation_id="senders", responses={200: words.SenderOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """The addresses that it may come from: verified ones of its legal entity."""
        filters.refuse_unknown(request, set())
        appeal = self.found(self.get_queryset(), ref)
        return Response(self.get_serializer(senders.choices(appeal), many=True).data)

    @extend_schema(
        operation_id="choose_sender",
        request=words.SenderIn,
        responses={200: appeal_words.OneAppealOut},
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Let a version come from another of them, in all its languages."""
        given, by = self.read(words.SenderIn), self.caller.by
        wanted = senders.Sender(given["address"], given["name"], given["reply_to"])

        def do(appeal: Appeal) -> None:
            senders.choose(appeal_id=appeal.pk, letter=given["variant"], wanted=wanted, by=by)

        return self.change(ref, do)


class MendLink(AppealView):
    """A page has moved."""

    permissions_of = {"POST": "appeals.send"}

    @extend_schema(
        operation_id="mend_link",
        request=words.MendIn,
        responses={200: appeal_words.OneAppealOut},
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Have a link lead elsewhere, in mails that were sent before too."""
        given, by = self.read(words.MendIn), self.caller.by
        names_nobody(given["why"])
        link = Link.objects.filter(
            content__variant__appeal=self.found(self.get_queryset(), ref),
            content__variant__letter=given["variant"],
            content__language=given["language"],
            number=given["number"],
        ).first()
        if link is None:
            raise Http404

        def do(_appeal: Appeal) -> None:
            linking.mend(link_id=link.pk, target=given["target"], by=by, reason=given["why"])

        return self.change(ref, do)


# --- Templates ------------------------------------------------------------------------------------
class Templates(View):
    """Mails to begin from."""

    queryset = Template.objects.select_related("entity")
    filterset_class: Any = mail_filters.TemplateFilters
    serializer_class: Any = words.TemplateOut
    permissions_of = {"GET": "appeals.view"}

    @extend_schema(operation_id="templates", responses={200: words.TemplateOut(many=True)})
    def get(self, request: Request) -> Response:
        """Templates of the key's legal entities, the newest first."""
        return self.listed(request)


class OneTemplate(Templates):
    """A template."""

    filterset_class = None
    serializer_class = words.OneTemplateOut

    @extend_schema(operation_id="template", responses={200: words.OneTemplateOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A template with what is written in it now."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class TemplateVersions(Templates):
    """A template as it was kept."""

    filterset_class = None
    serializer_class = words.TemplateVersionOut

    @extend_schema(
        operation_id="template_versions", responses={200: words.TemplateVersionOut(many=True)}
    )
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """The versions that were kept, the newest first: an appeal begins with the newest."""
        template = self.found(self.get_queryset(), ref)
        rows = self.filter_queryset(TemplateVersion.objects.filter(template=template))
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


# --- Codes for print ------------------------------------------------------------------------------
class Codes(View):
    """Codes for letters, posters and QR codes."""

    queryset: QuerySet[Any] = SourceCode.objects.select_related("campaign", "appeal")
    entity_path = "campaign__entity"
    filterset_class: Any = mail_filters.CodeFilters
    serializer_class = words.CodeOut
    permissions_of = {"GET": "appeals.view", "POST": "appeals.write"}

    @extend_schema(operation_id="source_codes", responses={200: words.CodeOut(many=True)})
    def get(self, request: Request) -> Response:
        """Codes with the address to print, the newest first."""
        page: Any = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(
            self.get_serializer([_printed(one) for one in page], many=True).data
        )

    @extend_schema(
        operation_id="make_source_code", request=words.CodeIn, responses={201: words.CodeOut}
    )
    def post(self, request: Request) -> Response:
        """Make a code; gifts that name it are counted to it, and to its appeal."""
        given, by = self.read(words.CodeIn), self.caller.by
        campaigns = self.scoped(Campaign.objects.all(), "appeals.write", "entity")
        campaign = self.named(campaigns, given.pop("campaign"), "/campaign")
        appeal, named = None, given.pop("appeal", None)
        if named is not None:
            mine = self.scoped(Appeal.objects.all(), "appeals.write")
            appeal = self.named(mine, named, "/appeal")

        def done(_held: object) -> Response:
            with told():
                made = codes.new_code(**given, campaign=campaign, appeal=appeal, by=by)
            return self.shown(_printed(made), 201, reverse("api:source_codes"))

        return self.once(done)


class CloseCode(View):
    """A code is used no more."""

    queryset: QuerySet[Any] = SourceCode.objects.select_related("campaign", "appeal")
    entity_path = "campaign__entity"
    serializer_class = words.CodeOut
    permissions_of = {"POST": "appeals.write"}

    @extend_schema(operation_id="close_source_code", request=None, responses={200: words.CodeOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """Staff no longer use it; what is printed goes on counting. Twice is harmless."""
        code, by = self.found(self.get_queryset(), ref), self.caller.by

        def done(_held: object) -> Response:
            codes.close_code(code.ref, by=by)
            return self.shown(_printed(self.queryset.get(pk=code.pk)))

        return self.once(done)


def _printed(code: SourceCode) -> Any:
    """With the address that is printed."""
    code.url = codes.link(code.campaign, code.code)  # type: ignore[attr-defined]
    return code
