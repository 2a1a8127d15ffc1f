"""The reconciliation report as a PDF, by typst: no system library, the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from fundraise.reporting.books.closing import words
from fundraise.reporting.books.closing.report import Report
from fundraise.reporting.books.closing.tables import Table, shown
from fundraise.reporting.exports.writers import Kind

_TEMPLATE = Path(__file__).with_name("report.typ")
_RIGHT = {Kind.MONEY, Kind.NUMBER}


def pdf(report: Report, tables: Iterable[Table], language: str) -> bytes:
    """The whole report; words are data, never typst code, and nothing of it touches a disk."""
    closing = report.closing
    values = {
        "title": _("Reconciliation %(month)s") % {"month": f"{closing.first_day:%Y-%m}"},
        "entity": f"{closing.entity.name} · {closing.entity.org_number}",
        "made": _("Closed %(day)s by %(who)s")
        % {"day": f"{closing.closed_at:%Y-%m-%d}", "who": words.who(closing.closed_by)},
        "language": language,
        "empty": _("None."),
        "sum": _("Sum"),
        "tables": [_part(table) for table in tables],
    }
    made = typst.compile(_template(), sys_inputs={"report": json.dumps(values)}, timestamp=0)
    return bytes(made)


def _part(table: Table) -> dict[str, object]:
    heads = table.heads
    rows = [[shown(h.kind, v) for h, v in zip(heads, row, strict=True)] for row in table.rows]
    foot = [shown(h.kind, table.sums[h.name]) if h.name in table.sums else "" for h in heads]
    return {
        "title": table.title,
        "heads": [head.title for head in heads],
        "right": [head.kind in _RIGHT for head in heads],
        "wide": [head.kind == Kind.TEXT for head in heads],
        "rows": rows,
        "foot": foot if table.sums else [],
    }


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
