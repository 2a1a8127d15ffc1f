"""Rows that a file tells of and that stand there from another one, which nobody has booked yet.

Such a row is known, so it is not written again; and it would go with the other file, were that one
put away. Whichever is booked first has its rows: it is read anew, and the others after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from fundraise.reconciliation import watching
from fundraise.reconciliation.models import BankAccount, Item, Line, Match, Statement, StatementFile

State = StatementFile.State
ON, CHOSEN = "leans_on", "chosen"


@dataclass(slots=True)
class Leans:
    """The known rows of one account that a file told of."""

    account_id: int
    lines: list[int] = field(default_factory=list)
    items: list[int] = field(default_factory=list)

    def on(self, but: int) -> set[str]:
        """The files, not booked yet, that the rows stand in."""
        unbooked = StatementFile.objects.filter(
            state=State.READ, statements__account=self.account_id
        ).exclude(pk=but)
        if not unbooked.exists():
            return set()
        told = unbooked.filter(statements__lines__in=self.lines)
        more = unbooked.filter(statements__items__in=self.items)
        refs = {*told.values_list("ref", flat=True), *more.values_list("ref", flat=True)}
        return {str(ref) for ref in refs}


def remember(file: StatementFile, leans_on: set[str], chosen: BankAccount | None) -> None:
    """On the file, before it is saved."""
    if leans_on:
        file.facts = {**file.facts, ON: sorted(leans_on)}
        if chosen is not None:
            file.facts[CHOSEN] = str(chosen.ref)


def stand_alone(file: StatementFile, read: Callable[..., StatementFile]) -> StatementFile:
    """A file that is about to be booked has its own rows, whatever becomes of the others.

    `file` is locked; `read` is the door by which a stored file is read.
    """
    others = StatementFile.objects.filter(ref__in=file.facts.get(ON, ())).exclude(
        state=State.BOOKED
    )
    some = list(others.select_for_update(no_key=True).defer("sealed").order_by("pk"))
    if not some:
        return file
    again = [file, *(one for one in some if one.state == State.READ)]
    chosen = [_chosen(one) for one in again]
    for one in again:
        forget_rows(one)
        StatementFile.objects.filter(pk=one.pk).update(state=State.STORED, facts={})
    mine, *_rest = [read(one, account=account) for one, account in zip(again, chosen, strict=True)]
    return mine


def _chosen(file: StatementFile) -> BankAccount | None:
    """The account that was chosen for a file that names none: its only one, or as it was said."""
    rows = BankAccount.objects.filter(statements__file=file).distinct()
    found = list(rows.order_by("pk")[:2])
    if len(found) == 1:
        return found[0]
    said = file.facts.get(CHOSEN)
    return BankAccount.objects.filter(ref=UUID(said)).first() if said and not found else None


def forget_rows(file: StatementFile, *, by: str = watching.BY) -> None:
    """What an unbooked file brought goes, with what was suggested of it."""
    items = Item.objects.filter(statement__file=file)
    pairs = Match.objects.filter(other_item__in=items, state=Match.State.SUGGESTED)
    others = list(pairs.exclude(item__in=items).select_related("item"))
    pairs.update(other_item=None)
    watching.end(others, by=by, why="dropped")
    Match.objects.filter(item__in=items).delete()
    items.delete()
    lines = Line.objects.filter(statement__file=file)
    Item.objects.filter(line__in=lines).update(line=None)  # another file's, that came before
    lines.delete()
    Statement.objects.filter(file=file).delete()
