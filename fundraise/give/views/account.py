"""Beside an account that is typed: its bank, and whether it can be right.

A clearing number alone is no secret and may stand in an address; an account never does, so it is
looked at in the body of a POST. Without a script the form's own answer says the same.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from fundraise.give import errors
from fundraise.give.origin import own_posts_only
from fundraise.limits import services as limits
from fundraise.providers import account_words
from fundraise.providers.account_words import Look
from fundraise.providers.autogiro.accounts import bank_of

CACHE = "public, max-age=86400"
CLEARING = re.compile(r"[1-9][0-9]{3,4}", re.ASCII)
LONGEST = 80  # signs of an account with all the words that people write around it


@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    """The bank of a clearing number, how long its account numbers are and where they stand."""
    clearing = request.GET.get("clearing", "")
    if set(request.GET) != {"clearing"} or not CLEARING.fullmatch(clearing):
        return _json({}, HTTPStatus.BAD_REQUEST)
    if not _may(request):
        return _json({}, HTTPStatus.TOO_MANY_REQUESTS)
    found = bank_of(clearing[:4])
    said = _said(account_words.of_clearing(clearing))
    said["digits"] = list(found.lengths) if found else []
    said["check"] = found.check.value if found and not found.may_be_uncheckable else ""
    said["help"] = str(account_words.help_for(found))
    response = _json(said)
    response["Cache-Control"] = CACHE
    return response


@own_posts_only(errors.csrf_failure)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is to be said of `account`, or of `clearing` and `account` in two fields."""
    clearing, number = (request.POST.get(name, "") for name in ("clearing", "account"))
    if len(clearing) > LONGEST or len(number) > LONGEST:
        return _json({}, HTTPStatus.BAD_REQUEST)
    if not _may(request):
        return _json({}, HTTPStatus.TOO_MANY_REQUESTS)
    if clearing.strip():
        return _json(_said(account_words.look_at_two(clearing, number)))
    return _json(_said(account_words.look(number)))


def _may(request: HttpRequest) -> bool:
    """Nothing here needs the database, so its absence stops nobody."""
    try:
        return limits.allow(request, "account")
    except (OperationalError, InterfaceError):
        return True


def _said(look: Look) -> dict[str, object]:
    return {"state": look.state, "code": look.code, "bank": look.bank, "said": str(look.said)}


def _json(said: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    response = JsonResponse(said, status=status)
    response["Cache-Control"] = "no-store"
    return response
