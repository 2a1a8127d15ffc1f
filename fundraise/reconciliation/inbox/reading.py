"""A stored file is read whole or refused whole, with the place; nothing is booked by reading."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from datetime import date

from django.db import transaction
from django.db.models import Q

from fundraise import clock, crypto
from fundraise.reconciliation import accounts, mappings, rules
from fundraise.reconciliation.candidates import Finder
from fundraise.reconciliation.formats import base
from fundraise.reconciliation.formats.base import FormatError, Head, Line
from fundraise.reconciliation.formats.recognise import recognise
from fundraise.reconciliation.inbox import leaning, recognising, stripe_payouts
from fundraise.reconciliation.inbox.pages import Pages
from fundraise.reconciliation.inbox.recognising import Accounts
from fundraise.reconciliation.inbox.rows import Rows
from fundraise.reconciliation.inbox.unclear import Page
from fundraise.reconciliation.inbox.writing import Counts, Writer
from fundraise.reconciliation.models import BankAccount, Statement, StatementFile

State = StatementFile.State
DETAILS = {base.Kind.CAMT_054, base.Kind.SWISH, base.Kind.BGMAX}
SEK = "SEK"


def read(file: StatementFile, content: bytes, *, chosen: BankAccount | None = None,
         only: Collection[int] | None = None) -> StatementFile:  # fmt: skip
    """Read a stored file: its lines and items are there to look at, or it is refused.

    `chosen` is the account of a file that names none; `only` the entities that it may be of.
    """
    try:
        with transaction.atomic():
            locked = StatementFile.objects.select_for_update(no_key=True).defer("sealed")
            row = locked.get(pk=file.pk)
            if row.state == State.STORED:
                Reading(row, Accounts(chosen, only)).run(content)
    except FormatError as error:
        _refuse(file, error, recognising.whose(chosen, only))
    return StatementFile.objects.defer("sealed").get(pk=file.pk)


class Reading:
    """One file while it is read."""

    def __init__(self, file: StatementFile, found: Accounts) -> None:
        self.file, self.accounts = file, found
        self.counts = Counts()
        self.touched: dict[int, BankAccount] = {}
        self.finders: dict[int, Finder] = {}
        self.pages = Pages()
        self.leans_on: set[str] = set()
        data_key = crypto.new_data_key()
        file.row_key = crypto.seal(data_key, context=f"statement-rows:{file.ref}")
        self.cipher = crypto.Closer(data_key)

    def run(self, content: bytes) -> None:
        """Raises FormatError at the first fault; the caller's transaction takes all back."""
        raw = io.BytesIO(content)
        reader = recognise(raw, mappings.current())
        self.file.kind, self.file.importer = str(reader.kind), reader.version[:40]
        self.file.save(update_fields=["kind", "importer", "row_key"])
        if reader.kind is base.Kind.STRIPE_PAYOUTS:
            self._stripe(reader.statements(raw))
            return
        for statement in reader.statements(raw):
            self._statement(statement, reader.kind)
        self._end()

    def _stripe(self, statements: Iterator[base.Statement]) -> None:
        """A provider's own report has no line of the bank's: it is counted here."""
        account = stripe_payouts.account_for(self.accounts.chosen, self.accounts.only)
        for statement in statements:
            stripe_payouts.count(statement, self.counts)
        self.file.entity_id = account.entity_id
        self.file.facts = {"stripe_account": account.slug}
        self._end()

    def _statement(self, statement: base.Statement, kind: base.Kind) -> None:
        head = statement.head()
        if head.currency != SEK:
            raise FormatError("currency", "the statement", currency=head.currency[:3])
        account = self.accounts.of(head)
        self.touched[account.pk] = account
        if account.pk not in self.finders:
            self.finders[account.pk] = Finder(account, rules.current(account.entity_id))
        row = self._row(head, account, kind)
        others = self.pages.others(row, head)
        rows = Rows(
            accounts.line_key(account), self.cipher, details_only=row.details_only, others=others
        )
        writer = Writer(row, str(kind), self.finders[account.pk], self.counts, others)
        days, page = Days(), Page(row)
        for line in self._followed(statement.lines(), account):
            days.see(line.booked_on)
            made, items = rows.of(line)
            page.see(line, made)
            writer.add(made, items)
        writer.flush()
        page.check(statement.head(), others, writer.lines_again, writer.items_again)
        self.leans_on |= writer.leans.on(self.file.pk)
        rows.told.met = writer.met
        self.pages.keep(row, rows.told)
        self._close(row, statement.head(), days, new=writer.new)

    def _row(self, head: Head, account: BankAccount, kind: base.Kind) -> Statement:
        """The statement, its days as far as its head tells them before the lines."""
        day = head.from_day or head.to_day or clock.today()
        return Statement.objects.create(
            file=self.file,
            account=account,
            external_id=head.statement_id[:80],
            sequence=head.sequence,
            page=head.page,
            from_day=day,
            to_day=max(day, head.to_day or day),
            details_only=kind in DETAILS,
        )

    def _followed(self, lines: Iterator[Line], account: BankAccount) -> Iterator[Line]:
        """Lines since our books follow the account; what is before is in the opening balance."""
        for line in lines:
            if line.booked_on >= account.opened_on:
                yield line
            else:
                self.counts.before_opening += 1

    def _close(self, row: Statement, head: Head, days: Days, *, new: int) -> None:
        """What the end of a statement told; one that brought nothing new leaves nothing."""
        known_before = head.is_duplicate or self._is_copy(row, head)
        if not new and known_before:
            row.delete()
            return
        told = [day for day in (head.from_day, head.to_day, days.first, days.last) if day]
        row.from_day, row.to_day = min(told, default=row.from_day), max(told, default=row.to_day)
        if not row.details_only and head.opening_ore is not None and head.closing_ore is not None:
            row.opening_ore, row.closing_ore = self._balances(row, head)
        row.save(update_fields=["from_day", "to_day", "opening_ore", "closing_ore"])

    def _balances(self, row: Statement, head: Head) -> tuple[int | None, int | None]:
        """Those of the days that our books follow."""
        if row.from_day < row.account.opened_on:
            return None, None
        return head.opening_ore, head.closing_ore

    def _is_copy(self, row: Statement, head: Head) -> bool:
        """Whether the same statement is here from another file, perhaps issued under another id.

        Days and balances tell it then: only a statement without a new line is asked.
        """
        same = Statement.objects.filter(
            account=row.account, opening_ore=head.opening_ore, closing_ore=head.closing_ore
        ).exclude(pk=row.pk)
        named = Q(external_id=row.external_id) & ~Q(external_id="")
        return same.filter(named | Q(from_day=row.from_day, to_day=row.to_day)).exists()

    def _end(self) -> None:
        file, counts = self.file, self.counts
        first = next(iter(self.touched.values()), None)
        if first is not None:
            file.entity_id = first.entity_id
        for name in ("new_lines", "known_lines", "new_items", "known_items", "in_ore", "out_ore"):
            setattr(file, name, getattr(counts, name))
        if counts.before_opening:
            file.facts = {"before_opening": counts.before_opening}
        leaning.remember(file, self.leans_on, self.accounts.chosen)
        file.state, file.read_at = State.READ, clock.now()
        file.save(
            update_fields=["entity", "new_lines", "known_lines", "new_items", "known_items",
                           "in_ore", "out_ore", "facts", "state", "read_at"]
        )  # fmt: skip


class Days:
    """The first and last day of some lines."""

    def __init__(self) -> None:
        self.first: date | None = None
        self.last: date | None = None

    def see(self, day: date) -> None:
        """One more line."""
        self.first = day if self.first is None or day < self.first else self.first
        self.last = day if self.last is None or day > self.last else self.last


def _refuse(file: StatementFile, error: FormatError, entity_id: int | None) -> None:
    """Nothing of it is kept but the file, and why, for those of the entity that took it in."""
    facts = {name: value for name, value in error.facts.items() if isinstance(value, int | str)}
    StatementFile.objects.filter(pk=file.pk, state=State.STORED).update(
        state=State.REFUSED, reason=error.code[:40], at=error.at[:60], facts=facts,
        entity=entity_id,
    )  # fmt: skip
