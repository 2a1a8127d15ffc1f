"""A list as a page: the sentence, the rows with their links, the foot, the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundraise.console import access, paging, shell
from fundraise.console.days import day
from fundraise.console.paging import Foot
from fundraise.console.tables import said
from fundraise.console.tables.base import Chosen, Column, Kind, Table, Viewer, choose, on_page
from fundraise.console.templatetags import staff
from fundraise.staff import rights


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list, ready to be shown by console/_table.html."""

    table: Table
    chosen: Chosen
    columns: list[Column]
    page: paging.Page[Any]
    foot: Foot
    may_take_out: bool

    @property
    def rows(self) -> list[Any]:
        return self.page.rows

    @property
    def next_query(self) -> str:
        return self.page.next_query

    @property
    def first_query(self) -> str:
        return self.page.first_query

    @property
    def lines(self) -> Iterator[tuple[Any, list[tuple[str, SafeString]]]]:
        """Each row with its cells: the class of a cell and what stands in it."""
        for row in self.page.rows:
            yield (
                row,
                [
                    (css(column), cell(column, row, links=self._may_open(column)))
                    for column in self.columns
                ],
            )

    def _may_open(self, column: Column) -> bool:
        """Whether who reads may open what a column links to."""
        return not column.opens or self.chosen.viewer.held.somewhere(column.opens)

    @property
    def heads(self) -> list[tuple[str, Any]]:
        return [(css(column), column.title) for column in self.columns]

    @property
    def feet(self) -> list[tuple[str, str]]:
        """Under each column its total, under the first how many rows there are."""
        number = self.foot.number
        counted = self.table.count(number, staff.number(number))
        totals = [(css(column), self._total(column)) for column in self.columns]
        return [(totals[0][0], counted), *totals[1:]]

    def _total(self, column: Column) -> str:
        if not column.total:
            return ""
        total = self.foot.sums[column.total]
        return staff.kronor(total) if column.kind == Kind.MONEY else staff.number(total)

    @property
    def too_many(self) -> str:
        """What the foot says of a selection that is too large to add up; empty otherwise."""
        if self.foot.whole:
            return ""
        more = self.table.count(self.foot.number, staff.number(self.foot.number))
        return _("More than %(rows)s. Choose days to see their sum.") % {"rows": more}

    @property
    def said(self) -> str:
        """What was chosen, in a line."""
        return said.sentence(self.chosen)

    @property
    def span(self) -> int:
        return len(self.columns) + bool(self.table.act)

    @property
    def take_out_url(self) -> str:
        """Where files of these rows are asked for."""
        return f"{reverse(f'console:take_{self.table.name}')}?{self.take_out_query}"

    @property
    def take_out_query(self) -> str:
        """The choices, for the address that files are asked for at."""
        return urlencode(self.chosen.codes)

    @property
    def taken(self) -> str:
        """What a press of a button takes out, in words."""
        n = self.foot.number
        if not self.foot.whole:
            return _("Take all of them out as")
        return ngettext("Take %(n)s row out as", "Take these %(n)s rows out as", n) % {
            "n": staff.number(n)
        }


def listing(request: HttpRequest, table: Table, fixed: Mapping[str, str] | None = None) -> Listing:
    """The page of a list that the query string asks for; `fixed` is chosen whatever it says."""
    held = rights.of(request.user)
    chosen = choose(
        table, Viewer(held, access.by(request)), {**request.GET.dict(), **(fixed or {})}
    )
    rows = chosen.narrow(table.visible(held))
    columns = on_page(table.columns)
    totals = [column.total for column in columns if column.total]
    return Listing(
        table=table,
        chosen=chosen,
        columns=columns,
        page=paging.page_of(request, rows, table.key),
        foot=paging.foot(rows, *totals, key=table.key),
        may_take_out=bool(table.take_out) and held.somewhere(table.take_out),
    )


def list_page(request: HttpRequest, table: Table, **context: Any) -> HttpResponse:
    """The whole page of a list; a choice that can't be understood leaves the address."""
    found = listing(request, table)
    if found.chosen.is_partly_understood:
        return redirect(f"{request.path}?{found.take_out_query}")
    return shell.page(request, table.template, str(table.title), list=found, **context)


def css(column: Column) -> str:
    """The classes of a column's cells."""
    is_time = column.kind in {Kind.DAY, Kind.TIME}
    return " ".join(["num"] * column.is_number + ["at"] * is_time + ["wide"] * column.wide)


def cell(column: Column, row: Any, *, links: bool = True) -> SafeString:
    """What stands in one cell of the page."""
    value = column.value(row)
    shown = _badge(column, value) if column.badge else _written(column, row, value)
    url = column.link(row) if column.link and links else ""
    return format_html('<a href="{}">{}</a>', url, shown) if url and shown else shown


def _badge(column: Column, value: Any) -> SafeString:
    return staff.badge(str(value), column.badge)


def _written(column: Column, row: Any, value: Any) -> SafeString:
    if column.show is not None:
        value = column.show(row)
        return format_html("<code>{}</code>", value) if _is_code(column) else _plain(value)
    if column.words is not None:
        return _plain(column.words(value))
    if value is None or value == "":
        return _plain("")
    writers: dict[Kind, Callable[[Any], str]] = {
        Kind.MONEY: staff.kronor,
        Kind.NUMBER: staff.number,
        Kind.DAY: day,
        Kind.TIME: staff.when,
    }
    if column.kind in writers:
        return _plain(writers[column.kind](value) if value or not column.wide else "")
    return format_html("<code>{}</code>", value) if _is_code(column) else _plain(value)


def _is_code(column: Column) -> bool:
    return column.kind == Kind.CODE


def _plain(value: Any) -> SafeString:
    return format_html("{}", value)
