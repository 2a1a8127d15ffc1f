"""Every "no" of the public pages, in the same look, without the database.

Django's handlers point here (fundraise/urls.py). A page never says which rule refused it, nor
repeats what was sent.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from fundraise.give import links, shell
from fundraise.language import language_of_path

PLAIN = "<!doctype html><title>500</title><h1>Något gick fel. Something went wrong.</h1>"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent could not be read."""
    return _problem(request, "bad_request", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not for this visitor."""
    return _problem(request, "forbidden", HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A POST that another site's page sent."""
    return _problem(request, "other_site", HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page."""
    return _problem(request, "not_found", HTTPStatus.NOT_FOUND)


def nothing_now(request: HttpRequest) -> HttpResponse:
    """No campaign to show at the front."""
    return _problem(request, "nothing_now", HTTPStatus.NOT_FOUND)


def wrong_type(request: HttpRequest) -> HttpResponse:
    """Not a form."""
    return _problem(request, "wrong_type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def away(request: HttpRequest) -> HttpResponse:
    """The database is away: nothing was begun."""
    response = _problem(request, "away", HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "30"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Must never fail itself."""
    try:
        return _problem(request, "server_error", HTTPStatus.INTERNAL_SERVER_ERROR)
    except Exception:  # the last page there is: a fault in it may not hide the first one
        return HttpResponse(PLAIN, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _problem(request: HttpRequest, kind: str, status: HTTPStatus) -> HttpResponse:
    language = language_of_path(request.path_info)
    with translation.override(language):
        frame = shell.frame(language, links.front(links.other(language)))
        html = shell.render("give/problem.html", frame, kind=kind)
    response = shell.finish(request, html, status=status)
    response["Cache-Control"] = "no-store"
    return response
