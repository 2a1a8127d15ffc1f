"""`manage.py demo_days [N]`: play so many bank days of the demo, files to the bank and back."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fundraise.local import ports
from fundraise.ops.demo import days
from fundraise.ops.demo.days import Played


class Command(BaseCommand):
    help = "Play bank days of a demo that runs: its clock and those of the stand-ins go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", nargs="?", type=int, default=1, help="so many bank days")
        help_text = "the address of Bankgirot's stand-in; else that of here"
        parser.add_argument("--bank", default="", help=help_text)
        help_text = "that of the bank where the money lies; with --bank none unless told"
        parser.add_argument("--accounts", default="", help=help_text)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "demo":
            raise CommandError(f"{settings.MODE} mode runs on real time")
        if not 1 <= options["number"] <= 300:
            raise CommandError("Choose 1 to 300 bank days.")
        here = ports.in_use(Path(settings.DATA_DIR))
        bank, accounts = options["bank"], options["accounts"]
        if not bank:
            bank = f"http://127.0.0.1:{here.bankgirot}"
            accounts = accounts or f"http://127.0.0.1:{here.bank}"
        try:
            days.several(bank, options["number"], self._told, accounts)
        except days.BankAway as away:
            raise CommandError(f"{away} Is `make run` running?") from None

    def _told(self, played: Played) -> None:
        self.stdout.write(
            f"{played.day}: {played.sent} files sent, {played.reports} reports,"
            f" {played.gifts} gifts drawn; {played.active} monthly gifts go on."
        )
