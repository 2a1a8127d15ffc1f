"""The document, a page about it, and the answer where there is nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from api.problems import KINDS
from api.views.base import View

DOCUMENT = Path(__file__).resolve().parent.parent / "openapi.json"
CACHE = "public, max-age=300"


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The committed OpenAPI document; the checks see to it that it is what the views say."""
    response = HttpResponse(DOCUMENT.read_bytes(), content_type="application/json")
    response["Cache-Control"] = CACHE
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Where the guide is, and what each type of problem means."""
    response = render(request, "api/docs.html", {"kinds": KINDS})
    response["Content-Language"] = "en"
    response["Cache-Control"] = CACHE
    return response


class Nothing(View):
    """Any other address under /api/."""

    permission_classes: Any = []
    public = True
    schema: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
