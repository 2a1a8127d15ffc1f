"""Stripe's itemised payout report as a statement: a line for each payout, its balance lines in it.

The names of the columns are data (`COLUMNS`): Stripe lets its customers choose columns, and the
ones here are those of the report `payout_reconciliation.itemized` as public code shows them, not as
Stripe promises them. A sum is after the fee; `fee_ore` has the fee. A category that is new passes
on as the payment's code: what to do with it is decided where it is booked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import IO

from fundraise.clock import local_date
from fundraise.reconciliation.formats import cells
from fundraise.reconciliation.formats.base import FormatError, Head, Kind, Line, Payment, Statement
from fundraise.reconciliation.formats.columns import places_of
from fundraise.reconciliation.formats.limits import LIMITS, Limits
from fundraise.reconciliation.formats.rows import encoding_of, lines, plain_name, rows

COLUMNS: dict[str, tuple[str, ...]] = {
    "payout": ("automatic_payout_id", "payout_id"),
    "paid_utc": ("automatic_payout_effective_at_utc",),
    "paid_at": ("automatic_payout_effective_at", "payout_arrival_date", "arrival_date"),
    "line": ("balance_transaction_id", "id"),
    "gross": ("gross", "amount"),
    "fee": ("fee",),
    "net": ("net",),
    "currency": ("currency",),
    "category": ("reporting_category",),
    "source": ("source_id", "source"),
    "intent": ("payment_intent_id",),
    "charge": ("charge_id",),
    "description": ("description",),
}
NEEDED = ("payout", "line", "gross", "fee", "net", "currency", "category")
PAYOUT = "payout"
RETURNS = {"refund", "dispute", "charge_failure", "partial_capture_reversal"}


def is_header(header: list[str]) -> bool:
    """Whether a table's first row has the report's columns, and the day of the payout."""
    found = _places(header)
    return all(name in found for name in NEEDED) and not found.keys().isdisjoint(
        {"paid_utc", "paid_at"}
    )


def _places(header: list[str]) -> dict[str, int]:
    places = places_of(header)
    return {
        name: next(places[plain_name(one)] for one in names if plain_name(one) in places)
        for name, names in COLUMNS.items()
        if any(plain_name(one) in places for one in names)
    }


@dataclass(slots=True)
class _Payout:
    at: str
    day: date
    payments: list[Payment] = field(default_factory=list)
    said_ore: int | None = None


class StripeReader:
    """The report of one Stripe account, which the file does not name: a person is asked."""

    kind = Kind.STRIPE_PAYOUTS
    version = "stripe payouts 1"

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits

    def statements(self, file: IO[bytes]) -> Iterator[Statement]:
        """One. Raises FormatError."""
        source = rows(lines(file, encoding_of(file, self._limits), self._limits), ",", self._limits)
        _number, header = next(source, (0, []))
        if not is_header(header):
            raise FormatError("no_header")
        places = _places(header)
        payouts: dict[str, _Payout] = {}
        for count, (number, row) in enumerate(source, 1):
            if count > self._limits.payments:
                raise FormatError("too_many", f"row {number}")
            if len(row) != len(header):
                raise FormatError("columns", f"row {number}", found=len(row), said=len(header))
            _add(payouts, _Row(places, number, row))
        if not payouts:
            raise FormatError("no_rows")
        yield Payouts(payouts)


class _Row:
    """A row with its cells by our names."""

    def __init__(self, places: dict[str, int], number: int, row: list[str]) -> None:
        self.at, self._row, self._places = f"row {number}", row, places

    def text(self, name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else self._row[place]

    def ore(self, name: str) -> int:
        try:
            return cells.ore(self.text(name), ".")
        except ValueError:
            raise FormatError("amount", f"{self.at}, column {name}") from None

    def day(self) -> date:
        """The day of the payout in Stockholm."""
        utc, local = self.text("paid_utc"), self.text("paid_at")
        try:
            if utc:
                return local_date(datetime.fromisoformat(utc).replace(tzinfo=UTC))
            return date.fromisoformat(local[:10])
        except ValueError:
            raise FormatError("day", f"{self.at}, column paid_at") from None


def _add(payouts: dict[str, _Payout], row: _Row) -> None:
    """One balance line to its payout; what is not paid out yet comes in a later report."""
    key = row.text("payout")
    if not key:
        return
    if row.text("currency").lower() != "sek":
        currency = row.text("currency")[:3].upper()
        raise FormatError("currency", f"{row.at}, column currency", currency=currency)
    payout = payouts.get(key)
    if payout is None:
        payout = payouts[key] = _Payout(row.at, row.day())
    gross, fee, net = row.ore("gross"), row.ore("fee"), row.ore("net")
    if gross - fee != net:
        raise FormatError("details", row.at, said=net, found=gross - fee)
    category = row.text("category")
    if category == PAYOUT:
        payout.said_ore = -net
        return
    payout.payments.append(
        Payment(
            net, row.at, bank_ref=row.text("line")[:80],
            end_to_end=(row.text("intent") or row.text("charge") or row.text("source"))[:80],
            reference=row.text("charge")[:80],
            message=row.text("description")[: LIMITS.text], order_id=row.text("source")[:80],
            code=category[:40], is_return=category in RETURNS, fee_ore=fee,
        )
    )  # fmt: skip


class Payouts:
    """The payouts of a report, in its order."""

    def __init__(self, payouts: dict[str, _Payout]) -> None:
        self._payouts = payouts

    def head(self) -> Head:
        days = [payout.day for payout in self._payouts.values()]
        return Head("", "stripe", Kind.STRIPE_PAYOUTS, from_day=min(days), to_day=max(days))

    def lines(self) -> Iterator[Line]:
        """Raises FormatError where a payout is not the sum of its lines."""
        for key, payout in self._payouts.items():
            net = sum(payment.amount_ore for payment in payout.payments)
            if payout.said_ore is not None and payout.said_ore != net:
                raise FormatError("details", payout.at, said=payout.said_ore, found=net)
            if net:
                yield Line(
                    net, payout.day, payout.at, bank_ref=key[:80], payments=tuple(payout.payments)
                )  # fmt: skip
            elif payout.payments:
                raise FormatError("cancelled_out", payout.at)
