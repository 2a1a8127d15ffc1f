from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from fundraise.language import UrlLanguageMiddleware


def spoken(path: str, **extra: str) -> str:
    """The language that is active while a path is answered."""
    request = RequestFactory().get(path, headers=extra)

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    response = UrlLanguageMiddleware(view)(request)
    assert isinstance(response, HttpResponse)
    assert response["Content-Language"] == response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "sv"), ("/valet/", "sv"), ("/en/", "en"), ("/en/valet/", "en"), ("/energi/", "sv")],
)
def test_the_path_alone_says_the_language(path: str, language: str) -> None:
    assert spoken(path, **{"Accept-Language": "de"}) == language
    assert spoken(path, Cookie="django_language=en") == language


def test_staff_may_choose_by_cookie() -> None:
    assert spoken("/staff/") == "sv"
    assert spoken("/staff/", Cookie="django_language=en") == "en"
    assert spoken("/staff/", Cookie="django_language=xx") == "sv"
