"""The report as a workbook: the lines on one sheet, every giver's year behind them on another.

Kammarkollegiet's own form could not be read, so its layout is not copied: the lines follow 11 § and
are carried over by hand (docs/party-finance.md, UNVERIFIED).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from fundraise.reporting.exports.writers import harmless, kronor
from fundraise.reporting.party import words
from fundraise.reporting.party.paper import facts, form_of
from fundraise.reporting.party.shown import Shown, ShownGiver


def write(file: IO[bytes], shown: Shown, givers: Iterable[ShownGiver], warning: str = "") -> int:
    """Both sheets; how many givers. Sums are numbers, texts no formulas."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    styles = {
        "bold": book.add_format({"bold": True}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "total": book.add_format({"num_format": "#,##0.00", "bold": True}),
        "red": book.add_format({"bold": True, "font_color": "#b91c1c"}),
    }
    _report(book.add_worksheet(_("Report")), shown, styles, warning)
    number = _givers(book.add_worksheet(_("Givers")), givers, styles)
    book.close()
    return number


def _report(sheet: Any, shown: Shown, styles: dict[str, Any], warning: str) -> None:
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 2, 18)
    at = 0
    if warning:
        sheet.write_string(at, 0, harmless(warning), styles["red"])
        at += 1
    for name, value in facts(shown):
        sheet.write_string(at, 0, harmless(name), styles["bold"])
        sheet.write_string(at, 1, harmless(value))
        at += 1
    at += 1
    for column, head in enumerate((_("Line"), _("How many"), _("Sum, kr"))):
        sheet.write_string(at, column, head, styles["bold"])
    for line in shown.lines:
        at += 1
        text = f"   {line.text}" if line.is_sub else line.text
        sheet.write_string(at, 0, harmless(text))
        if line.number is not None:
            sheet.write_number(at, 1, line.number)
        sheet.write_number(at, 2, float(kronor(line.amount_ore)), styles["money"])
    sheet.write_string(at + 1, 0, _("Total"), styles["bold"])
    sheet.write_number(at + 1, 2, float(kronor(shown.total_ore)), styles["total"])
    if shown.sha256:
        sheet.write_string(at + 3, 0, f"SHA-256 {shown.sha256}")


def _givers(sheet: Any, givers: Iterable[ShownGiver], styles: dict[str, Any]) -> int:
    heads = (
        _("Number"), _("Giver"), _("Name"), _("Identity"), _("Kind"), _("Band"),
        _("Identity complete"), _("Gifts"), _("In which form"), _("Sum, kr"),
    )  # fmt: skip
    sheet.set_column(0, len(heads) - 1, 18)
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, styles["bold"])
    at = 0
    for at, row in enumerate(givers, start=1):
        sheet.write_number(at, 0, row.position)
        texts = (
            row.giver, row.name, row.identity, str(words.KINDS[row.kind]),
            str(words.BANDS[row.band]), _("yes") if row.identified else _("no"),
        )  # fmt: skip
        for column, text in enumerate(texts, start=1):
            sheet.write_string(at, column, harmless(text))
        sheet.write_number(at, 7, row.gifts)
        sheet.write_string(at, 8, form_of(row))
        sheet.write_number(at, 9, float(kronor(row.amount_ore)), styles["money"])
    return at
