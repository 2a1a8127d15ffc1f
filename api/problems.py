"""What went wrong, as RFC 9457 says it: for every error under /api/, and never what was sent.

The `type` of a problem is an address in the guide and stays as it is; `code` says more where one
type has several causes. Sentences are ours alone: a validator's own words may repeat a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"


class Kind(NamedTuple):
    status: int
    title: str


KINDS: dict[str, Kind] = {
    "malformed": Kind(400, "The request could not be read."),
    "invalid-query": Kind(400, "A query parameter is not right."),
    "invalid-cursor": Kind(400, "The cursor does not belong to this list. Begin without one."),
    "idempotency-key": Kind(400, "Send an Idempotency-Key of 1 to 200 visible ASCII characters."),
    "key-missing": Kind(401, "Send a key: Authorization: Bearer fr_…"),
    "key-refused": Kind(401, "The key opens nothing here."),
    "forbidden": Kind(403, "The key has no right to do this."),
    "prove": Kind(403, "Solve the challenge and send the same again with it in Gift-Proof."),
    "not-found": Kind(404, "There is nothing here, or nothing that the key may see."),
    "method": Kind(405, "This method does nothing here."),
    "running": Kind(409, "The first request with this Idempotency-Key is still being worked on."),
    "refused": Kind(409, "It can't be done as things stand. Nothing was changed."),
    "too-large": Kind(413, "The request is too large."),
    "media-type": Kind(415, "Send JSON: Content-Type: application/json"),
    "invalid": Kind(422, "A field is not right. Nothing was changed."),
    "other-request": Kind(422, "This Idempotency-Key was sent with another request."),
    "too-many": Kind(429, "Too many requests. Wait as long as Retry-After says."),
    "failed": Kind(500, "Something broke here. It is written down; nothing is known to be done."),
    "away": Kind(503, "It can't be done right now. Send the same request again."),
}

SENTENCES = {
    "required": "This field is missing.",
    "null": "This field can't be null.",
    "blank": "This field can't be empty.",
    "invalid_choice": "Not one of the choices.",
    "min_value": "Too small.",
    "max_value": "Too large.",
    "max_length": "Too long.",
    "min_length": "Too short.",
    "max_string_length": "Too long.",
    "unknown": "There is no such field.",
    "personal": "Leave out what a person is found by: it can't be taken away again.",
    "unique": "It is taken already.",
    "not_taken": "It can't be used for this.",
    "no_such": "There is no such thing, or none that the key may use for this.",
    "fund_stays": "Money came, is on its way or is promised: the campaign keeps its fund.",
    "other_entity": "It is another legal entity's.",
    "put_away": "It is put away.",
    "asked_for": "A campaign that is not closed asks for it.",
    "default_stays": "It is what money is for when no fund is chosen.",
    "not_a_list": "This must be a list.",
    "not_a_dict": "This must be an object.",
    "null_characters_not_allowed": "Null characters are not allowed.",
}
NOT_VALID = "Not valid."
PLAIN = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Problem(exceptions.APIException):
    """Raise it anywhere under a view. `errors`: (JSON pointer, code) of each field."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        *,
        code: str = "",
        errors: list[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.kind, self.words, self.code = kind, detail, code
        self.extra = dict(extra or {})
        self.errors, self.headers = errors or [], dict(headers or {})
        self.status_code = KINDS[kind].status
        super().__init__(KINDS[kind].title)


def address(kind: str) -> str:
    """The problem's type: where the guide tells of it."""
    return f"{settings.BASE_URL}/api/v1/docs#{kind}"


def body(problem: Problem) -> dict[str, Any]:
    """The members of RFC 9457, with ours."""
    told: dict[str, Any] = {
        "type": address(problem.kind),
        "title": KINDS[problem.kind].title,
        "status": KINDS[problem.kind].status,
    }
    if problem.words:
        told["detail"] = problem.words
    if problem.code:
        told["code"] = problem.code
    if problem.errors:
        told["errors"] = [
            {"pointer": pointer, "code": code, "detail": SENTENCES.get(code, NOT_VALID)}
            for pointer, code in problem.errors
        ]
    return told | problem.extra


def answer(error: Exception, context: Mapping[str, Any]) -> Response:
    """Any exception of a view as a problem (REST framework's EXCEPTION_HANDLER)."""
    problem = _problem_of(error)
    if problem is None:
        problem = _broken(context)
    response = Response(body(problem), status=problem.status_code, headers=problem.headers)
    response.content_type = CONTENT_TYPE
    return response


def _broken(context: Mapping[str, Any]) -> Problem:
    """What nobody foresaw: told like Django's own, so that it is logged and watched like them."""
    request = getattr(context.get("request"), "_request", None)
    got_request_exception.send(sender=type(context.get("view")), request=request)
    return Problem("failed")


def _problem_of(error: Exception) -> Problem | None:
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return Problem("invalid", errors=pointers(error.get_codes()))
        case Http404() | exceptions.NotFound():
            return Problem("not-found")
        case exceptions.NotAuthenticated():
            return Problem("key-missing", headers=_challenge())
        case exceptions.AuthenticationFailed():
            return Problem("key-refused", code=_code_of(error), headers=_challenge())
        case PermissionDenied() | exceptions.PermissionDenied():
            return Problem("forbidden")
        case exceptions.Throttled():
            wait = str(max(1, round(getattr(error, "wait", 0) or 1)))
            return Problem("too-many", headers={"Retry-After": wait})
        case _:
            return _of_the_request(error)


def _of_the_request(error: Exception) -> Problem | None:
    match error:
        case exceptions.MethodNotAllowed():
            return Problem("method")
        case exceptions.UnsupportedMediaType():
            return Problem("media-type")
        case RequestDataTooBig():
            return Problem("too-large")
        case exceptions.ParseError() | SuspiciousOperation():
            return Problem("malformed")
        case OperationalError() | InterfaceError():
            log.warning("api_database_away", exc_info=error)
            return Problem("away", headers={"Retry-After": "5"})
        case _:
            return None


def _challenge() -> dict[str, str]:
    return {"WWW-Authenticate": 'Bearer realm="fundraise"'}


def _code_of(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else ""


def pointers(codes: Any, at: str = "") -> list[tuple[str, str]]:
    """A validator's nested codes as JSON pointers."""
    if isinstance(codes, str):
        return [(at or "/", codes)]
    if isinstance(codes, Mapping):
        found: list[tuple[str, str]] = []
        for name, inner in codes.items():
            step = at if name == "non_field_errors" else f"{at}/{_escaped(str(name))}"
            found += pointers(inner, step)
        return found
    if all(isinstance(code, str) for code in codes):
        return [(at or "/", code) for code in codes]
    return [one for n, inner in enumerate(codes) if inner for one in pointers(inner, f"{at}/{n}")]


def pointer(name: str) -> str:
    """Where one field is."""
    return f"/{_escaped(name)}"


def _escaped(name: str) -> str:
    """A name that could be ours; another may be anything, also somebody's address."""
    return name if PLAIN.fullmatch(name) else "?"
