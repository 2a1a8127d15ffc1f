"""The rows that were left out, as they came, with the reason: to be mended and brought in again.

Made on the fly for whoever may see it; nothing of it is stored. No cell can be a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _

from donors.importing import services, words
from donors.models import ImportRow, ImportRun
from fundraise.audit import services as audit

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Rows = list[Sequence[str]]


@transaction.atomic
def error_file(*, run: ImportRun, kind: str, by: str) -> bytes:
    """The file, as CSV or XLSX; the read log says how many rows somebody took out.

    Raises DonorError("file_gone").
    """
    rows = _rows(run)
    audit.log_read(
        by=by,
        subject_type="donor_import",
        subject_ref="",
        purpose="import.error_file",
        count=len(rows) - 1,
    )
    return as_xlsx(rows) if kind == "xlsx" else as_csv(rows)


def _rows(run: ImportRun) -> Rows:
    """The headings, and each row that needs somebody, with what and why behind its own cells."""
    table = services.table_of(run)
    left_out = ImportRow.objects.filter(run=run, outcome__in=["error", "person"])
    why = {
        line: (str(words.OUTCOMES[outcome]), words.reason(code, field))
        for line, outcome, code, field in left_out.values_list("line", "outcome", "code", "field")
    }
    rows: Rows = [(*table.header, _("Row"), _("Outcome"), _("What is wrong"))]
    rows += [
        (*line.cells, str(line.number), *why[line.number])
        for line in table.lines
        if line.number in why
    ]
    return rows


def as_csv(rows: Rows) -> bytes:
    """For Excel in Swedish: semicolons and a byte order mark; a quote before what may compute."""
    into = io.StringIO(newline="")
    writer = csv.writer(into, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return into.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell as text for any spreadsheet program; reading it again takes the quote off."""
    return f"'{cell}" if cell.lstrip(" ").startswith(BEGINS_A_FORMULA) else cell


def as_xlsx(rows: Rows) -> bytes:
    """A workbook in which every cell is text."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True})  # nothing in a temporary file
    sheet, text = book.add_worksheet(), book.add_format({"num_format": "@"})
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, cell, text)
    book.close()
    return into.getvalue()
