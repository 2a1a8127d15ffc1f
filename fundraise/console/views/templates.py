"""Templates of mails: the list, the editor, and what is done with one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.writing import desks, doors, words
from fundraise.console.writing.desks import TemplateDesk
from fundraise.ledger.models import LegalEntity
from fundraise.staff import rights
from mailings.composing import services
from mailings.composing.errors import Refused, Stale
from mailings.composing.models import Template
from mailings.composing.starters import STARTERS

VIEW, WRITE = "appeals.view", "appeals.write"


def _found(request: HttpRequest, ref: UUID, permission: str) -> TemplateDesk:
    every = Template.objects.select_related("entity")
    return TemplateDesk(access.found(request, every, permission, ref=ref))


@require_http_methods(["GET", "POST"])
@only(VIEW, post=WRITE)
def templates(request: HttpRequest) -> HttpResponse:
    """Templates to begin from, and a form for one more."""
    refused = ""
    if request.method == "POST":
        try:
            return redirect("console:template", ref=_made(request).ref)
        except Refused as error:
            refused = words.refused(error.code)
    return page(
        request,
        "templates",
        _("Templates"),
        status=422 if refused else 200,
        refused=refused,
        typed=request.POST.get("name", ""),
        rows=_rows(request),
        entities=LegalEntity.objects.filter(pk__in=rights.entities(request.user, WRITE)),
        starters=[(code, words.STARTERS[code]) for code in STARTERS],
    )


def _rows(request: HttpRequest) -> list[Template]:
    rows = access.scope(request, Template.objects.filter(archived_at=None), VIEW)
    return list(rows.select_related("entity").prefetch_related("versions").order_by("name", "pk"))


def _made(request: HttpRequest) -> Template:
    starter = STARTERS.get(request.POST.get("starter", ""))
    return services.create_template(
        entity=desks.chosen_entity(request, WRITE),
        name=request.POST.get("name", ""),
        by=access.by(request),
        sheets=starter.sheets if starter else None,
    )


@require_GET
@only(VIEW)
def template(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The editor."""
    desk = _found(request, ref, VIEW)
    return doors.show(request, desk, "template", versions=desk.row.versions.order_by("-number"))


@action(WRITE)
def save(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What the editor sends."""
    return doors.save(request, _found(request, ref, WRITE))


@require_GET
@only(VIEW)
def frame(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The mail in a frame."""
    return doors.frame(request, _found(request, ref, VIEW))


@require_GET
@only(VIEW)
def person_words(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Subject, preview line and plain text as somebody gets them."""
    return doors.person_words(request, _found(request, ref, VIEW))


@action(WRITE)
def keep(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep what is written as a version."""
    row = _found(request, ref, WRITE).row
    try:
        made = services.keep_version(ref=row.ref, by=access.by(request))
        messages.success(request, _("Version %(n)s is kept.") % {"n": made.number})
    except Refused as error:
        messages.error(request, words.refused(error.code))
    return redirect("console:template", ref=ref)


@action(WRITE)
def take(request: HttpRequest, ref: UUID, number: int) -> HttpResponse:
    """Write on from an earlier version."""
    row = _found(request, ref, WRITE).row
    edition = request.POST.get("edition", "")
    try:
        services.take_version(
            ref=row.ref,
            number=number,
            edition=int(edition) if edition.isdigit() else 0,
            by=access.by(request),
        )
        messages.success(request, _("Version %(n)s stands here again.") % {"n": number})
    except Refused as error:
        messages.error(request, words.refused(error.code))
    except Stale:
        messages.error(request, _("Somebody saved meanwhile. Look at it, then choose again."))
    return redirect("console:template", ref=ref)


@action(WRITE)
def rename(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Another name."""
    row = _found(request, ref, WRITE).row
    try:
        services.rename(ref=row.ref, name=request.POST.get("name", ""), by=access.by(request))
    except Refused as error:
        messages.error(request, words.refused(error.code))
    return redirect("console:template", ref=ref)


@action(WRITE)
def archive(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Out of the list."""
    row = _found(request, ref, WRITE).row
    services.archive(ref=row.ref, by=access.by(request))
    messages.success(request, _("“%(name)s” is put away.") % {"name": row.name})
    return redirect("console:templates")
