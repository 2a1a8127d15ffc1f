"""`manage.py permissions`: who may do what, written into docs/permissions.md."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundraise.ops import permissions


class Command(BaseCommand):
    help = "Write docs/permissions.md: roles, permissions, pages, acts and endpoints."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail when old")

    def handle(self, *args: Any, **options: Any) -> None:
        path, text = permissions.page(), permissions.written()
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{permissions.PAGE} is written")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            raise CommandError(f"{permissions.PAGE} is old: run manage.py permissions")
