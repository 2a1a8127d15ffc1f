"""A SIE 4I file of some days, for the bookkeeping program."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from fundraise.ledger.models import LegalEntity
from fundraise.ledger.queries import default_entity
from fundraise.reporting.books import exporting
from fundraise.reporting.books.exporting import ExportError
from fundraise.reporting.books.models import BookExport
from fundraise.reporting.books.reissuing import note_fetch
from fundraise.reporting.books.whole import export_4e

BY = "system:command"
WHY = {
    "days": "the first day is after the last",
    "years": "a file holds one financial year: ask for each year by itself",
    "nothing": "no journal stands in these days",
    "exported": "everything of these days stands in files already ({}); a file is issued again on "
    "the staff pages, where a second person agrees",
    "unwritable": "{}",
    "faults": "the file breaks the standard, and nothing was noted: {}",
}


class Command(BaseCommand):
    help = "Write journals that stand in no file yet as SIE 4I, or a whole year as SIE 4E; note it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        day = date.fromisoformat
        parser.add_argument("--from", dest="from_day", type=day, metavar="DAY")
        parser.add_argument("--to", dest="to_day", type=day, metavar="DAY")
        parser.add_argument("--year", type=int, help="the whole year as SIE 4E, with balances")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--entity", help="short name; else the first at the top")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        days = (options["from_day"], options["to_day"])
        if (options["year"] is None) == (None in days):
            raise CommandError("say --from and --to, or --year alone")
        entity = self._entity(options["entity"])
        try:
            file = out.open("xb")
        except OSError as error:
            raise CommandError(f"{out} can't be written, or is there already: {error}") from None
        try:
            with file, transaction.atomic():
                if options["year"] is None:
                    made = exporting.export_4i(entity, *days, by=BY)
                else:
                    made = export_4e(entity, options["year"], by=BY)
                note_fetch(made, by=BY)
                file.write(made.content)
        except BaseException as error:
            out.unlink(missing_ok=True)
            if isinstance(error, ExportError):
                raise CommandError(WHY[error.code].format(error.detail)) from None
            raise
        self._tell(made, out)

    def _tell(self, made: BookExport, out: Path) -> None:
        kronor = f"{made.sum_ore // 100}.{made.sum_ore % 100:02d}"
        self.stdout.write(
            f"{out}: file {made.number} of {made.entity.slug}, {made.journals} journals in "
            f"{made.vouchers} vouchers, {kronor} kr, sha256 {made.sha256}"
        )
        for where, before, after in made.changes:
            self.stdout.write(f"  {where}: {before!r} is written {after!r}")

    def _entity(self, slug: str | None) -> LegalEntity:
        if slug is None:
            return default_entity()
        found = LegalEntity.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"no legal entity has the short name {slug}")
        return found
