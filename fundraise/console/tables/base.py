"""What a list is: columns with a value each, filters that read as a sentence, and whose rows.

One declaration gives the page its head, cells and foot and an exported file its columns, so that
the two can't differ. Rows are those of the legal entities for which the reader holds the right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from fundraise.console.words import Text
from fundraise.reporting.exports.writers import Kind, Value
from fundraise.staff.rights import Rights

__all__ = [
    "SHOW_ALL", "Chosen", "Column", "Filter", "Kind", "Source", "Table", "Value", "Viewer",
    "choose", "on_page",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in files, its title, and the value of a row."""

    name: str
    title: Text
    value: Callable[[Any], Value]
    kind: Kind = Kind.TEXT
    words: Callable[[Any], Text] | None = None  # a code in words; JSON keeps the code
    badge: str = ""  # a kind of badges.KINDS: the words with a shape and a colour
    link: Callable[[Any], str] | None = None
    opens: str = ""  # the right that what it links to asks for, where the list asks for another
    show: Callable[[Any], str] | None = None  # as the page writes it, where that is shorter
    wide: bool = False  # left out on a phone
    on_page: bool = True
    total: str = ""  # the field that the foot adds up
    # Of a list with a Source: the value in its query, the words of each code that there is, and
    # whether the machine made it, so that it can hold nothing that a spreadsheet would run.
    sql: str = ""
    coded: Callable[[], Mapping[str, Text]] | None = None
    made: bool = False
    asked: str = ""  # in a file only where this choice was made: what its rows are opened for
    needs: str = ""  # left out of a file for whoever lacks this right for the same entities

    @property
    def is_number(self) -> bool:
        return self.kind in {Kind.MONEY, Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: the rights held, and the name that the logs use."""

    held: Rights
    who: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice of the sentence; `field` gives None where there is nothing to choose."""

    name: str
    field: Callable[[Rights], forms.Field | None]
    narrow: Callable[[QuerySet[Any], Any, Viewer], QuerySet[Any]]
    initial: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A list's rows as one query for files: `base` joins a row of `chosen` (its id), and no other.

    Every `joins` finds one row at most. Totals are added up over `base` alone, so that a join that
    gave a row twice is found out.
    """

    base: str
    joins: str
    key: str
    values: Callable[[], Mapping[str, Any]] = dict  # what stands in it as {name}
    # What is sealed, by row and column: opened for a batch of keys, for the columns that are asked.
    opened: Callable[[Sequence[int], Viewer], Mapping[int, Mapping[str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One list. `path` leads from a row to its legal entity; empty for what is of the house."""

    name: str
    title: Text
    permission: str
    rows: Callable[[], QuerySet[Any]]
    columns: tuple[Column, ...]
    count: Callable[[int, str], str]  # "12 gifts", of the number and as it is written
    empty: Text
    filters: tuple[Filter, ...] = ()
    path: str = "entity"
    key: str = "pk"  # what pages and files follow, downwards: unique, and one column
    take_out: str = ""  # the right to take it out as a file; nobody may when empty
    personal: bool = False
    of: Callable[[Rights, str], QuerySet[Any]] | None = None  # whose rows, where no path leads
    # Some rows as a file reads them: opened, or with what stands beside them.
    opened: Callable[[Sequence[Any], Viewer], Sequence[Any]] | None = None
    source: Source | None = None
    act: str = ""  # the template of a last cell with what can be done
    template: str = "list"

    def named(self, *names: str) -> tuple[Column, ...]:
        """Some of its columns, for another list of the same rows."""
        found = {column.name: column for column in self.columns}
        return tuple(found[name] for name in names)

    def choice(self, name: str) -> Filter:
        """One of its filters, for another list of the same rows."""
        return next(one for one in self.filters if one.name == name)

    def visible(self, held: Rights) -> QuerySet[Any]:
        """The rows that somebody with these rights may see here."""
        return self._scoped(held, self.permission)

    def takeable(self, held: Rights) -> QuerySet[Any]:
        """The rows that they may take out: those they see and have the right to a file of."""
        return self._scoped(held, self.permission, self.take_out)

    def _scoped(self, held: Rights, *permissions: str) -> QuerySet[Any]:
        rows = self.rows()
        if self.of is not None:
            for permission in permissions:
                rows = rows & self.of(held, permission)
            return rows
        if not all(held.somewhere(permission) for permission in permissions):
            return rows.none()
        for permission in permissions if self.path else ():
            rows = rows.filter(**{f"{self.path}__in": held.entities(permission)})
        return rows


@dataclass(slots=True)
class Chosen:
    """What a query string chose: the form as a sentence, and the rows that fit it."""

    table: Table
    viewer: Viewer
    form: forms.Form
    said: dict[str, Any] = field(default_factory=dict)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        for one in self.table.filters:
            value = self.said.get(one.name)
            if value not in (None, ""):
                rows = one.narrow(rows, value, self.viewer)
        return rows

    @property
    def codes(self) -> dict[str, str]:
        """What was chosen as it stood in the address: what can't be understood is left out."""
        raw = {name: str(self.form.data.get(name, "")) for name in self.said}
        return {name: value for name, value in raw.items() if value}

    @property
    def is_partly_understood(self) -> bool:
        """Whether something was chosen that is no choice here."""
        return bool(self.form.errors)

    @property
    def is_narrowed(self) -> bool:
        plain = {one.name: one.initial and SHOW_ALL for one in self.table.filters}
        return any(value != plain[name] for name, value in self.codes.items())

    @property
    def show_all(self) -> str:
        """The query of every row."""
        every = QueryDict(mutable=True)
        every.update({one.name: SHOW_ALL for one in self.table.filters if one.initial})
        return every.urlencode()


SHOW_ALL = "all"


def choose(table: Table, viewer: Viewer, query: Mapping[str, str]) -> Chosen:
    """Read a query string; what can't be understood is left out without a word."""
    data = QueryDict(mutable=True)
    form = forms.Form(data, auto_id="filter_%s")
    for one in table.filters:
        made = one.field(viewer.held)
        if made is None:
            continue
        form.fields[one.name] = made
        data[one.name] = query.get(one.name, one.initial)
    form.is_valid()
    return Chosen(table, viewer, form, dict(form.cleaned_data))


def on_page(columns: Iterable[Column]) -> list[Column]:
    """The columns that a page shows; a file has them all."""
    return [column for column in columns if column.on_page]
