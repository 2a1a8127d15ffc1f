"""camt.052, .053 and .054 as statements, read while they come: memory does not grow with the file.

An element is let go as soon as its line or payment is made. Only booked entries count, and one that
moves nothing is no line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import IO

from fundraise.reconciliation.formats import checks
from fundraise.reconciliation.formats.base import FormatError, Head, Kind, Line, Statement
from fundraise.reconciliation.formats.camt.entries import Entries, Entry
from fundraise.reconciliation.formats.camt.heads import declared_of, head_of
from fundraise.reconciliation.formats.camt.names import Element, Names, local, namespace
from fundraise.reconciliation.formats.limits import LIMITS, Limits
from fundraise.reconciliation.formats.xml_events import Event, events

CONTAINERS = {Kind.CAMT_052: "Rpt", Kind.CAMT_053: "Stmt", Kind.CAMT_054: "Ntfctn"}
MESSAGES = {
    "BkToCstmrAcctRpt": Kind.CAMT_052,
    "BkToCstmrStmt": Kind.CAMT_053,
    "BkToCstmrDbtCdtNtfctn": Kind.CAMT_054,
}


class CamtReader:
    """One kind of camt, any version that calls its elements the same."""

    version = "camt 1"

    def __init__(self, kind: Kind, limits: Limits = LIMITS) -> None:
        self.kind = kind
        self._limits = limits

    def statements(self, file: IO[bytes]) -> Iterator[Statement]:
        """Each account's part. Raises FormatError."""
        container = CONTAINERS[self.kind]
        stream = events(file, (container, "Ntry", "NtryDtls", "TxDtls"), self._limits)
        counter, seen = Counter(self._limits), 0
        for name, element in stream:
            if name != "start" or local(element) != container:
                raise FormatError("structure", f"line {element.sourceline}")
            seen += 1
            if seen > self._limits.statements:
                raise FormatError("too_many", f"line {element.sourceline}")
            statement = CamtStatement(self.kind, element, stream, counter)
            yield checks.Checked(statement)
            for _line in statement.lines():
                pass
        if not seen:
            raise FormatError("no_statement")


class Counter:
    """Numbers the entries of a file, and holds its limits."""

    def __init__(self, limits: Limits) -> None:
        self.entries = self.payments = 0
        self._limits = limits

    def entry(self) -> str:
        """The place of one more entry. Raises FormatError when there are too many."""
        self.entries += 1
        if self.entries > self._limits.lines:
            raise FormatError("too_many", f"entry {self.entries}")
        return f"entry {self.entries}"

    def payment(self) -> None:
        """One more payment."""
        self.payments += 1
        if self.payments > self._limits.payments:
            raise FormatError("too_many", f"entry {self.entries}")


class CamtStatement:
    """One account's part: its head is read before its first entry."""

    def __init__(
        self, kind: Kind, element: Element, stream: Iterator[Event], counter: Counter
    ) -> None:
        self._element, self._stream, self._counter = element, stream, counter
        prefix = namespace(element)
        self._entries = Entries(prefix)
        self._next: Event | None = next(stream, None)  # all before it has been read
        names = Names(prefix)
        self._head, self._tells_days = head_of(element, names, kind)
        self._declared = declared_of(element, names)
        self._found = checks.Counted()
        self._tags = [prefix + name for name in ("Ntry", "NtryDtls", "TxDtls")]
        self._days: tuple[date, date] | None = None
        self._lines = self._read()

    def head(self) -> Head:
        """Once its lines are read, its days hold theirs; they are theirs where it says none."""
        if self._days is None:
            return self._head
        first, last = self._days
        if self._tells_days:
            first = min(first, self._head.from_day or first)
            last = max(last, self._head.to_day or last)
        return replace(self._head, from_day=first, to_day=last)

    def lines(self) -> Iterator[Line]:
        """The lines that are not taken yet. Raises FormatError."""
        return self._lines

    def _events(self) -> Iterator[Event]:
        """Up to the end of this statement."""
        while self._next is not None and self._next[1] is not self._element:
            yield self._next
            self._next = next(self._stream, None)

    def _read(self) -> Iterator[Line]:
        """Entry by entry."""
        entry_tag, details_tag, payment_tag = self._tags
        entry: Entry | None = None
        at = ""  # of the entry that is open
        for name, element in self._events():
            tag = element.tag
            if name == "start":
                if tag == entry_tag:
                    _must(not at, element)
                    at = self._counter.entry()
                elif tag == details_tag and entry is None:
                    entry = self._begin(element.getparent(), at)
            elif tag == payment_tag:
                self._payment(element, entry)
            elif tag == details_tag:
                self._details(element, entry)
            elif tag == entry_tag:
                line = self._end(element, entry or self._begin(element, at))
                entry, at = None, ""
                if line is not None:
                    first, last = self._days or (line.booked_on, line.booked_on)
                    self._days = min(first, line.booked_on), max(last, line.booked_on)
                    yield line
        checks.declared(self._declared, self._found)
        _let_go(self._element)

    def _begin(self, element: Element | None, at: str) -> Entry:
        if element is None or element.tag != self._tags[0]:
            raise FormatError("structure", at)
        return self._entries.begin(element, at)

    def _payment(self, element: Element, entry: Entry | None) -> None:
        if entry is None:
            raise FormatError("structure", f"line {element.sourceline}")
        self._counter.payment()
        if entry.is_booked:
            self._entries.add_payment(element, entry)
        _let_go(element)

    def _details(self, element: Element, entry: Entry | None) -> None:
        if entry is None:
            raise FormatError("structure", f"line {element.sourceline}")
        self._entries.end_details(element, entry)
        _let_go(element)

    def _end(self, element: Element, entry: Entry) -> Line | None:
        """The line, or None when it is not booked or moves nothing."""
        self._found.add(entry.sign * entry.amount_ore)
        line = self._entries.end(element, entry) if entry.is_booked else None
        _let_go(element)
        if line is not None and not line.amount_ore and line.payments:
            raise FormatError("cancelled_out", line.at)
        return line if line is not None and line.amount_ore else None


def _must(right: bool, element: Element) -> None:
    if not right:
        raise FormatError("structure", f"line {element.sourceline}")


def _let_go(element: Element) -> None:
    """Free what an element held, and the one before it of its kind."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        parent = element.getparent()
        if parent is not None:
            parent.remove(before)
