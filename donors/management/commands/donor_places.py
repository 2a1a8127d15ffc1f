"""`manage.py donor_places [--batch N]`: notes the place of postal addresses that have none yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from donors import places


class Command(BaseCommand):
    help = "Notes postcode, town and country of postal addresses kept before places were."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500)

    def handle(self, *args: Any, **options: Any) -> None:
        noted, unreadable = places.fill(batch=options["batch"])
        self.stdout.write(f"places noted: {noted}")
        if unreadable:
            self.stdout.write(f"addresses that can't be opened: {unreadable}")
