"""manage.py giro: autogiro's files from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundraise import clock
from fundraise.providers.giro import building, calendar, delivering, inbox
from fundraise.providers.giro.models import Agreement, InFile, OutFile, Question

SETTLED = [OutFile.State.DELIVERED, OutFile.State.WITHDRAWN]
SHOWN_DAYS = 5


class Command(BaseCommand):
    help = "Autogiro's files: what is coming and waiting; make, deliver, take."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="?", choices=["make", "deliver", "take"])
        parser.add_argument("files", nargs="*", type=Path)
        parser.add_argument("--by", default="", help="who takes files in")

    def handle(self, *_args: Any, **options: Any) -> None:
        what = options["what"]
        if what == "take":
            self._take(options["files"], options["by"])
        elif what == "make":
            self._make()
        elif what == "deliver":
            counts = delivering.deliver_due()
            self.stdout.write(f"{counts['delivered']} delivered, {counts['doubt']} in doubt")
        else:
            self._show()

    def _make(self) -> None:
        made = building.build_due()
        for file in made:
            self._line(file)
        if not made:
            self.stdout.write("nothing to make: no bank day, not the hour, or nothing waits")

    def _take(self, paths: list[Path], by: str) -> None:
        if not paths or not by:
            raise CommandError("name the files, and with --by who takes them in")
        refused = 0
        for path in paths:
            try:
                content = path.read_bytes()
                file = inbox.take_in(content, by=f"command:{by}", name=path.name, via="command")
            except (OSError, ValueError) as error:
                raise CommandError(f"{path}: {error}") from error
            refused += file.state != InFile.State.APPLIED
            said = f"{file.reason}, line {file.line}" if file.reason else str(file.counts)
            self.stdout.write(f"{path.name}: {file.kind or '-'} {file.state} {said}")
        if refused:
            raise CommandError(f"{refused} of {len(paths)} were not worked in")

    def _show(self) -> None:
        for agreement in Agreement.objects.select_related("account").order_by("pk"):
            days = calendar.coming(agreement, clock.today(), SHOWN_DAYS)
            shown = " ".join(day.day.isoformat() for day in days)
            self.stdout.write(f"{agreement.account.external_id}: file days {shown}")
        for file in OutFile.objects.exclude(state__in=SETTLED).order_by("pk"):
            self._line(file)
        refused = InFile.objects.exclude(state=InFile.State.APPLIED).order_by("pk")
        for report in refused:
            self.stdout.write(f"{report.name or report.ref}: {report.state} {report.reason}")
        asked = Question.objects.filter(state=Question.State.OPEN).count()
        self.stdout.write(f"{asked} questions wait for a person")

    def _line(self, file: OutFile) -> None:
        self.stdout.write(
            f"{file.name}: {file.kind} {file.state},"
            f" {file.orders_number} orders, {file.sum_ore} öre"
        )
