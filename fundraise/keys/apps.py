from __future__ import annotations

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "fundraise.keys"
    label = "keys"
