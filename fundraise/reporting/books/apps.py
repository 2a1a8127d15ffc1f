from __future__ import annotations

from django.apps import AppConfig


class BooksConfig(AppConfig):
    name = "fundraise.reporting.books"
    label = "books"
