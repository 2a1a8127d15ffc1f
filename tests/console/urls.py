"""The staff pages at their addresses, before the rest of the service's."""

from __future__ import annotations

from django.urls import include, path

from fundraise import urls

urlpatterns = [path("", include("fundraise.console.urls")), *urls.urlpatterns]
handler404 = urls.handler404
