from __future__ import annotations

from django.apps import AppConfig


class ComposingConfig(AppConfig):
    name = "mailings.composing"
    label = "composing"
