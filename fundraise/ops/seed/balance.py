"""The provider's balance as the seed tells it: lines, and payouts on weekdays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from fundraise.ops.seed.books import Books, Moment, Voucher, new_ref, way
from fundraise.ops.seed.sheets import NULL, Sheets
from fundraise.ops.seed.totals import Totals

SYSTEM = "system:stripe"
SATURDAY = 5


@dataclass(slots=True)
class Balance:
    """What lies at the provider since the last payout."""

    account: int
    mark: str  # parts this seed's refs from another's
    sheets: Sheets
    books: Books
    totals: Totals
    accounts: dict[str, int]
    payout: int  # the row id of the payout that is next
    last_payout_day: date
    waiting_ore: int = 0
    waiting_lines: int = 0
    line_number: int = 0
    goes_to: str = NULL

    def new_line(self) -> str:
        """The name of the next line."""
        self.line_number += 1
        return f"txn_{self.mark}{self.line_number}"

    def add(self, ref: str, kind: str, ore: int, fee: int, source: str, at: Moment) -> None:
        """Keep a line; the next payout pays it out."""
        self.waiting_ore += ore - fee
        self.waiting_lines += 1
        self._write(ref, kind, ore, fee, source, at)

    def _write(self, ref: str, kind: str, ore: int, fee: int, source: str, at: Moment) -> None:
        self.totals.balance_lines += 1
        self.totals.stripe_ore += ore - fee
        self.sheets.lines["providers_balanceline"].append(
            f"{self.account}\t{ref}\t{kind}\t{ore}\t{fee}\t{source}\t{self.goes_to}\t{at.text}\n"
        )

    def begin_day(self, day: date, at: Moment) -> None:
        """On weekdays what has gathered is paid out; then lines gather for the next payout."""
        if day.weekday() < SATURDAY and self.waiting_lines:
            self._pay_out(at)
        self.goes_to = str(self.payout) if day < self.last_payout_day else NULL

    def _pay_out(self, at: Moment) -> None:
        ore, ref, line = self.waiting_ore, f"po_{self.mark}{self.payout}", self.new_line()
        if ore:
            # To the bank, or from it when more was given back than came in.
            stripe, transit = self.accounts["stripe"], self.accounts["payout_in_transit"]
            moved = way(transit, stripe) if ore > 0 else way(stripe, transit)
            text, source = f"Utbetalning {ref}", f"stripe:line:{line}"
            voucher = Voucher("P", text, source, "", SYSTEM, [(moved, abs(ore))])
            self.books.post(voucher, at)
        own = new_ref(Random(ref))  # noqa: S311 - believable, not secret
        self.sheets.lines["providers_payout"].append(
            f"{self.payout}\t{own}\t{self.account}\t{ref}\t{ore}\tpaid\t{at.day}\t\t{at.text}\tt\n"
        )
        self._write(line, "payout", -ore, 0, ref, at)
        self.totals.payouts += 1
        self.totals.paid_out_ore += ore
        self.waiting_ore = self.waiting_lines = 0
        self.payout += 1


def last_payout_day(days: Sequence[date]) -> date:
    """Lines of this day and later wait for a payout that the seed does not tell of."""
    return max((day for day in days[1:] if day.weekday() < SATURDAY), default=days[0])
