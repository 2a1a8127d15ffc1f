"""The bank: what it hears of is booked on its day, a statement a day, and files of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from fundraise.sandbox import bankdays
from fundraise.sandbox.bank import csv_files, handout, orders, sources
from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.book import Book
from fundraise.sandbox.bank.givers import Giver
from fundraise.sandbox.bank.handout import Fault, File, Handout
from fundraise.sandbox.bank.knobs import Dice, Knobs
from fundraise.sandbox.bank.moves import Move, Statement
from fundraise.sandbox.bank.noise import Noise
from fundraise.sandbox.bank.payouts import Planned, planned

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Day:
    """What came of one bank day."""

    date: date
    statements: list[Statement]
    files: list[File]
    faults: list[Fault]

    @property
    def truth(self) -> list[Json]:
        """What every payment of the day is: a row each."""
        return [row for statement in self.statements for row in truth_of(statement)]


@dataclass
class Bank:
    accounts: Iterable[BankAccount]
    knobs: Knobs = field(default_factory=Knobs)

    def __post_init__(self) -> None:
        self.dice = Dice(self.knobs)
        self.books = {a.number: Book(a, a.opening_ore) for a in self.accounts}
        self.givers: list[Giver] = []
        self.handout = Handout(self.dice)
        self.noise = Noise(self.dice, list(self.accounts))
        self.waiting: list[tuple[date, Move]] = []
        self.heard: set[str] = set()
        # Sent on a list, and taken by nobody: they come back a day after they left.
        self.refused: list[Move] = []
        self.last_day: date | None = None

    # What it hears of

    def pay(self, move: Move, day: date | None = None) -> None:
        """Somebody pays, or is paid, on a day or else the next that is run. Raises ValueError."""
        if move.account not in self.books:
            raise ValueError("account: not one of this bank's")
        self.waiting.append((day or date.min, move))

    def order(self, content: bytes) -> int:
        """A list of payments of an account holder's, pain.001; they leave on the next day that is
        run, and now and then one comes back the day after. Raises ValueError; nothing is paid."""
        sent = list(orders.moves(content, list(self._accounts())))
        for move in sent:
            self.pay(move)
            if self.dice.falls("refund.returned", move.account):
                self.refused.append(move)
        return len(sent)

    def hear_payouts(self, payouts: Iterable[Mapping[str, Any]], account: str = "") -> int:
        """Stripe's payouts to an account, or to the first; returns how many were news."""
        number = account or next(iter(self.books))
        news = 0
        # Stripe's list begins with the newest.
        for payout in reversed(list(payouts)):
            for day, key, move in sources.payout_moves(number, payout):
                if key not in self.heard:
                    self.heard.add(key)
                    self._plan(move, self._open(day), fresh="/" not in key)
                    news += 1
        return news

    def hear_deposits(self, deposits: Iterable[Mapping[str, Any]]) -> int:
        """Bankgirot's deposits and withdrawals to the accounts of their bankgiro numbers."""
        news = 0
        for deposit in deposits:
            number = sources.account_of(str(deposit["bankgiro"]), list(self._accounts()))
            found = sources.deposit_move(number, deposit) if number else None
            if found and found[1] not in self.heard:
                self.heard.add(found[1])
                self.waiting.append((found[0], found[2]))
                news += 1
        return news

    def _plan(self, move: Move, day: date, *, fresh: bool) -> None:
        plan = planned(move, day, self.dice) if fresh else Planned([(self._after(move, day), move)])
        self.waiting += plan.moves
        if any(other.kind == "payout_return" for _when, other in plan.moves):
            # Told by the bank first; what Stripe says of it later is no news.
            self.heard.add(sources.failed_key(move.source))
        self.handout.faults += plan.faults

    def _after(self, move: Move, day: date) -> date:
        """What comes back does so after it came."""
        before = [when for when, other in self.waiting if other.source == move.source]
        return bankdays.after(max([day, *before])) if before else day

    def _open(self, day: date) -> date:
        """The day, or the next that can be run."""
        first = self.last_day + timedelta(days=1) if self.last_day else day
        return bankdays.on_or_after(max(day, first))

    def _accounts(self) -> Iterator[BankAccount]:
        for book in self.books.values():
            yield book.account

    def adopt(self, accounts: Iterable[BankAccount]) -> None:
        """Accounts as they are agreed now; those not named any more are left as they are."""
        for account in accounts:
            book = self.books.setdefault(account.number, Book(account, account.opening_ore))
            book.account = account
        self.noise.accounts = list(self._accounts())

    # Days

    def run(self, first: date, last: date) -> Iterator[Day]:
        """Every bank day from one to another."""
        day = bankdays.on_or_after(first)
        while day <= last:
            yield self.run_day(day)
            day = bankdays.after(day)

    def run_day(self, day: date) -> Day:
        """One bank day. Raises ValueError on another day, or one that is past."""
        if not bankdays.is_bank_day(day):
            raise ValueError(f"{day} is no bank day")
        if self.last_day is not None and day <= self.last_day:
            raise ValueError(f"{day} has been run; the last was {self.last_day}")
        self.noise.people = self.givers
        moves = self._todays(day)
        self.last_day = day
        statements = []
        for number, book in self.books.items():
            todays = [move for move in moves if move.account == number]
            if todays or book.account.empty_days:
                statement = book.post(day, todays, self.dice.random)
                book.remember(statement)
                statements.append(statement)
        files = self.handout.of(day, statements)
        faults, self.handout.faults = self.handout.faults, []
        return Day(day, statements, files, faults)

    def _todays(self, day: date) -> list[Move]:
        due = [move for when, move in self.waiting if when <= day]
        self.waiting = [(when, move) for when, move in self.waiting if when > day]
        for move in self.refused:
            later = bankdays.after(day)
            self.waiting.append((later, sent_back(move)))
            self.handout.faults.append(
                Fault(day, "refund.returned", move.account, move.source, later)
            )
        self.refused = []
        for when, move in self.noise.of(day):
            if when <= day:
                due.append(move)
            else:
                self.waiting.append((when, move))
        return due

    def next_day(self, today: date) -> date:
        """The bank day that would be run next."""
        after = self.last_day + timedelta(days=1) if self.last_day else today
        return bankdays.on_or_after(after)

    # What can be asked for

    def extract(self, number: str, kind: str, first: date, last: date) -> list[File]:
        """Days once more: a CSV over all of them, or a message each. Raises ValueError."""
        if number not in self.books or kind not in handout.ENDS:
            raise ValueError(f"account and kind: one of this bank's, {', '.join(handout.ENDS)}")
        book = self.books[number]
        days = list(handout.days_between(book.statements, first, last))
        if not days:
            raise ValueError("from, to: no day of these is kept")
        if kind == "csv":
            data = csv_files.made(book.account, days)
            name = f"csv_{number}_{first:%Y%m%d}-{last:%Y%m%d}.csv"
            return [File(name, kind, number, days[-1].day, data)]
        made = (self.handout.make(kind, day, day.day) for day in days)
        return [file for file in made if file]


def sent_back(move: Move) -> Move:
    return replace(move, amount_ore=-move.amount_ore, kind="refund_returned", reason="AC04")


def truth_of(statement: Statement) -> Iterator[Json]:
    for entry in statement.entries:
        for payment in entry.payments:
            move = asdict(payment.move)
            yield move | {"ref": payment.ref, "entry": entry.ref, "batch": entry.batch,
                          "iban": statement.account.iban, "day": str(statement.day),
                          "marks": list(payment.move.marks)}  # fmt: skip


def reissued(file: File, ident: str) -> File:
    """The same content under another message id and statement id."""
    return replace(file, data=file.data.replace(file.id.encode(), ident.encode()), id=ident)
