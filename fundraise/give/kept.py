"""Answers that are open to every site: kept for a second, with a tag, the same for all who ask."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

SECONDS = 1.0  # in this process; others may keep the answer for fifteen
CACHE = "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"
# Of an answer that is no page: should a browser be made to show it as one, it may do nothing.
POLICY = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, its tag and its kind."""

    body: bytes
    tag: str
    content_type: str


def tagged(said: str | bytes, content_type: str) -> Answer:
    """The answer under the tag that its bytes give."""
    body = said.encode() if isinstance(said, str) else said
    return Answer(body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"', content_type)


def find(request: HttpRequest) -> Answer | None:
    """The answer that was kept for this address less than a second ago."""
    found: Answer | None = cache.get(request.path)
    return found


def keep(request: HttpRequest, answer: Answer) -> None:
    """Keep it for the next who ask."""
    cache.set(request.path, answer, SECONDS)


def give(request: HttpRequest, answer: Answer, cache_control: str = CACHE) -> HttpResponse:
    """The answer, or that it is still the one the asker has."""
    response: HttpResponse
    if answer.tag in _known(request):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(answer.body, content_type=answer.content_type)
        response["Content-Length"] = str(len(answer.body))
    response["ETag"] = answer.tag
    response["Cache-Control"] = cache_control
    return opened(response)


def opened(response: HttpResponse) -> HttpResponse:
    """The response, readable from every other site."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Retry-After"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Security-Policy"] = POLICY
    return response


def _known(request: HttpRequest) -> set[str]:
    """The tags that the asker has; a proxy that compresses makes them weak ones."""
    said = request.headers.get("If-None-Match", "")
    return {tag.strip().removeprefix("W/") for tag in said.split(",")}
