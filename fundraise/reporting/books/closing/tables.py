"""The parts of a pack as tables: one definition, printed as PDF and written as XLSX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from fundraise.money import format_number
from fundraise.reconciliation.models import RuleVersion
from fundraise.reporting.books.closing import words
from fundraise.reporting.books.closing.report import Report
from fundraise.reporting.exports.writers import Head, Kind, Value


@dataclass(frozen=True, slots=True)
class Table:
    """One part: what it is called, its columns, its rows, and the sums of columns by name."""

    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Value]]
    sums: dict[str, int]


def tables(report: Report) -> Iterator[Table]:
    """In the order in which an auditor reads them."""
    yield _checklist(report)
    yield _balances(report)
    yield _movements(report)
    yield _vouchers(report)
    yield _open(report)
    yield _rules(report)
    yield _files(report)


def _text(name: str, title: str) -> Head:
    return Head(name, title, Kind.TEXT)


def _money(name: str, title: str) -> Head:
    return Head(name, title, Kind.MONEY)


def _checklist(report: Report) -> Table:
    rows = [
        (
            words.line(one["key"], one.get("name", "")),
            str(words.STATUS[one["status"]]),
            one["actual"] - one["expected"] if one["money"] else None,
            one["comment"],
            words.who(one["by"]) if one["by"] else "",
        )
        for one in report.closing.lines
    ]
    heads = (
        _text("line", _("Line")),
        _text("status", _("Status")),
        _money("difference", _("Difference")),
        _text("comment", _("Comment")),
        _text("by", _("Signed by")),
    )
    return Table(_("Checklist"), heads, rows, {})


def _balances(report: Report) -> Table:
    found = report.balances
    heads = (
        Head("account", _("Account"), Kind.CODE),
        _text("name", _("Name")),
        _money("opening", _("Opening")),
        _money("debit", _("Debit")),
        _money("credit", _("Credit")),
        _money("closing", _("Closing")),
    )
    rows = [(str(b.number), b.name, b.opening, b.debit, b.credit, b.closing) for b in found]
    sums = {
        "opening": sum(b.opening for b in found),
        "debit": sum(b.debit for b in found),
        "credit": sum(b.credit for b in found),
        "closing": sum(b.closing for b in found),
    }
    return Table(_("Balances"), heads, rows, sums)


def _movements(report: Report) -> Table:
    heads = (
        _text("series", _("Number series")),
        Head("debit", _("Debit"), Kind.CODE),
        Head("credit", _("Credit"), Kind.CODE),
        Head("number", _("Entries"), Kind.NUMBER),
        _money("sum", _("Sum")),
    )
    found = report.movements
    rows = [(m.series, str(m.debit), str(m.credit), m.number, m.ore) for m in found]
    sums = {"number": sum(m.number for m in found), "sum": sum(m.ore for m in found)}
    return Table(_("Movements by kind"), heads, rows, sums)


def _vouchers(report: Report) -> Table:
    heads = (
        Head("day", _("Day"), Kind.DAY),
        Head("label", _("Journals"), Kind.CODE),
        _text("text", _("Text")),
        _money("sum", _("Sum")),
    )
    rows = []
    for one in report.vouchers:
        ore = sum(line.ore for line in one.voucher.lines if line.ore > 0)
        rows.append((one.voucher.day, one.voucher.label, one.voucher.text, ore))
    return Table(_("Vouchers"), heads, rows, {"sum": sum(row[3] for row in rows)})


def _open(report: Report) -> Table:
    heads = (
        _text("what", _("What")),
        Head("since", _("Since"), Kind.DAY),
        Head("age", _("Days"), Kind.NUMBER),
        _money("sum", _("Sum")),
        Head("ref", _("Reference"), Kind.CODE),
    )
    found = report.open_items
    rows = [(str(words.OPEN.get(o.what, o.what)), o.since, o.age_days, o.ore, o.ref) for o in found]
    return Table(_("Open at the month's end, with age"), heads, rows, {})


def _rules(report: Report) -> Table:
    heads = (
        Head("at", _("When"), Kind.TIME),
        _text("name", _("Rule")),
        Head("number", _("Version"), Kind.NUMBER),
        _text("mode", _("Mode")),
        _text("by", _("By")),
        _text("why", _("Why")),
    )
    modes = dict(RuleVersion.Mode.choices)
    rows = [
        (r.at, r.name, r.number, str(modes[r.mode]), words.who(r.by), r.why)
        for r in report.rule_changes
    ]
    return Table(_("Rules of matching that changed"), heads, rows, {})


def _files(report: Report) -> Table:
    heads = (
        Head("number", _("File"), Kind.NUMBER),
        Head("from_day", _("From and with"), Kind.DAY),
        Head("to_day", _("Up to and with"), Kind.DAY),
        Head("journals", _("Journals"), Kind.NUMBER),
        _money("sum", _("Sum")),
        Head("sha256", "SHA-256", Kind.CODE),
    )
    rows = [(f.number, f.from_day, f.to_day, f.journals, f.sum_ore, f.sha256) for f in report.files]
    return Table(_("SIE files with journals of the month"), heads, rows, {})


def shown(kind: Kind, value: Value) -> str:
    """A value as print shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return format_number(int(value)) if kind == Kind.MONEY else str(value)
