"""What must add up in a file before anything of it is believed. Streaming; raises FormatError.

The error names the place where the file stops adding up, with the sums it says and the sums found:
no text of a payer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fundraise.reconciliation.formats.base import FormatError, Head, Kind, Line, Payment, Statement


@dataclass(frozen=True, slots=True)
class Declared:
    """What a statement says of itself, each where it says it."""

    count: int | None = None
    credit_count: int | None = None
    debit_count: int | None = None
    credit_ore: int | None = None
    debit_ore: int | None = None
    total_ore: int | None = None


@dataclass(slots=True)
class Counted:
    """What was found, also of entries that are not booked."""

    credits: int = 0
    debits: int = 0
    credit_ore: int = 0
    debit_ore: int = 0

    def add(self, amount_ore: int) -> None:
        """One more movement; nothing counts as money in."""
        if amount_ore < 0:
            self.debits += 1
            self.debit_ore -= amount_ore
        else:
            self.credits += 1
            self.credit_ore += amount_ore


class Checked:
    """A statement whose lines are checked while they are taken."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def head(self) -> Head:
        """The statement's own."""
        return self._statement.head()

    def lines(self) -> Iterator[Line]:
        """Its lines; raises FormatError where they do not add up, at the end at the latest."""
        moved = 0
        for line in self._statement.lines():
            moved += line.amount_ore
            yield line
        balances(self._statement.head(), moved)


def balances(head: Head, moved_ore: int) -> None:
    """Opening and movements are the closing balance."""
    if head.opening_ore is None or head.closing_ore is None:
        if head.kind is Kind.CAMT_053 and head.page is None:
            raise FormatError("balance_missing", "the statement")
        return
    found = head.opening_ore + moved_ore
    if found != head.closing_ore:
        raise FormatError(
            "balance", "the statement", said=head.closing_ore, found=found,
            opening=head.opening_ore, moved=moved_ore,
        )  # fmt: skip


def details(
    at: str, amount_ore: int, payments: Iterable[Payment], count: int | None, total: int | None
) -> None:
    """The payments in an entry are its sum, and as many and as much as its batch says."""
    found = number = 0
    for payment in payments:
        found += payment.amount_ore
        number += 1
    if not number:
        return
    if found != amount_ore:
        raise FormatError("details", at, said=amount_ore, found=found)
    if count is not None and count != number:
        raise FormatError("count", at, said=count, found=number)
    if total is not None and total != found:
        raise FormatError("details", at, said=total, found=found)


def declared(said: Declared, found: Counted) -> None:
    """The summary counts and adds up what is there; of the total the signs may be left out."""
    at = "the statement"
    pairs = (
        (said.count, found.credits + found.debits),
        (said.credit_count, found.credits),
        (said.debit_count, found.debits),
    )
    for count, number in pairs:
        if count is not None and count != number:
            raise FormatError("count", at, said=count, found=number)
    for ore, total in ((said.credit_ore, found.credit_ore), (said.debit_ore, found.debit_ore)):
        if ore is not None and ore != total:
            raise FormatError("sum", at, said=ore, found=total)
    whole, net = found.credit_ore + found.debit_ore, abs(found.credit_ore - found.debit_ore)
    if said.total_ore is not None and said.total_ore not in {whole, net}:
        raise FormatError("sum", at, said=said.total_ore, found=whole)
