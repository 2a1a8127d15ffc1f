"""`manage.py seed --donors N --gifts M --seed S`: believable data at any size, known totals."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundraise.money import format_kronor
from fundraise.ops.seed import services
from fundraise.ops.seed.services import Plan, SeedRefused
from fundraise.ops.seed.totals import Totals


class Command(BaseCommand):
    help = "Make believable donors and gifts through COPY. Demo and test mode only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--donors", type=int, default=1000)
        parser.add_argument("--gifts", type=int, default=5000)
        parser.add_argument("--pledges", type=int, default=0, help="so many monthly gifts too")
        parser.add_argument("--seed", type=int, default=1, help="the same number, the same data")
        parser.add_argument("--until", type=date.fromisoformat, help="the last day; else yesterday")
        parser.add_argument("--details", action="store_true", help="also what each giver typed")
        parser.add_argument("--add", action="store_true", help="to gifts that are there already")
        parser.add_argument("--json", action="store_true", help="the totals as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("donors", "gifts", "seed", "until", "add", "details", "pledges")
        plan = Plan(**{name: options[name] for name in names})
        if min(plan.donors, plan.gifts, plan.pledges) < 0:
            raise CommandError("Numbers of donors and gifts are zero or more.")
        begun = time.monotonic()
        try:
            totals = services.seed(plan)
        except SeedRefused as refused:
            raise CommandError(str(refused)) from None
        seconds = time.monotonic() - begun
        if options["json"]:
            self.stdout.write(json.dumps(totals.as_json(), ensure_ascii=False))
        else:
            self.stdout.write(_told(totals, seconds))


def _told(totals: Totals, seconds: float) -> str:
    return (
        f"{totals.donors} donors, {totals.gifts} gifts from {totals.first_day} to"
        f" {totals.last_day} in {seconds:.1f} s.\n"
        f"Given {format_kronor(totals.given_ore)}, sent back"
        f" {format_kronor(totals.refunded_ore + totals.disputed_ore)}, received"
        f" {format_kronor(totals.received_ore)}, fees {format_kronor(totals.fees_ore)}.\n"
        f"{totals.pledges} monthly gifts: {totals.drawn} draws paid,"
        f" {format_kronor(totals.drawn_ore)}; {totals.missed} missed, {totals.skipped} skipped."
    )
