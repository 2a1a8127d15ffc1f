"""Segments: who is meant, how many they are, and some of them. They belong to no legal entity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters, mail_filters
from api.mail_refusals import told
from api.problems import Problem
from api.serializers import segments as words
from api.views.base import View
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.gifts import people
from mailings.appeals.models import Appeal
from mailings.segments import audience, queries, services
from mailings.segments.models import Segment, SegmentVersion
from mailings.segments.targeting import targeting
from mailings.segments.tree import Node, conditions, dump, inside, parse
from mailings.segments.words import Names, phrase, sentence

LANGUAGES = ("sv", "en")


def names_in(node: Node) -> Names:
    """What the campaigns, appeals and segments of a tree are called."""
    every = list(conditions(node))
    campaigns = {ref for one in every for ref in one.args.get("campaigns", ())}
    appeals = {one.args["ref"] for one in every if one.kind == "appeal"}
    segments = inside(node)
    return Names(
        campaigns=_called(Campaign.objects.filter(ref__in=campaigns), "title_sv"),
        appeals=_called(Appeal.objects.filter(ref__in=appeals), "title"),
        segments=_called(Segment.objects.filter(ref__in=segments), "name"),
    )


def _called(rows: QuerySet[Any], field: str) -> dict[str, str]:
    return {str(ref): name for ref, name in rows.values_list("ref", field)}


class SegmentView(View):
    """A view about segments: all of them, for whoever may see any."""

    queryset = Segment.objects.all()
    serializer_class: Any = words.OneSegmentOut

    def scoped(
        self, rows: QuerySet[Any], permission: str, path: str | None = None
    ) -> QuerySet[Any]:
        """Segments concern no legal entity; campaigns, asked for with a path, do."""
        return rows if path is None else super().scoped(rows, permission, path)

    def must_be_whole(self) -> None:
        """They choose among all donors. Raises Problem: forbidden."""
        if not self.held.whole(self.permission):
            raise Problem("forbidden", "The key must be for every legal entity.")

    def one(self, segment: Segment, status: int = 200) -> Response:
        """A segment with the tree of its newest version."""
        row: Any = Segment.objects.get(pk=segment.pk)
        newest = SegmentVersion.objects.get(segment=row, number=row.latest)
        node = parse(newest.tree)
        names = names_in(node)
        row.tree = newest.tree
        row.sentence = {language: sentence(node, language, names) for language in LANGUAGES}
        free = settings.UNTARGETED_CONDITIONS
        row.targeting = sorted({one.kind for one in targeting(node, free)})
        location = reverse("api:segment", args=[row.ref]) if status == 201 else ""
        return self.shown(row, status, location)

    def change(self, ref: UUID, do: Callable[[Segment], object], status: int = 200) -> Response:
        """One write to a segment, once for its Idempotency-Key."""
        segment = self.found(self.get_queryset(), ref)

        def done(_held: object) -> Response:
            with told():
                do(segment)
            return self.one(segment, status)

        return self.once(done)

    def asked(self, given: dict[str, Any]) -> Node:
        """The tree of a question: its own, or a saved segment's. Raises Problem: invalid."""
        if ("tree" in given) == ("segment" in given):
            raise Problem("invalid", errors=[("/tree", "tree_or_segment")])
        if "tree" in given:
            with told():
                return parse(given["tree"])
        rows = SegmentVersion.objects.filter(segment__ref=given["segment"])
        version = rows.filter(number=F("segment__latest")).first()
        if version is None:
            raise Problem("invalid", errors=[("/segment", "no_such")])
        return parse(version.tree)


class Segments(SegmentView):
    """Saved choices of people."""

    filterset_class: Any = mail_filters.SegmentFilters
    serializer_class: Any = words.SegmentOut
    permissions_of = {"GET": "segments.view", "POST": "segments.write"}

    @extend_schema(operation_id="segments", responses={200: words.SegmentOut(many=True)})
    def get(self, request: Request) -> Response:
        """Segments, the newest first."""
        return self.listed(request)

    @extend_schema(
        operation_id="make_segment", request=words.SegmentIn, responses={201: words.OneSegmentOut}
    )
    def post(self, request: Request) -> Response:
        """Save a tree of conditions under a name. What is wrong is told with its place in it.

        Segments choose among all donors, so the key must hold segments.write for all entities.
        """
        self.must_be_whole()
        given = self.read(words.SegmentIn)
        with told():
            node = parse(given["tree"])

        def done(_held: object) -> Response:
            with told():
                made = services.create_segment(name=given["name"], tree=node, by=self.caller.by)
            self.serializer_class = words.OneSegmentOut
            return self.one(made, 201)

        return self.once(done)


