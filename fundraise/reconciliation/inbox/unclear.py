"""A page whose row is alike one of a statement without page numbers: the same, or another?

Where the bank names a row there is no doubt. Where it does not, balances tell. Where they don't,
the file is refused: a row that was taken for known would be money that is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from fundraise.reconciliation.formats.base import FormatError, Head, Line
from fundraise.reconciliation.inbox.pages import Told
from fundraise.reconciliation.inbox.rows import LineRow
from fundraise.reconciliation.models import Item, Statement
from fundraise.reconciliation.models import Line as Kept


@dataclass(slots=True)
class Page:
    """What is told of a page while it is read."""

    statement: Statement
    prints: list[bytes] = field(default_factory=list)
    ore: int = 0

    def see(self, line: Line, row: LineRow | None) -> None:
        """One more line; nothing is kept of a statement that comes whole."""
        if self.statement.page is None:
            return
        self.ore += line.amount_ore
        if row is not None:
            self.prints.append(row.fingerprint)

    def check(self, head: Head, others: Told, lines: Sequence[int], items: Sequence[int]) -> None:
        """`lines` and `items` were known and have no name of the bank's. Raises FormatError."""
        if self.statement.page is None:
            return
        is_own = head.opening_ore is not None and head.opening_ore + self.ore == head.closing_ore
        doubtful = not is_own and any(one in others.before for one in self.prints)
        for one in self._unpaged(lines, others):
            doubtful = doubtful or not (is_own and self._lies_within(one, head.opening_ore))
        if self.statement.details_only:
            alike = Item.objects.filter(pk__in=items, statement__page=None)
            doubtful = doubtful or alike.exclude(statement=self.statement).exists()
        if doubtful:
            raise FormatError("page_unclear", f"page {self.statement.page}")

    def _unpaged(self, lines: Sequence[int], others: Told) -> list[Statement]:
        """Statements without page numbers, of the same kind, that told of such a line."""
        of = Kept.objects.filter(pk__in=lines, statement__page=None).values("statement")
        rows = Statement.objects.filter(pk__in=of, file__kind=self.statement.file.kind)
        return list(rows.exclude(pk__in=others.unpaged))

    def _lies_within(self, one: Statement, opening_ore: int | None) -> bool:
        """Whether this page's rows are those of a whole statement, from the same balance on."""
        if one.opening_ore is None or opening_ore is None:
            return False
        kept = list(one.lines.order_by("pk").values_list("fingerprint", "amount_ore"))
        prints = [bytes(fingerprint) for fingerprint, _ore in kept]
        balances = accumulate((ore for _fingerprint, ore in kept), initial=one.opening_ore)
        size = len(self.prints)
        return any(
            balance == opening_ore and prints[at : at + size] == self.prints
            for at, balance in enumerate(balances)
        )
