"""`manage.py verify_books [--json] [--since DAY | --day]`: every identity of the books, or of what
is new; exit 1 when one does not hold."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from fundraise import clock
from fundraise.ledger import proving
from fundraise.ledger.checks import LEFT, Check

SIGNS = {"ok": "●", "differs": "■", "waiting": "▲", "not_applicable": "–"}


class Command(BaseCommand):
    help = "Recompute every identity of the books. Exit code 1 when any differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")
        span = parser.add_mutually_exclusive_group()
        span.add_argument(
            "--since",
            type=date.fromisoformat,
            metavar="DAY",
            help="only what came after the last whole proof from before this day",
        )
        span.add_argument("--day", action="store_true", help="the same, for today")

    def handle(self, *args: Any, **options: Any) -> None:
        day = clock.today() if options["day"] else options["since"]
        found = proving.prove_since(day) if day else proving.prove_and_keep()
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            self.stdout.write(_table(found, asked_since=day))
        if not found.ok:
            sys.exit(1)


def _table(found: proving.Verdict, asked_since: date | None) -> str:
    lines = [_line(check) for check in found.checks]
    number = len(found.differing)
    last = "The books agree." if found.ok else f"{number} of {len(lines)} checks differ."
    reach = _reach(found, asked_since)
    return "\n".join([*lines, *reach, f"{last} ({found.at:%Y-%m-%d %H:%M:%S} UTC)"])


def _reach(found: proving.Verdict, asked_since: date | None) -> list[str]:
    if found.since is None:
        return [f"No checkpoint from before {asked_since}: all was proved."] if asked_since else []
    left = sum(check.reach == LEFT for check in found.checks)
    return [
        f"Only what came after checkpoint {found.since.pk} ({found.since})"
        f" was looked at; {left} checks are left to the whole proof."
    ]


def _line(check: Check) -> str:
    text = f"{SIGNS[check.status]} {check.status:<15}{check.name}"
    if check.status != "ok":
        text += f": expected {check.expected}, found {check.actual}"
    return f"{text} ({check.note})" if check.note else text
