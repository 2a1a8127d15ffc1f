"""The pack's workbooks: the report with a sheet for each part, and every journal of the month."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from fundraise.reporting.books import contents
from fundraise.reporting.books.closing.report import Report
from fundraise.reporting.books.closing.tables import Table
from fundraise.reporting.books.models import ExportedJournal
from fundraise.reporting.exports.writers import Head, Kind, Value, harmless, kronor, local

FORMS = {
    Kind.TEXT: "@",
    Kind.CODE: "@",
    Kind.MONEY: "#,##0.00",
    Kind.NUMBER: "#,##0",
    Kind.DAY: "yyyy-mm-dd",
    Kind.TIME: "yyyy-mm-dd hh:mm",
}


def workbook(tables: Iterable[Table], made: datetime) -> bytes:
    """A workbook with a sheet for each table; the same bytes for the same tables and time."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    book.set_properties({"created": local(made)})
    forms = {kind: book.add_format({"num_format": form}) for kind, form in FORMS.items()}
    bold = {kind: book.add_format({"num_format": f, "bold": True}) for kind, f in FORMS.items()}
    for table in tables:
        sheet = book.add_worksheet(table.title[:31])
        for at, head in enumerate(table.heads):
            sheet.set_column(at, at, max(12, len(head.title) + 2))
            sheet.write_string(0, at, head.title, bold[Kind.TEXT])
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(table.rows, start=1):
            _write(sheet, place, table.heads, row, forms)
        if table.sums:
            foot = [table.sums.get(head.name) for head in table.heads]
            _write(sheet, len(table.rows) + 1, table.heads, foot, bold)
    book.close()
    return file.getvalue()


def _write(
    sheet: Any, place: int, heads: Sequence[Head], row: Sequence[Value], forms: dict[Kind, Any]
) -> None:
    for at, (head, value) in enumerate(zip(heads, row, strict=True)):
        form = forms[head.kind]
        if value is None or value == "":
            continue
        if isinstance(value, datetime):
            sheet.write_datetime(place, at, local(value), form)
        elif isinstance(value, date):
            sheet.write_datetime(place, at, value, form)
        elif head.kind == Kind.MONEY:
            sheet.write_number(place, at, float(kronor(int(value))), form)
        elif head.kind == Kind.NUMBER:
            sheet.write_number(place, at, int(value), form)
        else:
            sheet.write_string(place, at, harmless(str(value)), form)


def journal_table(report: Report) -> Table:
    """Every journal of the month, a row for each entry, with the file and voucher it stands in."""
    entity, first = report.closing.entity, report.closing.first_day
    files, nowhere = _files(report), (None, None)
    rows = [
        (
            f"{row.series}{row.year}-{row.number}", row.day, row.text, str(move.debit),
            str(move.credit), move.ore, move.campaign, move.district, *files.get(row.key, nowhere),
        )
        for _place, row in contents.journals(entity, first, report.last, left_only=False)
        for move in row.movements
    ]  # fmt: skip
    heads = (
        Head("journal", _("Journal"), Kind.CODE),
        Head("day", _("Day"), Kind.DAY),
        Head("text", _("Text"), Kind.TEXT),
        Head("debit", _("Debit"), Kind.CODE),
        Head("credit", _("Credit"), Kind.CODE),
        Head("sum", _("Sum"), Kind.MONEY),
        Head("campaign", _("Campaign"), Kind.CODE),
        Head("district", _("District"), Kind.CODE),
        Head("file", _("SIE file"), Kind.NUMBER),
        Head("voucher", _("Voucher in the file"), Kind.NUMBER),
    )
    return Table(_("Journals"), heads, rows, {"sum": sum(row[5] for row in rows)})


def _files(report: Report) -> dict[int, tuple[int, int]]:
    """The number of the file and the place in it, by journal."""
    days = (report.closing.first_day, report.last)
    rows = ExportedJournal.objects.filter(
        journal__entity=report.closing.entity, journal__accounting_date__range=days
    )
    found = rows.values_list("journal_id", "export__number", "voucher")
    return {key: (number, voucher) for key, number, voucher in found}
