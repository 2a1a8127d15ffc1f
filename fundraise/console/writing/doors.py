"""The editor's answers, the same for every desk: the page, a save, a frame, a person's words."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from fundraise.console import access, policy
from fundraise.console.shell import page
from fundraise.console.templatetags.staff import actor
from fundraise.console.writing import frames, people, state, words
from fundraise.console.writing.desks import Desk, Page
from mailings.composing import explaining, sheets, values
from mailings.composing.blocks import BlocksError
from mailings.composing.drafts import Compiled
from mailings.composing.errors import Refused, Stale
from mailings.composing.fields import LADDERS, STEPS
from mailings.composing.sheets import LANGUAGES
from mailings.composing.values import Record

NONE_YET = -1


def show(request: HttpRequest, desk: Desk, template: str, **context: Any) -> HttpResponse:
    """The editor's page."""
    response = page(
        request,
        template,
        desk.title,
        entity=desk.entity_id,
        desk=desk,
        editor=state.opened(request, desk),
        **context,
    )
    return policy.replace(response, policy.WITH_FRAME)


def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep what was sent; 409 when somebody saved meanwhile, 422 when it can't be kept."""
    letter, language = request.POST.get("letter", "A"), request.POST.get("language", "")
    if language not in LANGUAGES:
        raise Http404
    try:
        sheet = sheets.read(json.loads(request.POST.get("sheet", "")))
        edition = int(request.POST.get("edition", NONE_YET))
        kept = desk.save(letter, language, sheet, edition, access.by(request))
    except (ValueError, BlocksError) as error:
        return _refused(error)
    except Stale as error:
        said = words.stale(actor(error.by))
        return JsonResponse({"say": said, "edition": error.edition}, status=409)
    made = kept.sheet.compiled(language, desk.house(language))
    return JsonResponse(state.saved(kept, made))


def _refused(error: ValueError) -> HttpResponse:
    if isinstance(error, Refused):
        return JsonResponse({"say": words.refused(error.code)}, status=422)
    return JsonResponse({"say": str(words.UNREADABLE)}, status=422)


def frame(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The mail as somebody gets it, as HTML for a frame."""
    language, made, record = _looked(request, desk)
    theme = "dark" if request.GET.get("theme") == "dark" else "light"
    return frames.answer(request, made, record, desk.house(language), theme)


def person_words(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same person's subject, preview line and plain text, and why just these sums."""
    _language, made, record = _looked(request, desk)
    return JsonResponse(
        {
            "subject": values.fill(made.subject, record),
            "preheader": values.fill(made.preheader, record),
            "text": values.fill(made.text, record),
            "sums": _sums(made, record),
        }
    )


def _looked(request: HttpRequest, desk: Desk) -> tuple[str, Compiled, Record]:
    language, letter = request.GET.get("language", LANGUAGES[0]), request.GET.get("letter", "A")
    pages = desk.pages().get(letter, {})
    found: Page | None = pages.get(language)
    who = request.GET.get("who", "anna")
    record = people.record(request, who, desk.campaign(), language) if found else None
    if found is None or record is None:
        raise Http404
    return language, found.sheet.compiled(language, desk.house(language)), record


def _sums(made: Compiled, record: Record) -> list[dict[str, str]]:
    """Each ladder that the mail holds: its sums, and why."""
    told = []
    for ladder in LADDERS:
        if f"{ladder}1" in made.tags:
            names = tuple(f"{ladder}{step}" for step in STEPS)
            sums = " · ".join(values.make(record, names))
            told.append({"sums": sums, "why": explaining.explain(record, ladder)})
    return told
