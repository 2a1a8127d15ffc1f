"""`manage.py verify_books [--json]`: every identity of the books; exit 1 when one does not hold."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fundraise.ledger.checks import Check
from fundraise.ops import proof

SIGNS = {"ok": "●", "differs": "■", "waiting": "▲", "not_applicable": "–"}


class Command(BaseCommand):
    help = "Recompute every identity of the books. Exit code 1 when any differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = proof.prove()
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            self.stdout.write(_table(found))
        if not found.ok:
            sys.exit(1)


def _table(found: proof.Verdict) -> str:
    lines = [_line(check) for check in found.checks]
    number = len(found.differing)
    last = "The books agree." if found.ok else f"{number} of {len(lines)} checks differ."
    return "\n".join([*lines, f"{last} ({found.at:%Y-%m-%d %H:%M:%S} UTC)"])


def _line(check: Check) -> str:
    text = f"{SIGNS[check.status]} {check.status:<15}{check.name}"
    if check.status != "ok":
        text += f": expected {check.expected}, found {check.actual}"
    return f"{text} ({check.note})" if check.note else text
