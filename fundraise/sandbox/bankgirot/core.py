"""What the bank does by itself: takes files, runs bank days, hands out reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot import (
    acts,
    change_orders,
    draws,
    events,
    intake,
    mandate_orders,
    others,
    payment_orders,
    people,
)
from fundraise.sandbox.bankgirot.config import Payee
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.draws import Executed
from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.handout import Handout
from fundraise.sandbox.bankgirot.knobs import Dice, Knobs
from fundraise.sandbox.bankgirot.registers import Payment, Register
from fundraise.sandbox.bankgirot.sections import Deposit

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CUT_OFF_HOUR = 19
HANDLERS = {"mandates": mandate_orders.handle, "payments": payment_orders.handle,
            "changes": change_orders.handle}  # fmt: skip


@dataclass(frozen=True)
class Receipt:
    """What became of a file that was handed in."""

    name: str
    accepted: bool
    reason: str
    line: int
    orders: int
    # The bank day it counts for; None is the next that is run.
    counts_for: date | None
    sha256: str


@dataclass
class Waiting:
    """An accepted file until its day is run."""

    counts_for: date | None
    sections: list[intake.Section]


@dataclass
class Core:
    payees: Iterable[Payee]
    knobs: Knobs = field(default_factory=Knobs)

    def __post_init__(self) -> None:
        self.dice = Dice(self.knobs)
        self.registers = {payee.bankgiro: Register(payee) for payee in self.payees}
        self.inbox: list[Waiting] = []
        self.log: list[Receipt] = []
        self.handout = Handout(self.dice)
        self.last_day: date | None = None
        # What payers were told to do: bankgiro, name of the act, its particulars.
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.draws: list[Executed] = []
        self.refunds: list[Executed] = []

    # Files

    def receive(self, data: bytes, name: str = "", at: datetime | None = None) -> Receipt:
        """Take a file, or refuse it whole; `at` is an aware instant."""
        digest, day = sha256(data).hexdigest(), counts_for(at) if at else None
        try:
            if self.knobs.refuses_same_file and any(
                known.accepted and known.sha256 == digest for known in self.log
            ):
                raise intake.Refused(0, "the same file has been handed in before")
            sections = intake.read(data, self._find)
        except intake.Refused as problem:
            receipt = Receipt(name, False, problem.reason, problem.line, 0, day, digest)
        else:
            self.inbox.append(Waiting(day, sections))
            orders = sum(len(section.orders) for section in sections)
            receipt = Receipt(name, True, "", 0, orders, day, digest)
        self.log.append(receipt)
        return receipt

    def _find(self, bankgiro: str, customer: str) -> Payee | None:
        found = self.registers.get(bankgiro)
        return found.payee if found and found.payee.customer == customer else None

    @property
    def deposits(self) -> list[Deposit]:
        return self.handout.deposits

    def adopt(self, payees: Iterable[Payee]) -> None:
        """Payees as they are agreed now; those that are not named any more are left as they are."""
        for payee in payees:
            self.registers.setdefault(payee.bankgiro, Register(payee)).payee = payee

    # Days

    def run_day(self, day: date) -> list[ReportFile]:
        """One bank day. Raises ValueError on another day, or one that is past."""
        if not bankdays.is_bank_day(day):
            raise ValueError(f"{day} is no bank day")
        if self.last_day is not None and day <= self.last_day:
            raise ValueError(f"{day} has been run; the last was {self.last_day}")
        self.last_day = day
        todays = [Day(day, register, self.dice) for register in self.registers.values()]
        for today in todays:
            self._morning(today)
        self.asked = []
        self._evening(day, {today.bankgiro: today for today in todays})
        return self.handout.of(day, todays)

    def _morning(self, day: Day) -> None:
        for bankgiro, name, given in self.asked:
            if bankgiro == day.bankgiro:
                acts.ACTS[name](day, **given)
        others.run(day)
        self.draws += draws.run(day)
        self.refunds += draws.refunds(day)
        mandate_orders.tell_answers(day)
        events.run(day)
        for _ in range(self.knobs.emandates_per_day):
            acts.emandate(day, **people.signer(self.dice.random))

    def _evening(self, day: date, todays: dict[str, Day]) -> None:
        ready = [w for w in self.inbox if w.counts_for is None or w.counts_for <= day]
        self.inbox = [w for w in self.inbox if w.counts_for is not None and w.counts_for > day]
        for waiting in ready:
            for section in waiting.sections:
                handler = HANDLERS[section.sort]
                for line in section.orders:
                    handler(todays[section.bankgiro], line)

    def next_day(self, today: date) -> date:
        """The bank day that would be run next."""
        return bankdays.on_or_after(
            today if self.last_day is None else self.last_day + timedelta(days=1)
        )

    def key_of(self, bankgiro: str) -> str:
        """The number as it stands in records. Raises ValueError."""
        key = bankgiro.replace("-", "").rjust(10, "0")
        if key not in self.registers:
            raise ValueError("bankgiro: not registered here")
        return key

    # What can be looked at

    def mandates(self, bankgiro: str) -> dict[str, str]:
        """Payer number, without leading zeros, to state, also of mandates that have ended."""
        register = self.registers[self.key_of(bankgiro)]
        states = {found.payer.lstrip("0"): found.state for found in register.ended.values()}
        return states | {m.payer.lstrip("0"): m.state for m in register.mandates.values()}

    def waiting(self, bankgiro: str) -> list[Payment]:
        """The watch register, by date and payer number."""
        found = self.registers[self.key_of(bankgiro)].watch.payments.values()
        return sorted(found, key=lambda payment: (payment.due, payment.payer, payment.number))

    def receipts(self) -> list[dict[str, Any]]:
        return [asdict(receipt) for receipt in self.log]


def counts_for(at: datetime) -> date:
    """The bank day of an instant: before 19:00 the same day, else the next bank day."""
    local = at.astimezone(STOCKHOLM)
    day = local.date() if local.hour < CUT_OFF_HOUR else local.date() + timedelta(days=1)
    return bankdays.on_or_after(day)
