"""The process around the bank: folders, clock, and nothing lost when it is killed."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from fundraise import clock
from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot.bank import Bankgirot
from fundraise.sandbox.bankgirot.config import Config, Json
from fundraise.sandbox.bankgirot.core import CUT_OFF_HOUR, STOCKHOLM, Receipt
from fundraise.sandbox.bankgirot.files import ReportFile, damaged
from fundraise.sandbox.bankgirot.store import Store

log = logging.getLogger(__name__)
T = TypeVar("T")
# What is kept of the bank between two runs of the process.
KEPT = ("registers", "inbox", "log", "handout", "last_day", "asked", "draws", "refunds")
NEWEST = 1000
UNFINISHED = (".part", ".tmp")


class Service:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store(config.database)
        self._turn = threading.RLock()
        self._stop = threading.Event()
        for folder in (config.to_bank, config.from_bank, config.taking, config.taken):
            folder.mkdir(parents=True, exist_ok=True)
        self.bank = self._restored()
        clock.use(lambda: timedelta(seconds=self.bank.knobs.clock_offset_seconds))

    def _restored(self) -> Bankgirot:
        bank, kept = Bankgirot(self.config.payees), self.store.load()
        if kept:
            bank.set_knobs(kept["knobs"])
            for name in KEPT:
                setattr(bank, name, kept[name])
            bank.dice.random = kept["random"]
            bank.handout.dice = bank.dice
            bank.adopt(self.config.payees)
        return bank

    def save(self) -> None:
        bank = self.bank
        for newest in (bank.log, bank.draws, bank.refunds):
            del newest[:-NEWEST]
        kept = {name: getattr(bank, name) for name in KEPT}
        self.store.save(kept | {"knobs": asdict(bank.knobs), "random": bank.dice.random})

    def change(self, act: Callable[[Bankgirot], T]) -> T:
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

    # Files in

    def take(self, data: bytes, name: str, place: str | None = None) -> Receipt:
        def act(bank: Bankgirot) -> Receipt:
            receipt = bank.receive(data, name, clock.now())
            said = json.dumps(asdict(receipt), default=str)
            sql = "INSERT INTO received (place, at, receipt, data) VALUES (?, ?, ?, ?)"
            self.store.run(sql, place, f"{clock.now():%Y-%m-%d %H:%M:%S}", said, data)
            return receipt

        receipt = self.change(act)
        # A file's name is its sender's; only what we say of it is logged.
        log.info("A file of %s bytes: %s", len(data), receipt.reason or "accepted")
        return receipt

    def sweep(self) -> int:
        """Take what lies in the drop folder; returns how many files."""
        with self._turn:
            for path in sorted(self.config.to_bank.iterdir()):
                if path.is_file() and not _unfinished(path.name):
                    # From here on it is ours: nobody takes it twice.
                    path.rename(self.config.taking / f"{time.time_ns()}-{path.name}")
            taken = sorted(self.config.taking.iterdir())
            for path in taken:
                self._take_from(path)
            return len(taken)

    def _take_from(self, path: Path) -> None:
        if not self.store.query("SELECT 1 FROM received WHERE place = ?", path.name):
            self.take(path.read_bytes(), path.name.split("-", 1)[1], path.name)
        path.rename(self.config.taken / path.name)

    # Files out

    def hand_out(self, reports: list[ReportFile]) -> None:
        sql = (
            "INSERT INTO reports (name, kind, note, written, data, placed)"
            " VALUES (?, ?, ?, ?, ?, 0)"
        )
        for report in reports:
            written = report.written.isoformat()
            self.store.run(sql, report.name, report.kind, report.note, written, report.data)

    def place(self) -> None:
        """Put into the folder what is not there yet: whole or not at all."""
        sql = "SELECT id, name, data FROM reports WHERE placed = 0 ORDER BY id"
        for number, name, data in self.store.query(sql):
            part = self.config.from_bank / f".{name}.part"
            part.write_bytes(data)
            part.replace(self.config.from_bank / name)
            self.store.run("UPDATE reports SET placed = 1 WHERE id = ?", number)

    def content(self, name: str) -> bytes | None:
        found = self.store.query("SELECT data FROM reports WHERE name = ?", name)
        return bytes(found[0][0]) if found else None

    def again(self, name: str, how: str = "") -> str:
        """Hand a report out once more, under a new name; `how`: damaged so. Returns the name."""
        sql = "SELECT kind, written, data FROM reports WHERE name = ?"
        found = self.store.query(sql, name)
        if not found:
            raise ValueError(f"No report is named {name}")
        if how not in ("", "cut", "total", "customer", "sign"):
            raise ValueError("how: cut, total, customer, sign, or nothing")
        kind, written, data = found[0]
        customer = name.split(".K0")[1][:6]
        report = ReportFile(name, kind, customer, date.fromisoformat(written), bytes(data))

        def act(bank: Bankgirot) -> str:
            content = damaged(report, how) if how else report.data
            copy = bank.handout.copy(report, content, how or "again", self.day_of_files())
            self.hand_out([copy])
            return copy.name

        return self.change(act)

    def day_of_files(self) -> date:
        return self.bank.last_day or bankdays.on_or_before(clock.today())

    # Days

    def run_day(self, day: date | None = None) -> list[ReportFile]:
        """The next bank day, or every bank day up to one. Raises ValueError on one that is past."""
        with self._turn:
            upcoming = self.bank.next_day(clock.today())
            last = day or upcoming
            if last < upcoming or not bankdays.is_bank_day(last):
                raise ValueError(f"{last}: no bank day, or past; the next is {upcoming}")
            found: list[ReportFile] = []
            while upcoming <= last:
                self.sweep()
                found += self.change(partial(self._run, upcoming))
                upcoming = bankdays.after(upcoming)
            return found

    def _run(self, day: date, bank: Bankgirot) -> list[ReportFile]:
        reports = bank.run_day(day)
        self.hand_out(reports)
        return reports

    def run_due(self) -> None:
        """Days that are over by the clock: a bank day ends at 19:00."""
        local = clock.now().astimezone(STOCKHOLM)
        over = local.date() if local.hour >= CUT_OFF_HOUR else local.date() - timedelta(days=1)
        last = bankdays.on_or_before(over)
        if self.bank.last_day is not None and self.bank.last_day < last:
            self.run_day(last)

    # The thread that does it all by itself

    def start(self) -> None:
        if self.bank.last_day is None:
            # Days before it was there are nobody's.
            self.change(_begin)
        self.place()
        threading.Thread(target=self._work, name="background", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        with self._turn:
            self.store.close()

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                with self._turn:
                    if not self._stop.is_set():
                        self.sweep()
                        self.run_due()
            except Exception:
                log.exception("A turn of the background stumbled")
            self._stop.wait(self.config.poll_seconds)

    def reset(self) -> None:
        """Forget everything: mandates, payments, files and knobs."""
        with self._turn:
            with self.store.write():
                for table in ("state", "received", "reports"):
                    self.store.run(f"DELETE FROM {table}")  # noqa: S608 - one of three words
            for path in self.config.from_bank.iterdir():
                # What others keep there in folders is theirs.
                if path.is_file():
                    path.unlink()
            self.bank = self._restored()
            self.change(_begin)

    def state(self) -> Json:
        bank = self.bank
        return {
            "now": f"{clock.now().astimezone(STOCKHOLM):%Y-%m-%d %H:%M}",
            "last_day": str(bank.last_day or ""),
            "next_day": str(bank.next_day(clock.today())),
            "payees": [self._payee(bankgiro) for bankgiro in bank.registers],
            "knobs": asdict(bank.knobs),
            "received": self.store.receipts(15),
            "reports": self.store.reports(30),
        }

    def _payee(self, bankgiro: str) -> Json:
        register = self.bank.registers[bankgiro]
        states: dict[str, int] = {}
        for state in self.bank.mandates(bankgiro).values():
            states[state] = states.get(state, 0) + 1
        return {
            "bankgiro": bankgiro.lstrip("0"),
            "customer": register.payee.customer,
            "closed": register.closed,
            "mandates": states,
            "waiting": len(register.watch.payments),
            "emandates": [e.payer.lstrip("0") for e in register.emandates.values()],
        }


def _begin(bank: Bankgirot) -> None:
    bank.last_day = bankdays.on_or_before(clock.today() - timedelta(days=1))


def _unfinished(name: str) -> bool:
    return name.startswith(".") or name.endswith(UNFINISHED)
