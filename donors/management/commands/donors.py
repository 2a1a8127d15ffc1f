"""`manage.py donors import FILE`: bring a member list in. A dry run unless --commit is written."""

from __future__ import annotations

import json
import os
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from donors.errors import DonorError
from donors.importing import columns, running, services, words
from donors.importing.error_file import error_file
from donors.importing.rows import RowError, read_day
from donors.importing.table import FileRefused, Table
from donors.importing.terms import BASES, Terms
from donors.models import ImportRun

BY = "system:command"


class Command(BaseCommand):
    help = "donors import FILE: checks a member list and, with --commit, brings it in."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True)
        one = kinds.add_parser("import", help="bring a member list in, CSV or XLSX")
        one.add_argument("file", type=Path)
        one.add_argument("--commit", action="store_true", help="do it; without, only a dry run")
        one.add_argument(
            "--map", action="append", default=[], metavar="HEADING=FIELD",
            help=f"what a column holds, nothing to leave it out: {', '.join(columns.FIELDS)}",
        )  # fmt: skip
        one.add_argument("--basis", choices=sorted(BASES), default="")
        one.add_argument("--basis-date", default="", help="the day of the basis: 2026-01-15")
        one.add_argument("--basis-source", default="", help="where it comes from; no name")
        one.add_argument("--basis-proof", default="", help="what shows a consent")
        one.add_argument("--appeals", action="store_true", help="a consent is to appeals too")
        one.add_argument("--shared", action="store_true", help="couples may share an address")
        one.add_argument("--language", choices=["sv", "en"], default="sv")
        one.add_argument("--tags", default="", help="tags for every row, parted by commas")
        one.add_argument("--sheet", default="", help="name of the sheet; the first without")
        one.add_argument("--errors", type=Path, help="write the rows left out to this file")
        one.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Namespace(**options)
        with override("en"):
            try:
                run = self._run(asked)
            except FileRefused as error:
                raise CommandError(f"{asked.file.name}: {words.refusal(error)}") from None
            except DonorError as error:
                raise CommandError(str(words.FILE.get(error.code, error.code))) from None
            self._tell(run, asked)
        if run.counts["error"]:
            raise CommandError(f"{run.counts['error']} rows have errors and are left out")

    def _run(self, asked: Namespace) -> ImportRun:
        """The import, done as far as was asked; a dry run's file is not kept."""
        terms = _terms(asked)
        body = _read(asked.file)
        run = services.upload(body, by=BY)
        try:
            table = _on_sheet(run, asked.sheet)
            chosen = _mapped(run.columns, table, asked.map)
            services.check(run=run, columns=chosen, terms=terms, by=BY)
            self._work(run)
            if asked.commit:
                services.begin(run=run, by=BY)
                self._work(run)
            if asked.errors:
                _write(asked.errors, run)
        finally:
            if run.state not in {ImportRun.State.IMPORTING, ImportRun.State.DONE}:
                services.cancel(run=run, by=BY)
        return run

    def _work(self, run: ImportRun) -> None:
        """Here and now, or by a worker that heard of it first."""
        while run.state in running.WORKED_ON:
            running.work(run.pk, seconds=float("inf"))
            run.refresh_from_db()
            if run.state in running.WORKED_ON:
                time.sleep(0.5)
        if run.error:
            raise DonorError(run.error)

    def _tell(self, run: ImportRun, asked: Namespace) -> None:
        reasons = sorted(running.reasons(run).items())
        if asked.json:
            said = [
                {"outcome": outcome, "code": code, "field": field, "rows": rows}
                for (outcome, code, field), rows in reasons
            ]
            whole = {"import": str(run.ref), "committed": asked.commit, "rows": run.rows_total}
            self.stdout.write(json.dumps({**whole, "counts": run.counts, "reasons": said}))
            return
        for outcome, word in words.OUTCOMES.items():  # JSON keeps no order
            self.stdout.write(f"{word!s:<16}{run.counts[outcome]:>8}")
        for (outcome, code, field), number in reasons:
            self.stdout.write(f"{number:>8}  {outcome}: {words.reason(code, field)}")
        done = f"done: import {run.ref}" if asked.commit else "dry run: nothing was changed"
        self.stdout.write(done)


def _terms(asked: Namespace) -> Terms:
    try:
        on = read_day(asked.basis_date, "basis_on")
    except RowError:
        raise CommandError("--basis-date: write the day as 2026-01-15") from None
    return Terms(
        basis=asked.basis,
        basis_on=on,
        basis_source=asked.basis_source,
        basis_proof=asked.basis_proof,
        appeals=asked.appeals,
        language=asked.language,
        tags=asked.tags,
        shared=asked.shared,
    )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(settings.IMPORT_MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path.name}: {error.strerror}") from None


def _on_sheet(run: ImportRun, name: str) -> Table:
    """The table on the sheet that was asked for."""
    table = services.table_of(run)
    if not name:
        return table
    if name not in table.sheets:
        raise FileRefused("no_such_sheet")
    services.choose_sheet(run=run, sheet=table.sheets.index(name), by=BY)
    run.refresh_from_db()
    return services.table_of(run)


def _mapped(suggested: list[str], table: Table, asked: list[str]) -> list[str]:
    """The suggestion, with what was said of some columns by their headings."""
    chosen = list(suggested)
    for one in asked:
        heading, equals, field = one.rpartition("=")
        if not equals or heading not in table.header:
            raise CommandError(f"--map: no column has the heading {heading!r}")
        if field and field not in columns.FIELDS:
            raise CommandError(f"--map: use one of {', '.join(columns.FIELDS)}, not {field!r}")
        chosen[table.header.index(heading)] = field
    return chosen


def _write(path: Path, run: ImportRun) -> None:
    """The rows left out, for the eyes of whoever runs the command."""
    kind = "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
    content = error_file(run=run, kind=kind, by=BY)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
