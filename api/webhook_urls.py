"""Where providers tell us things: unversioned, one address per account."""

from __future__ import annotations

from django.urls import path

from api.webhooks import provider_webhook

urlpatterns = [path("<slug:provider>/<slug:account>", provider_webhook, name="webhook")]
