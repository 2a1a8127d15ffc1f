"""Tie this database to the mode and address of the settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fundraise import seal


class Command(BaseCommand):
    help = (
        "Seals the database to FUNDRAISE_MODE and FUNDRAISE_BASE_URL. Without the right seal no"
        " money is moved and no mail is sent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The seal now: {seal.described()}.")
        self.stdout.write(
            f"It will be: {settings.MODE} at {settings.BASE_URL}. From then on this installation"
            " may charge donors and send mail from this database."
        )
        if settings.MODE == "live":
            self.stdout.write("Make sure that no other installation works on a copy of it.")
        if not options["yes"] and input("Seal? Write yes: ").strip() != "yes":
            raise CommandError("Nothing was changed.")
        seal.seal()
        self.stdout.write(f"Sealed: {seal.described()}.")
