"""`manage.py bench NAME|all [--json]`: figures, each beside a ceiling of the same run."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fundraise.ops.bench import registry
from fundraise.ops.bench.figures import Figure
from fundraise.ops.management.commands import _scratch


class Command(BaseCommand):
    help = "Measure. Servers of the benchmark's own; a tenth of the sizes unless SCALE=full."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="all", choices=[*registry.BENCHES, "all"])
        parser.add_argument("--json", action="store_true", help="one JSON object per line")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.LIVE:
            raise CommandError("live mode is not measured")
        name, folder = options["name"], _scratch.inside()
        if folder is not None:
            self._measure(folder, name, as_json=options["json"])
            return
        names = list(registry.BENCHES) if name == "all" else [name]
        sys.exit(self._outside(names, ["--json"] if options["json"] else []))

    def _outside(self, names: Sequence[str], more: Sequence[str]) -> int:
        """Each in a database of its own."""
        try:
            return _scratch.run_inside(*(["bench", name, *more] for name in names))
        except _scratch.Taken:
            raise CommandError("another benchmark is running here") from None

    def _measure(self, folder: Path, name: str, *, as_json: bool) -> None:
        for figure in registry.BENCHES[name](_scratch.house(folder)):
            text = json.dumps(figure.as_json(), ensure_ascii=False)
            self.stdout.write(text if as_json else _told(figure))
            self.stdout.flush()


def _told(figure: Figure) -> str:
    text = f"{figure.bench:<14}{figure.case:<44}{figure.value:>10.4g} {figure.unit}"
    if figure.ratio is None:
        return text
    asked = ""
    if figure.at_most is not None:
        asked = f", asked for at most {figure.at_most:g}"
    if figure.at_least is not None:
        asked = f", asked for at least {figure.at_least:g}"
    sign = "" if figure.reached else "  MISSED"
    return f"{text:<84}{figure.ratio:>7.3g} of {figure.against}{asked}{sign}"