class OneSegment(SegmentView):
    """A segment."""

    permissions_of = {"GET": "segments.view", "PATCH": "segments.write"}

    @extend_schema(operation_id="segment", responses={200: words.OneSegmentOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """A segment with its conditions, as JSON and as a sentence in two languages."""
        filters.refuse_unknown(request, set())
        return self.one(self.found(self.get_queryset(), ref))

    @extend_schema(
        operation_id="rename_segment", request=words.NameIn, responses={200: words.OneSegmentOut}
    )
    def patch(self, request: Request, ref: UUID) -> Response:
        """Another name."""
        self.must_be_whole()
        segment = self.found(self.get_queryset(), ref)
        name = self.read(words.NameIn)["name"]
        with told():
            services.rename_segment(segment_id=segment.pk, name=name, by=self.caller.by)
        return self.one(segment)


class SegmentVersions(SegmentView):
    """New conditions."""

    permissions_of = {"POST": "segments.write"}

    @extend_schema(
        operation_id="save_segment", request=words.VersionIn, responses={200: words.OneSegmentOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Save other conditions as the next version; the same ones change nothing."""
        self.must_be_whole()
        given, by = self.read(words.VersionIn), self.caller.by
        with told():
            node = parse(given["tree"])

        def do(segment: Segment) -> None:
            services.save_version(
                segment_id=segment.pk, tree=node, made_from=given["made_from"], by=by
            )

        return self.change(ref, do)


class ArchiveSegment(SegmentView):
    """Put away."""

    permissions_of = {"POST": "segments.write"}

    @extend_schema(operation_id="archive_segment", request=None,
                   responses={200: words.OneSegmentOut})  # fmt: skip
    def post(self, request: Request, ref: UUID) -> Response:
        """Put it away; what uses it goes on. Twice is harmless."""
        self.must_be_whole()

        def do(segment: Segment) -> None:
            services.archive_segment(segment_id=segment.pk, by=self.caller.by)

        return self.change(ref, do)


class CountSegment(SegmentView):
    """How many."""

    serializer_class = words.CountOut
    permissions_of = {"POST": "segments.view"}
    writes_once = False

    @extend_schema(
        operation_id="count_segment", request=words.CountIn, responses={200: words.CountOut}
    )
    def post(self, request: Request) -> Response:
        """Exactly how many people an appeal of a campaign would reach; nothing is changed.

        Political messages that are aimed by what is known of people go to those who agreed to it;
        the others get the same appeal untargeted: both groups are counted.
        """
        self.must_be_whole()
        given = self.read(words.CountIn)
        campaigns = self.scoped(
            Campaign.objects.select_related("entity"), self.permission, "entity"
        )
        campaign = self.named(campaigns, given.pop("campaign"), "/campaign")
        node = self.asked(given)
        chosen = {name: given[name] for name in given if name not in {"tree", "segment"}}
        with told():
            found = audience.reckoned(node, audience.Options(**chosen), campaign)
        return Response(self.get_serializer(found).data)


class SampleSegment(SegmentView):
    """Some of them."""

    serializer_class = words.SampleOut
    permissions_of = {"POST": "segments.view"}
    writes_once = False

    @extend_schema(
        operation_id="sample_segment", request=words.SampleIn, responses={200: words.SampleOut}
    )
    def post(self, request: Request) -> Response:
        """Ten donors who are in, drawn by lot, each with what is true of them.

        Wants donors.view for all entities too; the read log keeps whom the key saw.
        """
        self.must_be_whole()
        if not self.held.whole("donors.view"):
            raise Problem("forbidden", "The key must hold donors.view for every legal entity.")
        given = self.read(words.SampleIn)
        node = self.asked(given)
        with told():
            ids = queries.sample(node, seed=given["seed"])
            flat = queries.whole(node)
            names = names_in(flat)
            seen = {pk: queries.explain(node, pk) for pk in ids}
        shown = people.visible_donors(self.held, "donors.view").filter(pk__in=ids)
        refs = dict(shown.values_list("pk", "ref"))
        items = [
            {"donor": refs[pk], "conditions": [_why(one, names) for one in seen[pk].conditions]}
            for pk in ids
            if pk in refs
        ]
        audit.log_reads(
            by=self.caller.by,
            subject_type="donor",
            subject_refs=[str(item["donor"]) for item in items],
            purpose="api.segment_sample",
        )
        return Response(self.get_serializer({"items": items}).data)


def _why(one: queries.Why, names: Names) -> dict[str, Any]:
    said = {language: phrase(one.condition, language, names) for language in LANGUAGES}
    return {"condition": dump(one.condition), "holds": one.holds, "sentence": said}
