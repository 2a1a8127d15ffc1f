"""An appeal's first step: its words."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access
from fundraise.console.appeals import steps
from fundraise.console.guard import action, only
from fundraise.console.writing import doors, words
from fundraise.console.writing.desks import AppealDesk
from mailings.appeals.models import Appeal, Content
from mailings.appeals.services import sender, writing
from mailings.composing import services
from mailings.composing.errors import Refused, Stale
from mailings.composing.models import Template
from mailings.composing.sheets import Sheet
from mailings.composing.starters import STARTERS

VIEW, WRITE = "appeals.view", "appeals.write"
PATH = "campaign__entity"


def _found(request: HttpRequest, ref: UUID, permission: str) -> AppealDesk:
    every = Appeal.objects.select_related("campaign__entity", "campaign__thermometer")
    return AppealDesk(access.found(request, every, permission, PATH, ref=ref))


@require_GET
@only(VIEW)
def write(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The editor."""
    desk = _found(request, ref, VIEW)
    mine = access.scope(request, Template.objects.filter(archived_at=None), VIEW)
    return doors.show(
        request,
        desk,
        "appeal_write",
        appeal=desk.row,
        steps=steps.of(desk.row, steps.WRITE),
        next_url=steps.next_url(desk.row, steps.WRITE),
        templates=mine.order_by("name"),
        is_new=not Content.objects.filter(variant__appeal=desk.row).exists(),
        senders=sender.choices(desk.row),
        sending={letter: asdict(sender.of_variant(desk.row, letter)) for letter in desk.pages()},
        starters=[(code, words.STARTERS[code]) for code in STARTERS],
    )


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
def add_variant(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One more version to try, a copy of the one that was shown."""
    row = _found(request, ref, WRITE).row
    letter = "A"
    try:
        letter = writing.add_variant(
            appeal_id=row.pk, copy_of=request.POST.get("letter", "A"), by=access.by(request)
        )
    except Refused as error:
        messages.error(request, words.refused(error.code))
    return redirect(f"{reverse('console:appeal_write', args=[ref])}#{letter}")


@action(WRITE)
def remove_variant(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a version away."""
    row = _found(request, ref, WRITE).row
    letter = request.POST.get("letter", "")
    try:
        writing.remove_variant(appeal_id=row.pk, letter=letter, by=access.by(request))
        messages.success(request, _("Version %(letter)s is taken away.") % {"letter": letter})
    except Refused as error:
        messages.error(request, words.refused(error.code))
    return redirect("console:appeal_write", ref=ref)


@action(WRITE)
def choose_sender(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Whom the version that was shown comes from."""
    row, form = _found(request, ref, WRITE).row, request.POST
    wanted = sender.Sender(form.get("address", ""), form.get("name", ""), form.get("reply_to", ""))
    letter = form.get("letter", "A")
    try:
        sender.choose(appeal_id=row.pk, letter=letter, wanted=wanted, by=access.by(request))
        messages.success(
            request,
            _("Version %(letter)s comes from %(name)s.") % {"letter": letter, "name": wanted.name},
        )
    except Refused as error:
        messages.error(request, words.refused(error.code))
    return redirect(f"{reverse('console:appeal_write', args=[ref])}#{letter}")


@action(WRITE)
def begin(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Begin an empty variant from a template: its newest kept version, else as it is written."""
    row = _found(request, ref, WRITE).row
    sheets = _sheets(request, request.POST.get("from", ""))
    letter = request.POST.get("letter", "A")
    try:
        for language, sheet in sheets.items():
            writing.save_words(
                appeal_id=row.pk,
                letter=letter,
                language=language,
                sheet=sheet,
                edition=0,
                by=access.by(request),
            )
    except Stale:
        messages.error(
            request, _("Something is written already, so the template was not put over it.")
        )
    except Refused as error:
        messages.error(request, words.refused(error.code))
    return redirect(f"{reverse('console:appeal_write', args=[ref])}#{letter}")


def _sheets(request: HttpRequest, chosen: str) -> dict[str, Sheet]:
    if chosen in STARTERS:
        return STARTERS[chosen].sheets
    mine = access.scope(request, Template.objects.filter(archived_at=None), VIEW)
    try:
        row = get_object_or_404(mine, ref=UUID(chosen))
    except ValueError:
        return {}
    return services.newest_sheets(row)
