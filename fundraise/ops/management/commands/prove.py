"""`manage.py prove`: every proof at full size; its figures go into docs/proofs.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fundraise import clock
from fundraise.ops import outcomes, promises
from fundraise.ops.bench import registry
from fundraise.ops.management.commands import _scratch
from fundraise.ops.promises import Promise

# The sizes that tests read, at full; what the person has set wins.
FULL = {
    "SCALE": "full",
    "CHAOS_GIFTS": "1000",
    "CHAOS_PEOPLE": "25000",
    "ORDER_EXAMPLES": "1000",
    "API_EXAMPLES": "100",
    "SEGMENT_EXAMPLES": "200",
    "GIVING_EXAMPLES": "200",
}
Figure = Callable[[Promise], tuple[str, bool]]


class Command(BaseCommand):
    help = (
        "Run every test and benchmark that docs/proofs.md names, at full size, and write it down."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=["tests", "benches"], help="a part of it")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.LIVE:
            raise CommandError("live mode is not for trials")
        path = promises.page()
        rows = promises.read(path.read_text(encoding="utf-8"))
        found: dict[int, str] = {}
        broken: list[str] = []
        if options["only"] != "benches":
            self._note([row for row in rows if row.tests], _by_tests(rows), found, broken)
        if options["only"] != "tests":
            self._note([row for row in rows if row.benches], _by_benches(rows), found, broken)
        text = path.read_text(encoding="utf-8")
        path.write_text(promises.written(text, found, clock.today()), encoding="utf-8")
        self.stdout.write(f"{len(found)} promises, {len(broken)} not held.")
        if broken:
            sys.exit(1)

    def _note(
        self, rows: list[Promise], figure: Figure, found: dict[int, str], broken: list[str]
    ) -> None:
        for row in rows:
            found[row.line], holds = figure(row)
            if not holds:
                broken.append(row.words)
            self.stdout.write(f"{'●' if holds else '■'} {row.words}: {found[row.line]}")


def _by_tests(rows: Sequence[Promise]) -> Figure:
    """Run all the tests that are named, once."""
    named = sorted({test for row in rows for test in row.tests})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "outcomes.xml"
        _run(
            sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", f"--junitxml={file}", *named
        )
        if not file.exists():
            raise CommandError("pytest did not get so far as to say anything")
        said = list(outcomes.read_junit(ElementTree.parse(file).getroot()))  # noqa: S314 - our own
    return lambda row: outcomes.of_tests(row, said)


def _by_benches(rows: Sequence[Promise]) -> Figure:
    """Run the benchmarks that are named, each once."""
    named = {bench for row in rows for bench, _case in row.benches}
    said: list[dict[str, object]] = []
    for bench in [name for name in registry.BENCHES if name in named]:
        done = _run(
            sys.executable,
            str(settings.BASE_DIR / "manage.py"),
            "bench",
            bench,
            "--json",
            keep=True,
        )
        said += [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return lambda row: outcomes.of_benches(row, said)


def _run(*command: str, keep: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={**FULL, **_scratch.given_environment(os.environ)},
        stdout=subprocess.PIPE if keep else None,
        text=True,
        check=False,
    )
