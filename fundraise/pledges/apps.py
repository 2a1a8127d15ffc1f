from __future__ import annotations

from django.apps import AppConfig


class PledgesConfig(AppConfig):
    name = "fundraise.pledges"
    label = "pledges"
