"""One payee's bank day: what is known, and what has happened so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Date

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.knobs import Dice, Knobs
from fundraise.sandbox.bankgirot.registers import Emandate, Mandate, Payment, Register


@dataclass
class Day:
    date: Date
    register: Register
    dice: Dice
    advice: list[rows.Advice] = field(default_factory=list)
    rejected: list[rows.Rejected] = field(default_factory=list)
    changes: list[rows.Change] = field(default_factory=list)
    blocks: list[rows.Block] = field(default_factory=list)
    # Each e-mandate is five lines.
    emandates: list[list[str]] = field(default_factory=list)

    @property
    def knobs(self) -> Knobs:
        return self.dice.knobs

    @property
    def bankgiro(self) -> str:
        return self.register.payee.bankgiro

    @property
    def next_day(self) -> Date:
        return bankdays.after(self.date)

    def advise(
        self, payer: str, pair: str, who: tuple[str, str] = ("", ""), debit_from: Date | None = None
    ) -> None:
        line = rows.advice(self.bankgiro, payer, pair, self.date, who)
        self.advice.append(rows.Advice(line, debit_from))

    def reject(self, payment: Payment, comment: str, amount: str = "") -> None:
        shown = amount or f"{payment.amount:012d}"
        self.rejected.append(rows.rejected(payment, shown, comment))

    def end_mandate(self, mandate: Mandate, pair: str, *, state: str = "cancelled") -> None:
        """It ends, and every payment that waits for it with it (TK03)."""
        self.advise(mandate.payer, pair, rows.particulars(mandate))
        self.lose_mandate(mandate.payer, state)

    def lose_mandate(self, payer: str, state: str = "cancelled") -> None:
        """It is gone, and nothing is said but that its payments are."""
        self.cancel_all(payer, "03")
        self.register.end(payer, state, self.date)

    def cancel_all(self, payer: str, kind: str) -> None:
        for payment in self.register.watch.of(payer):
            self.cancel(payment, kind)

    def cancel(self, payment: Payment, kind: str) -> None:
        self.register.watch.remove(payment)
        self.changes.append(rows.change(kind, payment, "12"))

    def tell_emandate(self, found: Emandate, message: str) -> None:
        self.emandates.append(rows.emandate(self.bankgiro, found, message))
