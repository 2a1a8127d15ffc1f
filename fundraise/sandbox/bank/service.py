"""The process around the bank: folder, clock, what it hears, and nothing lost when killed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from fundraise import clock
from fundraise.sandbox import bankdays
from fundraise.sandbox.bank import handout, sources
from fundraise.sandbox.bank.config import Config, Json
from fundraise.sandbox.bank.core import Bank, reissued
from fundraise.sandbox.bank.handout import File
from fundraise.sandbox.bank.knobs import Knobs
from fundraise.sandbox.bank.store import Store

log = logging.getLogger(__name__)
T = TypeVar("T")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
# A day's files are there when the day is over.
LAST_HOUR = 22
# What is kept of the bank between two runs of the process.
KEPT = ("books", "givers", "handout", "waiting", "refused", "heard", "last_day")
# A movement's quiet days, until a control page says otherwise.
DEMO_NOISE = {
    "giro_gift": 3.0, "swish_gift": 4.0, "transfer_gift": 0.5, "membership_fee": 1.5,
    "own_transfer": 0.1, "supplier": 1.0, "salary": 1.0, "tax": 1.0, "interest": 1.0,
    "bank_fee": 1.0, "public_support": 1.0,
}  # fmt: skip
DEMO_SHARES = {"payment.variant": 0.15, "payment.twin": 0.02, "payment.no_reference": 0.01}


class Service:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store(config.database)
        self._turn = threading.RLock()
        self._stop = threading.Event()
        # Which stand-ins did not answer when they were last asked.
        self.away: list[str] = []
        config.from_bank.mkdir(parents=True, exist_ok=True)
        self.bank = self._restored()
        clock.use(lambda: timedelta(seconds=self.bank.knobs.clock_offset_seconds))

    def _restored(self) -> Bank:
        kept = self.store.load()
        knobs = Knobs(noise=dict(DEMO_NOISE), shares=dict(DEMO_SHARES))
        bank = Bank(self.config.accounts, Knobs(**kept["knobs"]) if kept else knobs)
        if kept:
            for name in KEPT:
                setattr(bank, name, kept.get(name, getattr(bank, name)))
            bank.dice.random, bank.dice.asked = kept["random"], kept["asked"]
            bank.noise.recent = kept["recent"]
            bank.handout.dice = bank.dice
            bank.adopt(self.config.accounts)
        return bank

    def save(self) -> None:
        bank = self.bank
        kept = {name: getattr(bank, name) for name in KEPT}
        more = {"random": bank.dice.random, "asked": bank.dice.asked, "recent": bank.noise.recent}
        self.store.save(kept | more | {"knobs": asdict(bank.knobs)})

    def change(self, act: Callable[[Bank], T]) -> T:
        """One act of the bank: kept as a whole, or not done. Raises what the act raises."""
        with self._turn:
            try:
                with self.store.write():
                    found = act(self.bank)
                    self.save()
            except BaseException:
                # What was done in memory is undone from the store.
                self.bank = self._restored()
                raise
            self.place()
        return found

    # What the other stand-ins paid out

    def listen(self) -> int:
        """Ask them; returns how many payouts and deposits were news."""
        payouts: list[Json] = []
        deposits: list[Json] = []
        away = []
        with self._turn:
            if self.config.stripe:
                try:
                    payouts = sources.ask_payouts(self.config.stripe, self.config.stripe_key)
                except sources.SourceAway as problem:
                    away.append(str(problem))
            if self.config.bankgirot:
                try:
                    deposits = sources.ask_deposits(self.config.bankgirot)
                except sources.SourceAway as problem:
                    away.append(str(problem))
            self.away = away
            return self.hear(payouts, deposits)

    def hear(self, payouts: list[Json], deposits: list[Json]) -> int:
        if not payouts and not deposits:
            return 0

        def act(bank: Bank) -> int:
            return bank.hear_payouts(payouts) + bank.hear_deposits(deposits)

        return self.change(act)

    # Files out

    def place(self) -> None:
        """Put into the folder what is not there yet: whole or not at all."""
        sql = "SELECT id, name, data FROM files WHERE placed = 0 ORDER BY id"
        for number, name, data in self.store.query(sql):
            part = self.config.from_bank / f".{name}.part"
            part.write_bytes(data)
            part.replace(self.config.from_bank / name)
            self.store.run("UPDATE files SET placed = 1 WHERE id = ?", number)

    def again(self, name: str, how: str = "") -> str:
        """Hand a file out once more under a new name; returns it. Raises ValueError."""
        known = self.store.file(name)
        if known is None:
            raise ValueError(f"No file is named {name}")
        if how not in ("", "cut", "reissued"):
            raise ValueError("how: cut, reissued, or nothing")
        number = self.store.count() + 1
        stem, _, end = name.rpartition(".")
        copy = replace(known, name=f"{stem}-again{number}.{end}", note=f"file.{how or 'again'}")
        if how == "cut":
            copy = replace(copy, data=handout.cut(copy.data))
        elif how == "reissued":
            copy = reissued(copy, f"{known.id[:25]}R{number}")
        self.change(lambda _bank: self.store.hand_out([copy]))
        return copy.name

    def extract(self, number: str, kind: str, first: date, last: date) -> list[str]:
        """Days once more, as the holder fetches them on the bank's web. Raises ValueError."""

        def act(bank: Bank) -> list[str]:
            count = self.store.count()
            files = bank.extract(number, kind, first, last)
            named = [_numbered(file, count + n) for n, file in enumerate(files, 1)]
            self.store.hand_out(named)
            return [file.name for file in named]

        return self.change(act)

    # Days

    def run_day(self, day: date | None = None) -> list[File]:
        """The next bank day, or every bank day up to one. Raises ValueError on one that is past."""
        with self._turn:
            upcoming = self.bank.next_day(clock.today())
            last = day or upcoming
            if last < upcoming or not bankdays.is_bank_day(last):
                raise ValueError(f"{last}: no bank day, or past; the next is {upcoming}")
            self.listen()
            found: list[File] = []
            while upcoming <= last:
                found += self.change(partial(self._run, upcoming))
                upcoming = bankdays.after(upcoming)
            return found

    def _run(self, day: date, bank: Bank) -> list[File]:
        done = bank.run_day(day)
        self.store.hand_out(done.files)
        self.store.remember(done)
        return done.files

    def run_due(self) -> None:
        """Days that are over by the clock."""
        local = clock.now().astimezone(STOCKHOLM)
        over = local.date() if local.hour >= LAST_HOUR else local.date() - timedelta(days=1)
        last = bankdays.on_or_before(over)
        if self.bank.last_day is not None and self.bank.last_day < last:
            self.run_day(last)

    # The thread that does it all by itself

    def start(self) -> None:
        if self.bank.last_day is None:
            # Days before it was there are nobody's.
            self.begin(clock.today())
        self.place()
        threading.Thread(target=self._work, name="background", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        with self._turn:
            pass

    def _work(self) -> None:
        while not self._stop.wait(self.config.poll_seconds):
            try:
                with self._turn:
                    self.run_due()
            except Exception:
                log.exception("A turn of the background stumbled")

    def reset(self) -> None:
        """Forget everything: balances, files, what was heard, knobs."""
        with self._turn:
            self.store.clear()
            for path in self.config.from_bank.iterdir():
                # What others keep there in folders is theirs.
                if path.is_file():
                    path.unlink()
            self.bank = self._restored()
            self.begin(clock.today())

    def begin(self, day: date) -> None:
        """The first day that is run. Raises ValueError when files were handed out already."""
        with self._turn:
            if self.store.count():
                raise ValueError("date: it has begun; reset it first")
            before = bankdays.on_or_before(day - timedelta(days=1))
            self.change(lambda bank: setattr(bank, "last_day", before))

    def state(self) -> Json:
        bank = self.bank
        return {
            "now": f"{clock.now().astimezone(STOCKHOLM):%Y-%m-%d %H:%M}",
            "last_day": str(bank.last_day or ""),
            "next_day": str(bank.next_day(clock.today())),
            "accounts": [
                asdict(book.account)
                | {"iban": book.account.iban, "balance_ore": book.balance_ore,
                   "sequence": book.sequence}
                for book in bank.books.values()
            ],
            "givers": len(bank.givers),
            "waiting": len(bank.waiting),
            "away": self.away,
            "asked": [{"name": name, "account": account, "times": times}
                      for (name, account), times in bank.dice.asked.items() if times],
            "knobs": asdict(bank.knobs),
            "files": self.store.files(40),
            "faults": self.store.faults(20),
        }  # fmt: skip


def _numbered(file: File, number: int) -> File:
    stem, _, end = file.name.rpartition(".")
    return replace(file, name=f"{stem}-extract{number}.{end}")
