"""A choice of one appeal or journey by its name: the newest of those that may be seen, and the one
that a link of another page names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fundraise.console.tables.base import Filter, Viewer
from fundraise.console.words import Text
from fundraise.staff.rights import Rights
from mailings.appeals.models import Appeal
from mailings.journeys.models import Journey

OFFERED = 60
Rows = QuerySet[Any]


class NamedSelect(forms.Select):
    """Reads its options when it is drawn, so that a page without the filter asks nothing."""

    def __init__(self, every: Text, rows: Callable[[], Rows], offered: Q, name: str) -> None:
        super().__init__()
        self._every, self._rows, self._offered, self._name = every, rows, offered, name

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> list[Any]:
        newest = self._rows().filter(self._offered).order_by("-pk")[:OFFERED]
        found = {str(row.ref): self.called(row) for row in newest}
        for one in value:
            if one and one not in found and (row := self.row(one)) is not None:
                found = {one: self.called(row), **found}
        self.choices = [("", self._every), *found.items()]
        return super().optgroups(name, value, attrs)

    def row(self, ref: Any) -> Any:
        """The row with a ref; None when there is none to be seen."""
        try:
            return self._rows().filter(ref=UUID(str(ref))).first()
        except ValueError:
            return None

    def called(self, row: Any) -> str:
        return str(getattr(row, self._name))


class NamedField(forms.UUIDField):
    """A ref, shown by the name of what it names."""

    widget: NamedSelect

    def called(self, ref: UUID) -> str:
        row = self.widget.row(ref)
        return str(ref)[:8] if row is None else self.widget.called(row)


def appeal(
    narrow: Callable[[str], Q], label: Text, permission: str = "appeals.view", name: str = "appeal"
) -> Filter:
    """One appeal, by its title; those of journeys only where a link names them."""
    mail = ~Q(kind=Appeal.Kind.JOURNEY)
    return _filter(narrow, label, name, _("every appeal"), Appeal, permission, mail, "title")


def journey(narrow: Callable[[str], Q], label: Text) -> Filter:
    """One journey, by its name."""
    every = _("every journey")
    return _filter(narrow, label, "journey", every, Journey, "appeals.view", Q(), "name")


def _filter(
    narrow: Callable[[str], Q],
    label: Text,
    name: str,
    every: Text,
    model: Any,
    permission: str,
    offered: Q,
    title: str,
) -> Filter:
    def field(held: Rights) -> forms.Field:
        def rows() -> Rows:
            mine: Rows = model.objects.filter(campaign__entity__in=held.entities(permission))
            return mine

        widget = NamedSelect(every, rows, offered, title)
        return NamedField(required=False, label=str(label), widget=widget)

    def narrowed(rows: Rows, ref: UUID, _viewer: Viewer) -> Rows:
        return rows.filter(narrow(str(ref)))

    return Filter(name, field, narrowed)
