from __future__ import annotations

from django.apps import AppConfig


class MailEventsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "mailings.mail_events"
    label = "mail_events"
