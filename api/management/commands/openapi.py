"""`manage.py openapi`: the OpenAPI document, written from the views or compared with them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from api.views.guide import DOCUMENT


class Command(BaseCommand):
    help = "Write api/openapi.json from the views, or say with --check whether it is what they say."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        text = document()
        if not options["check"]:
            DOCUMENT.write_text(text, encoding="utf-8")
            self.stdout.write(f"wrote {DOCUMENT.name}")
        elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
            raise CommandError("api/openapi.json is not what the views say: run manage.py openapi")


def document() -> str:
    """The document as it is committed. Raises CommandError when a view leaves something unsaid.

    In no language: labels of choices are hashed into it, and a checkout whose catalogues are not
    compiled yet must say the same as one whose are.
    """
    with translation.override(None):
        told = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    validate_schema(told)  # type: ignore[no-untyped-call]
    unsaid = {**GENERATOR_STATS._warn_cache, **GENERATOR_STATS._error_cache}
    if unsaid:
        raise CommandError("\n".join(unsaid))
    return json.dumps(told, indent=1, ensure_ascii=False, default=str) + "\n"
