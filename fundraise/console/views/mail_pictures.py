"""The library of pictures for mails, and as whom a mail may be looked at."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.views.campaigns import PICTURE_ERRORS
from fundraise.console.writing import desks, people, state, words
from fundraise.ledger.models import LegalEntity
from fundraise.pictures import PictureError
from fundraise.staff import rights
from mailings.composing import services
from mailings.composing.errors import Refused
from mailings.composing.models import Picture

VIEW, WRITE = "appeals.view", "appeals.write"
MOST = 200
SAID = {"no_words": words.REFUSED["no_alt"], "not_yours": words.REFUSED["not_yours"]}


@require_GET
@only(VIEW)
def pictures(request: HttpRequest) -> HttpResponse:
    """Every picture, the newest first, and a form for one more."""
    return _page(request)


def _page(request: HttpRequest, refused: str = "") -> HttpResponse:
    rows = access.scope(request, Picture.objects.select_related("entity"), VIEW)
    return page(
        request,
        "mail_pictures",
        _("Pictures for mails"),
        status=422 if refused else 200,
        refused=refused,
        rows=rows.order_by("-pk")[:MOST],
        entities=LegalEntity.objects.filter(pk__in=rights.entities(request.user, WRITE)),
    )


@action(WRITE)
def add(request: HttpRequest) -> HttpResponse:
    """A new picture; the editor asks for JSON and puts it in the block at once."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        row = _added(request)
    except (Refused, PictureError) as error:
        said = SAID.get(error.code) or PICTURE_ERRORS[error.code]
        if wants_json:
            return JsonResponse({"say": str(said)}, status=422)
        return _page(request, str(said))
    return JsonResponse(state.picture(row)) if wants_json else redirect("console:mail_pictures")


def _added(request: HttpRequest) -> Picture:
    entity = desks.chosen_entity(request, WRITE)
    upload: UploadedFile[Any] | None = request.FILES.get("picture")
    if upload is None:
        raise PictureError("no_picture")
    return services.add_picture(
        entity=entity,
        upload=upload,
        size=upload.size or 0,
        alt_sv=request.POST.get("alt_sv", "")[:200],
        alt_en=request.POST.get("alt_en", "")[:200],
        by=access.by(request),
    )


@action("donors.view")
def mail_people(request: HttpRequest) -> HttpResponse:
    """Donors as whom a mail may be looked at: found by words, or the awkward ones."""
    typed = request.POST.get("text", "").strip()
    found = people.by_words(request, typed) if typed else people.awkward(request)
    return JsonResponse(
        {"people": [{"who": str(one.ref), "label": f"{one.why}: {one.name}"} for one in found]}
    )
