"""Segments: the list, the builder with its live number, and why somebody is in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from donors import queries as donors
from fundraise.campaigns.models import Campaign
from fundraise.console import access, people
from fundraise.console.choosing import answers, offered
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.staff import rights
from mailings.segments import queries, ready, services, words
from mailings.segments.errors import SegmentError
from mailings.segments.models import Segment, SegmentVersion
from mailings.segments.tree import EVERYBODY, TreeError, dump, parse

VIEW, WRITE = "segments.view", "segments.write"
VERSIONS_SHOWN = 30
MOST_FOUND = 5
_MEANWHILE = gettext_lazy(
    "Somebody saved this segment meanwhile, so yours is not saved. What you built stands here: save"
    " it over theirs, or open the segment again to see theirs. Both are kept as versions."
)


@require_http_methods(["GET", "POST"])
@only(VIEW, post=WRITE)
def segments(request: HttpRequest) -> HttpResponse:
    """All of them with what they say, and a form for one more. Nothing is counted here."""
    refused = ""
    if request.method == "POST":
        try:
            made = services.create_segment(
                name=request.POST.get("name", ""), tree=EVERYBODY, by=access.by(request)
            )
            return redirect("console:segment", ref=made.ref)
        except SegmentError as error:
            refused = str(words.ERRORS[error.code])
    archived = request.GET.get("show") == "archived"
    return page(
        request, "segments", _("Segments"), status=422 if refused else 200, refused=refused,
        typed=request.POST.get("name", ""), rows=_rows(archived=archived), archived=archived,
        missing=len(ready.READY) - Segment.objects.exclude(code="").count(),
    )  # fmt: skip


def _rows(*, archived: bool) -> list[tuple[Segment, str, SegmentVersion, str]]:
    rows = Segment.objects.filter(archived_at__isnull=not archived).order_by("name", "pk")
    latest = {
        one.segment_id: one
        for one in SegmentVersion.objects.filter(segment__in=rows).order_by("number")
    }
    names, language = answers.names(), answers.reader()
    said = {pk: words.sentence(parse(one.tree), language, names) for pk, one in latest.items()}
    return [(row, row.called(language), latest[row.pk], said[row.pk]) for row in rows]


@require_GET
@only(VIEW)
def segment(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The builder."""
    row = get_object_or_404(Segment, ref=ref)
    return _builder(request, row, row.versions.get(number=_number(request, row)))


