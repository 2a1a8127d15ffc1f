from __future__ import annotations

from django.apps import AppConfig


class InboundConfig(AppConfig):
    name = "mailings.inbound"
    label = "inbound"
