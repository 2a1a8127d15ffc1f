"""Pages of one statement: what is alike on two of them is counted over all.

A row is known again by its fingerprint and its place among equal ones. Within one statement the
bank repeats nothing, so an equal row on another page is another row; the same page once more, or
another statement of the same days, brings it again.

Of a statement that came without page numbers nobody says which page it is: its balances do. It is
an earlier page where it ends where this one begins, and has this page in it where its rows are this
page's, from this page's balance on. What neither tells is refused (`unclear.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from fundraise.reconciliation.formats.base import Head
from fundraise.reconciliation.models import Item, Line, Statement

Name = tuple[int, int | None, str]


@dataclass(slots=True)
class Told:
    """How often rows were told: lines, items, and lines of files of other kinds that were met."""

    lines: Counter[bytes] = field(default_factory=Counter)
    items: Counter[bytes] = field(default_factory=Counter)
    met: set[int] = field(default_factory=set)
    # Rows of statements without page numbers that end where this page begins, and those statements.
    before: Counter[bytes] = field(default_factory=Counter)
    unpaged: set[int] = field(default_factory=set)

    def add(self, other: Told) -> None:
        """What another page told as well."""
        self.lines.update(other.lines)
        self.items.update(other.items)
        self.met |= other.met


class Pages:
    """What the pages of a file's statements told, and those that came in files before it."""

    def __init__(self) -> None:
        self._here = defaultdict[Name, dict[int, Told]](dict)

    def others(self, statement: Statement, head: Head) -> Told:
        """What the other pages of its statement told; nothing of one that comes whole."""
        told = Told()
        if statement.page is None:
            return told
        here = self._here[_name(statement)]
        for page, one in here.items():
            if page != statement.page:
                told.add(one)
        told.add(_stored(statement, {statement.page, *here}))
        before = _without_number(statement, head)
        told.add(before)
        told.before, told.unpaged = before.lines + before.items, before.unpaged
        return told

    def keep(self, statement: Statement, told: Told) -> None:
        """What a page of this file told."""
        if statement.page is not None:
            self._here[_name(statement)][statement.page] = told


def _name(statement: Statement) -> Name:
    """Pages of one statement have its number; where the bank numbers none, its name."""
    named = "" if statement.sequence is not None else statement.external_id
    return statement.account_id, statement.sequence, named


def _stored(statement: Statement, but: Collection[int]) -> Told:
    account, sequence, named = _name(statement)
    same = Q(sequence=sequence) if sequence is not None else Q(external_id=named, sequence=None)
    pages = Statement.objects.filter(same, account=account, page__isnull=False)
    rows = pages.exclude(page__in=but).exclude(pk=statement.pk)
    if not rows.exists():
        return Told()
    return _told_by(rows)


def _without_number(statement: Statement, head: Head) -> Told:
    """Statements without page numbers, of the same days, that end where this page begins."""
    if head.opening_ore is None or head.opening_ore == head.closing_ore:
        return Told()
    rows = Statement.objects.filter(
        account=statement.account, page=None, closing_ore=head.opening_ore,
        file__kind=statement.file.kind, from_day__lte=statement.to_day,
        to_day__gte=statement.from_day,
    ).exclude(pk=statement.pk)  # fmt: skip
    found = set(rows.values_list("pk", flat=True))
    if not found:
        return Told()
    told = _told_by(rows)
    told.unpaged = found
    return told


def _told_by(rows: QuerySet[Statement]) -> Told:
    lines, items = Line.objects.filter(statement__in=rows), Item.objects.filter(statement__in=rows)
    return Told(_counted(lines), _counted(items))


def _counted(rows: QuerySet[Line] | QuerySet[Item]) -> Counter[bytes]:
    return Counter(bytes(one) for one in rows.values_list("fingerprint", flat=True))