def _builder(
    request: HttpRequest,
    row: Segment,
    version: SegmentVersion,
    *,
    built: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page that it is built on; with what was `built` there and could not be saved."""
    language, names = answers.reader(), answers.names()
    writes = rights.may_somewhere(request.user, WRITE) and row.archived_at is None
    node = parse(version.tree)
    return page(
        request, "segment", row.called(language), status=422 if built else 200, segment=row,
        version=version, writes=writes, sentence=words.sentence(node, language, names),
        campaigns=_campaigns(request), versions=row.versions.order_by("-number")[:VERSIONS_SHOWN],
        builder={
            "tree": built or dump(node), "kept": dump(node), "writes": writes, "words": _words(),
            "kinds": offered.kinds(language, inside=row),
            "free": list(settings.UNTARGETED_CONDITIONS),
        },
    )  # fmt: skip


def _number(request: HttpRequest, row: Segment) -> int:
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isdigit() and len(asked) < 6 else row.latest
    return number if 1 <= number <= row.latest else row.latest


def _campaigns(request: HttpRequest) -> list[Campaign]:
    rows = access.scope(request, Campaign.objects.exclude(status="closed"), VIEW)
    return list(rows.order_by("-starts_on", "-pk")[: offered.MOST_OFFERED])


def _words() -> dict[str, str]:
    """What the builder's script says."""
    return {
        "all": _("All of these"), "any": _("At least one of these"), "not": _("not"),
        "add": _("Add a condition"), "addGroup": _("Add a group"), "remove": _("Take away"),
        "turn": _("Turn round: not"), "counting": _("Counting …"), "people": _("people"),
        "away": _("The number could not be fetched. Change something, or wait a moment."),
        "everybody": _("No condition yet: everybody is in."), "any_value": _("any"),
        "targets": _("targets"), "last": _("in the last"), "before": _("more than … ago"),
        "year": _("a calendar year"), "span": _("from – to"), "days": _("days"),
        "months": _("months"), "thisYear": _("this year"), "lastYear": _("last calendar year"),
        "yearsAgo": _("years ago"), "from": _("from"), "to": _("to"), "always": _("whenever"),
        "unsaved": _("Not saved yet."), "broken": _("This condition is of no known kind."),
        "narrow": _("Only some of them: which campaigns, how it was paid"),
        "choose": _("Choose …"), "mine": _("in"), "out": _("out"), "group": _("Group"),
    }  # fmt: skip


@action(VIEW)
def count(request: HttpRequest) -> HttpResponse:
    """How many, while building: each change asks anew and stops the question before."""
    ref = request.POST.get("campaign", "")
    rows = access.scope(request, Campaign.objects.select_related("entity"), VIEW)
    campaign = rows.filter(ref=ref).first() if _is_ref(ref) else None
    return JsonResponse(dict(answers.counted(request, campaign)))


def _is_ref(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@action(WRITE)
def save(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The conditions as a new version. What is refused stays on the page as it was built."""
    row = get_object_or_404(Segment, ref=ref)
    made_from = request.POST.get("made_from", "")
    try:
        made = services.save_version(
            segment_id=row.pk,
            tree=answers.read_tree(request),
            made_from=int(made_from) if made_from.isdigit() and len(made_from) < 6 else 0,
            by=access.by(request),
        )
    except TreeError as error:
        return _refused(request, row, " ".join(dict.fromkeys(
            one["text"] for one in answers.problems(error))))  # fmt: skip
    except SegmentError as error:
        meanwhile = error.code == "newer_version"
        return _refused(request, row, _MEANWHILE if meanwhile else words.ERRORS[error.code])
    said = _("Saved as version %(n)s.") % {"n": made.number} if made else _("Nothing is new.")
    messages.success(request, said)
    return redirect("console:segment", ref=ref)


def _refused(request: HttpRequest, row: Segment, why: str | Promise) -> HttpResponse:
    messages.error(request, str(why))
    row.refresh_from_db()
    built = answers.sent(request)
    if not isinstance(built, dict):
        return redirect("console:segment", ref=row.ref)
    return _builder(request, row, row.versions.get(number=row.latest), built=built)


@action("donors.view")
def sample(request: HttpRequest) -> HttpResponse:
    """Ten people who are in, opened; the read log says who looked."""
    try:
        node = answers.read_tree(request)
        mine = people.visible_donors(request).filter(pk__in=queries.sample(node, 50))
    except TreeError as error:
        return JsonResponse({"problems": answers.problems(error)})
    except SegmentError as error:
        return JsonResponse({"error": str(words.ERRORS[error.code])})
    found = donors.page_of_donors(
        donors=mine, by=access.by(request), purpose="staff.segment_sample", size=queries.SAMPLE
    )
    return page(request, "_segment_people", "", rows=found.rows, asks=True)


@action("donors.view")
def why(request: HttpRequest) -> HttpResponse:
    """Why the donors whom a name, an address or a ref means are in or out."""
    try:
        node, typed = answers.read_tree(request), request.POST.get("who", "").strip()
        rows = people.visible_donors(request)
        mine = rows.filter(ref=typed) if _is_ref(typed) else rows & donors.find_donors(typed)
        found = donors.page_of_donors(
            donors=mine, by=access.by(request), purpose="staff.segment_why", size=MOST_FOUND
        )
        whys = [(row, answers.why(node, row.id)) for row in found.rows]
    except TreeError as error:
        return JsonResponse({"problems": answers.problems(error)})
    except SegmentError as error:
        return JsonResponse({"error": str(words.ERRORS[error.code])})
    return page(request, "_segment_why", "", whys=whys)


@action(WRITE)
def change(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Another name, another owner, away, or back again."""
    row = get_object_or_404(Segment, ref=ref)
    by, what = access.by(request), request.POST.get("do", "")
    try:
        if what == "rename":
            _rename(row, request.POST.get("name", ""), by)
        elif what == "own":
            services.take_over_segment(segment_id=row.pk, by=by)
        elif what == "archive":
            services.archive_segment(segment_id=row.pk, by=by)
            name = row.called(answers.reader())
            messages.success(request, _("“%(name)s” is put away.") % {"name": name})
            return redirect("console:segments")
        elif what == "restore":
            services.restore_segment(segment_id=row.pk, by=by)
    except SegmentError as error:
        messages.error(request, str(words.ERRORS[error.code]))
    return redirect("console:segment", ref=ref)


def _rename(row: Segment, name: str, by: str) -> None:
    """Another name; a ready-made one keeps both of its names while neither is changed."""
    if name.strip() != row.called(answers.reader()):
        services.rename_segment(segment_id=row.pk, name=name, by=by)


@action(WRITE)
def copy(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One more with the same conditions, to be changed freely."""
    row = get_object_or_404(Segment, ref=ref)
    tree = row.versions.get(number=row.latest).tree
    name = _("Copy of %(name)s") % {"name": row.called(answers.reader())}
    made = services.create_segment(
        name=name[: services.LONGEST_NAME], tree=tree, by=access.by(request)
    )
    return redirect("console:segment", ref=made.ref)


@action(WRITE)
def ready_made(request: HttpRequest) -> HttpResponse:
    """Make the ready-made ones that are not there."""
    ready.ensure()
    return redirect("console:segments")
