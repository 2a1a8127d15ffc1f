"""Writes a statement's new lines, items and what the rules say of them, some thousands at once.

What is there already, from this file or another, is left as it is. Everything happens in the
transaction of the whole file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection

from fundraise import clock, copying
from fundraise.reconciliation.candidates import Finder
from fundraise.reconciliation.formats.values import country_of_bank
from fundraise.reconciliation.inbox.leaning import Leans
from fundraise.reconciliation.inbox.pages import Told
from fundraise.reconciliation.inbox.rows import ItemRow, LineRow
from fundraise.reconciliation.matching.seen import Decision
from fundraise.reconciliation.models import Item, Line, Match, Statement
from fundraise.reconciliation.noting import MATCH, match_row

CHUNK = 5000
BY = "system:rules"
_LINE = (
    "id", "ref", "account_id", "statement_id", "at", "booked_on", "value_on", "amount_ore",
    "balance_ore", "bank_ref", "code", "said", "fingerprint", "nth", "other_books",
)  # fmt: skip
_ITEM = (
    "id", "ref", "account_id", "statement_id", "line_id", "batch_ref", "at", "booked_on",
    "amount_ore", "bank_ref", "reference", "code", "channel", "is_return", "said", "payer_key",
    "payer_country", "account_country", "fingerprint", "nth", "state", "note",
)  # fmt: skip
_KNOWN = """
  SELECT k.fingerprint, k.nth, k.id FROM {} k
    JOIN unnest(%s::bytea[], %s::int[]) AS w(fingerprint, nth)
      ON k.fingerprint = w.fingerprint AND k.nth = w.nth
   WHERE k.account_id = %s"""
_KNOWN_LINES = _KNOWN.format("reconciliation_line")
_KNOWN_ITEMS = _KNOWN.format("reconciliation_item")


class Counts:
    """What a file brought."""

    def __init__(self) -> None:
        self.new_lines = self.known_lines = self.new_items = self.known_items = 0
        self.in_ore = self.out_ore = self.before_opening = 0

    def money(self, ore: int) -> None:
        """One more movement that is new."""
        if ore > 0:
            self.in_ore += ore
        else:
            self.out_ore -= ore


class Writer:
    """The lines and items of one statement."""

    def __init__(
        self, statement: Statement, kind: str, finder: Finder, counts: Counts, others: Told
    ) -> None:
        self.statement, self.kind, self.finder, self.counts = statement, kind, finder, counts
        self.account = finder.account
        self.now: datetime = clock.now()
        self.new = 0
        self._lines: list[LineRow] = []
        self._items: list[ItemRow] = []
        self._others = others.met
        self.met: set[int] = set()  # lines that a file of another kind told of
        # What a page brought that is known and that the bank calls nothing: `unclear.py` asks.
        self.lines_again: list[int] = []
        self.items_again: list[int] = []
        self.leans = Leans(self.account.pk)

    def add(self, line: LineRow | None, items: Iterable[ItemRow]) -> None:
        """One more line with its items; writes when there are many."""
        if line is not None:
            self._lines.append(line)
        for item in items:
            self._items.append(item)
            if len(self._items) >= CHUNK:
                self.flush()

    def flush(self) -> None:
        """Write what has been added."""
        self._write_lines()
        self._write_items()
        self._lines, self._items = [], []

    # --- Lines -----------------------------------------------------------------------------------
    def _write_lines(self) -> None:
        if not self._lines:
            return
        known = self._known(_KNOWN_LINES, self._lines)
        others = self._of_other_kinds() if len(known) < len(self._lines) else {}
        fresh = []
        for row in self._lines:
            pk = known.get((row.fingerprint, row.nth)) or self._by_day_and_sum(row, others)
            if pk:
                row.pk, row.known = pk, True
                self.counts.known_lines += 1
                self.leans.lines.append(pk)
                if self.statement.page is not None and not row.line.bank_ref:
                    self.lines_again.append(pk)
            else:
                fresh.append(row)
        for row, pk in zip(fresh, copying.next_ids(Line, len(fresh)), strict=True):
            row.pk = pk
            self.counts.money(row.line.amount_ore)
        copying.copy(Line, _LINE, (self._line(row) for row in fresh))
        self.counts.new_lines += len(fresh)
        self.new += len(fresh)

    def _line(self, row: LineRow) -> Sequence[copying.Value]:
        line = row.line
        return (
            row.pk, row.ref, self.account.pk, self.statement.pk, line.at[:40], line.booked_on,
            line.value_on, line.amount_ore, line.balance_ore, line.bank_ref[:80], line.code[:40],
            row.said, row.fingerprint, row.nth, False,
        )  # fmt: skip

    def _by_day_and_sum(self, row: LineRow, others: dict[tuple[date, int], list[int]]) -> int:
        """A line that a file of another kind told of has another fingerprint: day and sum tell."""
        same = others.get((row.line.booked_on, row.line.amount_ore))
        if not same:
            return 0
        self.met.add(same[0])
        return same.pop(0)

    def _of_other_kinds(self) -> dict[tuple[date, int], list[int]]:
        days = [row.line.booked_on for row in self._lines]
        rows = Line.objects.filter(
            account=self.account, booked_on__gte=min(days), booked_on__lte=max(days)
        ).exclude(statement__file__kind=self.kind)
        found = defaultdict[tuple[date, int], list[int]](list)
        for pk, day, ore in rows.order_by("pk").values_list("pk", "booked_on", "amount_ore"):
            if pk not in self.met and pk not in self._others:
                found[day, ore].append(pk)
        return found

    # --- Items -----------------------------------------------------------------------------------
    def _write_items(self) -> None:
        if not self._items:
            return
        known = self._known(_KNOWN_ITEMS, self._items)
        fresh: list[ItemRow] = []
        tied: list[tuple[int, int]] = []
        for row in self._items:
            pk = known.get((row.fingerprint, row.nth))
            if pk is None and row.is_sole and row.line is not None and row.line.known:
                continue  # its line's own item, which another kind of file told of
            if pk is None:
                fresh.append(row)
                continue
            row.pk, row.known = pk, True
            self.counts.known_items += 1
            self.leans.items.append(pk)
            if self.statement.page is not None and not row.payment.bank_ref:
                self.items_again.append(pk)
            if row.line is not None:
                tied.append((pk, row.line.pk))
        _tie(tied)
        for row, pk in zip(fresh, copying.next_ids(Item, len(fresh)), strict=True):
            row.pk = pk
        told = self.finder.decide([row.seen() for row in fresh])
        rows = [(row, told[row.pk]) for row in fresh]
        copying.copy(Item, _ITEM, (self._item(row, one) for row, one in rows))
        copying.copy(Match, MATCH, self._matches(rows))
        self.counts.new_items += len(fresh)
        self.new += len(fresh)
        if self.statement.details_only:
            for row in fresh:
                self.counts.money(row.payment.amount_ore)

    def _item(self, row: ItemRow, decision: Decision) -> Sequence[copying.Value]:
        payment = row.payment
        return (
            row.pk, row.ref, self.account.pk, self.statement.pk, row.line.pk if row.line else None,
            row.batch_ref[:80], payment.at[:40], row.booked_on, payment.amount_ore,
            payment.bank_ref[:80], payment.reference[:40], row.code[:40], row.channel,
            payment.is_return, row.said, row.keys[0] if row.keys else None,
            payment.payer.country, country_of_bank(payment.payer.account, payment.payer.bic),
            row.fingerprint, row.nth, self._state(row, decision), "",
        )  # fmt: skip

    def _state(self, row: ItemRow, decision: Decision) -> str:
        if decision.mode == "auto":
            return Item.State.MATCHED
        if decision.mode == "suggest":
            return Item.State.SUGGESTED
        waits = self.account.details_follow and row.is_sole and not row.has_payer
        if waits and row.line is not None and row.payment.amount_ore > 0:
            return Item.State.NEW  # its payers come in a file of their own
        return Item.State.UNKNOWN

    def _matches(
        self, rows: Iterable[tuple[ItemRow, Decision]]
    ) -> Iterable[Sequence[copying.Value]]:
        for row, decision in rows:
            if decision.mode != "none":
                yield match_row(row.pk, decision, by=BY, at=self.now)

    def _known(
        self, query: str, rows: Sequence[LineRow] | Sequence[ItemRow]
    ) -> dict[tuple[bytes, int], int]:
        with connection.cursor() as cursor:
            prints = [row.fingerprint for row in rows]
            cursor.execute(query, [prints, [row.nth for row in rows], self.account.pk])
            return {(bytes(one), nth): pk for one, nth, pk in cursor.fetchall()}


_TIE = """
  UPDATE reconciliation_item i SET line_id = t.line
    FROM unnest(%s::bigint[], %s::bigint[]) AS t(item, line)
   WHERE i.id = t.item AND i.line_id IS NULL"""


def _tie(pairs: Sequence[tuple[int, int]]) -> None:
    """Items that came before their line."""
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(_TIE, [list(column) for column in zip(*pairs, strict=True)])
