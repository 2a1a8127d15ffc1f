"""The addresses of the go-live page."""

from __future__ import annotations

from django.urls import path

from fundraise.ops.golive import views

app_name = "ops"
urlpatterns = [
    path("", views.show, name="go_live"),
    path("test/", views.test_all, name="go_live_test_all"),
    path("open/", views.open_house, name="go_live_open"),
    path("<slug:key>/test/", views.test, name="go_live_test"),
    path("<slug:key>/confirm/", views.confirm, name="go_live_confirm"),
    path("<slug:key>/sign/", views.sign, name="go_live_sign"),
]
