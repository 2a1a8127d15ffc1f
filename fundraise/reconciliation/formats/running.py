"""Balances that stand beside the rows: they prove that no row is missing, in either direction.

A file is newest first or oldest first and seldom says which. Both are followed, and the file is
refused at the row where neither holds any more. A balance may stand at some rows only; where the
last row alone has none, the file was cut within it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fundraise.reconciliation.formats.base import FormatError


@dataclass(slots=True)
class _Way:
    """One direction: what the balance must be at the next row that has one."""

    oldest_first: bool
    holds: bool = True
    last: int | None = None  # the last balance that was seen
    moved: int = 0  # since then, with that row's own amount where the way is newest first
    before: int = 0  # amounts above the first balance
    edge: int = 0  # the opening (oldest first) or closing balance

    def expects(self, amount: int) -> int | None:
        """The balance at a row of this amount, once one was seen."""
        if self.last is None:
            return None
        return self.last + self.moved + amount if self.oldest_first else self.last - self.moved

    def add(self, amount: int, balance: int | None) -> None:
        if balance is None:
            self.moved += amount
            return
        if self.last is None:
            self.edge = balance - self.moved - amount if self.oldest_first else balance + self.moved
        self.last, self.moved = balance, 0 if self.oldest_first else amount

    def ends(self) -> tuple[int, int]:
        """Opening and closing balance."""
        last = self.last or 0
        if self.oldest_first:
            return self.edge, last + self.moved
        return last - self.moved, self.edge


class Running:
    """Follows the balances of a statement's rows."""

    def __init__(self, *, newest_first: bool = True, by_day: bool = False) -> None:
        self._newest_first = newest_first
        self._ways = [_Way(oldest_first=False), _Way(oldest_first=True)]
        self._by_day = by_day
        self._day: date | None = None  # of the row before
        self._group: tuple[str, int, int | None] | None = None
        self._rises = self._falls = False
        self._rows = self._told = 0  # and how many of them had a balance
        self._blank_at = ""  # where the newest row stands, when it has none

    def add(self, at: str, day: date, amount: int, balance: int | None) -> None:
        """One more row. Raises FormatError where the balances hold in neither direction."""
        before, self._day = self._day or day, day
        self._rises = self._rises or day > before
        self._falls = self._falls or day < before
        if not self._by_day:
            self._follow(at, amount, balance)
            return
        if self._group is None or day != before:
            self._flush()
            self._group = (at, 0, None)
        first, moved, known = self._group
        told_here = balance is not None and known is None
        self._group = (at if told_here else first, moved + amount, balance if told_here else known)

    def ends(self) -> tuple[int, int] | tuple[None, None]:
        """Opening and closing balance, or nothing when no row had one. Raises FormatError."""
        self._flush()
        if self._blank_at and self._told and self._told == self._rows - 1:
            raise FormatError("no_end", self._blank_at)  # cut within its last row
        held = [way for way in self._ways if way.holds and way.last is not None]
        if not held:
            return None, None
        newest_first = self._falls if self._falls != self._rises else self._newest_first
        held.sort(key=lambda way: way.oldest_first is newest_first)
        return held[0].ends()

    def _flush(self) -> None:
        """A day's rows are one: the balance stands at whichever of them."""
        if self._group is not None:
            self._follow(*self._group)
            self._group = None

    def _follow(self, at: str, amount: int, balance: int | None) -> None:
        self._rows += 1
        self._told += balance is not None
        self._blank_at = at if balance is None else ""
        held = [way for way in self._ways if way.holds]
        wanted = [way.expects(amount) for way in held]
        if balance is not None:
            for way, expected in zip(held, wanted, strict=True):
                way.holds = expected is None or expected == balance
            if not any(way.holds for way in held):
                likely = held[-1] if self._rises and not self._falls else held[0]
                found = wanted[held.index(likely)]
                raise FormatError("running_balance", at, said=balance, found=found)
        for way in self._ways:
            way.add(amount, balance)
