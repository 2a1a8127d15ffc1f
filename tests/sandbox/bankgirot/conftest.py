"""A bank with one payee, and a way to let days pass."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot.bank import Bankgirot
from fundraise.sandbox.bankgirot.config import Payee
from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.knobs import Knobs
from tests.sandbox.bankgirot.orders import CUSTOMER, DAY, file_of, new_mandate

Lines = list[str]


class Town:
    """The bank, and what it has handed out day by day."""

    def __init__(self, payees: list[Payee], knobs: Knobs) -> None:
        self.bank = Bankgirot(payees, knobs)
        self.today = DAY
        # A test's own chance, seeded.
        self.dice = random.Random(1)

    def send(self, *orders: str) -> None:
        receipt = self.bank.receive(file_of(*orders))
        assert (receipt.accepted, receipt.reason) == (True, "")

    def run(self, days: int = 1) -> list[ReportFile]:
        found: list[ReportFile] = []
        for _ in range(days):
            found += self.bank.run_day(self.today)
            self.today = bankdays.after(self.today)
        return found

    def day(self, ahead: int) -> str:
        """The bank day so many after the next to be run, as it stands in records."""
        return bankdays.after(self.today, ahead).strftime("%Y%m%d")

    def approved(self, *payers: int | str) -> None:
        """Mandates that may be drawn from the next day on."""
        self.send(*(new_mandate(payer) for payer in payers))
        self.run(8)


def rows_of(reports: list[ReportFile], kind: str) -> Lines:
    """The lines between the opening and the end record, of all files of a kind."""
    found: Lines = []
    for report in reports:
        if report.kind == kind:
            found += text_of(report)[1:-1]
    return found


def text_of(report: ReportFile) -> Lines:
    return report.data.decode("latin-1").removesuffix("\r\n").split("\r\n")


def pairs(reports: list[ReportFile]) -> list[tuple[str, str]]:
    """Payer number and codes of mandate advice."""
    return [(line[12:28].lstrip("0"), line[61:65]) for line in rows_of(reports, "advice")]


def statuses(reports: list[ReportFile]) -> list[tuple[str, str]]:
    """Payer number and status of draws."""
    return [(line[15:31].lstrip("0"), line[79])
            for line in rows_of(reports, "specification") if line[:2] in ("82", "32")]  # fmt: skip


def town_of(payee: dict[str, Any] | None = None, **knobs: Any) -> Town:
    """A bank with one payee, with what it has agreed and how the bank behaves."""
    return Town([Payee("991-2346", CUSTOMER, **(payee or {}))], Knobs(**knobs))


MakeTown = Callable[..., Town]


@pytest.fixture
def make_town() -> MakeTown:
    return town_of


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    return make_town()
