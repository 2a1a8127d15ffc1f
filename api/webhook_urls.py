"""Where providers tell us things: unversioned, one address per account."""

from __future__ import annotations

from django.urls import path

from api.inbound import inbound_mail
from api.webhooks import mail_webhook, provider_webhook

urlpatterns = [
    path("sendgrid/inbound/<slug:secret>", inbound_mail, name="inbound_mail"),
    path("sendgrid/<slug:account>", mail_webhook, name="mail_webhook"),
    path("<slug:provider>/<slug:account>", provider_webhook, name="webhook"),
]
