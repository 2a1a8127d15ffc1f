"""The week at the bank that a demo begins with: its stand-in, asked within the test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fundraise import bankdays, clock
from fundraise.gifts.models import Gift
from fundraise.ledger import proving
from fundraise.ops.demo import days
from fundraise.reconciliation.models import BankAccount, Item, ProofRun, Reference, Statement
from fundraise.reconciliation.models import StatementFile as File
from fundraise.sandbox.bank.accounts import DEMO
from fundraise.sandbox.bank.config import Config
from fundraise.sandbox.bank.control import ACTS
from fundraise.sandbox.bank.service import Service
from tests.mailings.appeals.house import person
from tests.ops.test_demo_data import make

pytestmark = pytest.mark.django_db
WEEK = ("--accounts", "http://bank.invalid")
GIVERS = 12


@pytest.fixture
def bank(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service(Config(0, tmp_path, DEMO))
    clock.use(None)

    def ask(_address: str, act: str, body: dict[str, object]) -> None:
        try:
            ACTS[act](service, dict(body))
        except ValueError as error:
            raise days.RefusedByBank(act) from error

    monkeypatch.setattr(days, "ask_bank", ask)
    settings.BANK_TRANSPORT, settings.BANK_SETTLE_SECONDS = "directory", 0
    settings.BANK_IN_DIR = str(tmp_path / "from-bank")
    yield service
    clock.use(None)


@pytest.mark.long
def test_a_demo_begins_with_a_week_of_files_booked_matched_and_proved(bank: Service) -> None:
    for n in range(GIVERS):
        person(n)
    make(*WEEK)
    last = bankdays.on_or_before(clock.today() - timedelta(days=1))
    first = bankdays.add(last, -4)
    assert set(BankAccount.objects.values_list("opened_on", flat=True)) == {first}
    told = set(Statement.objects.values_list("to_day", flat=True))
    assert (min(told), max(told)) == (first, last)
    assert set(File.objects.values_list("state", flat=True)) == {"booked"}
    assert Reference.objects.filter(origin="donor").count() == GIVERS
    assert Item.objects.filter(state="matched", matches__gift__origin="bank").exists()
    assert Item.objects.filter(state="unknown").exists(), "something is left for the treasurer"
    assert ProofRun.objects.get().ended_at is not None
    assert proving.prove().ok

    rows = (File.objects.count(), Gift.objects.count(), ProofRun.objects.count())
    make(*WEEK)
    assert (File.objects.count(), Gift.objects.count(), ProofRun.objects.count()) == rows


def test_without_the_stand_in_the_accounts_begin_today(
    bank: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_address: str, _act: str, _body: object) -> None:
        raise days.BankAway("away")

    monkeypatch.setattr(days, "ask_bank", away)
    monkeypatch.setattr(days, "PAUSE", 0)
    make("--accounts", "http://bank.invalid")
    assert set(BankAccount.objects.values_list("opened_on", flat=True)) == {clock.today()}
    assert File.objects.count() == 0
