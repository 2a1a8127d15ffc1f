"""What the bank's stand-in hands out, read: two programs written apart agree to the öre."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from fundraise.reconciliation.formats.base import FormatError, Line, Payment
from fundraise.sandbox.bank.accounts import DEMO
from fundraise.sandbox.bank.core import Bank, Day
from fundraise.sandbox.bank.knobs import NOISE, Knobs
from tests.reconciliation.formats.reading import read_all

FIRST, LAST = date(2026, 1, 2), date(2026, 1, 20)
BANKS = {2: "swedbank", 5: "seb", 7: "danske", 8: "nordea", 13: "handelsbanken"}


def days_of(version: int, **shares: float) -> Iterator[Day]:
    files = ("camt.053", "camt.054", "csv", "swish")
    accounts = [
        replace(one, version=version, bank=BANKS[version], parts_in="camt.053", files=files)
        for one in DEMO
    ]
    knobs = Knobs(seed=version, noise=dict.fromkeys(NOISE, 1.5), shares=shares)
    return Bank(accounts, knobs).run(FIRST, LAST)


def payments_of(lines: list[Line]) -> Iterator[Payment]:
    for line in lines:
        yield from line.payments or ([line.own_payment] if line.own_payment else [])


@pytest.mark.parametrize("version", BANKS)
def test_a_months_files_say_what_was_meant(version: int) -> None:
    closing = {one.number: one.opening_ore for one in DEMO}
    for day in days_of(version):
        meant = Counter((row["iban"], row["amount_ore"], row["ref"]) for row in day.truth)
        told: Counter[tuple[str, int, str]] = Counter()
        for file in day.files:
            for head, lines in read_all(file.data):
                if file.kind == "camt.053":
                    assert head.opening_ore == closing[file.account]
                    assert head.closing_ore is not None
                    closing[file.account] = head.closing_ore
                    told.update(
                        (head.account, one.amount_ore, one.bank_ref) for one in payments_of(lines)
                    )
                if file.kind == "csv":
                    [same] = [one for one in day.statements if one.account.number == file.account]
                    assert Counter(line.amount_ore for line in lines) == Counter(
                        entry.amount_ore for entry in same.entries
                    )
                if file.kind == "swish":
                    swish = Counter(
                        (row["amount_ore"], row["name"], row["phone"])
                        for row in day.truth
                        if row["channel"] == "swish" and row["account"] == file.account
                    )
                    assert swish == Counter(
                        (one.amount_ore, one.payer.name, one.payer.phone)
                        for one in payments_of(lines)
                    )
        assert told == meant


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("file.balance", {"balance", "running_balance"}),
        ("file.details", {"details"}),
        ("file.currency", {"currency"}),
        ("file.cut", {"xml", "columns", "running_balance", "no_end"}),
    ],
)
def test_a_planted_fault_refuses_the_file(fault: str, codes: set[str]) -> None:
    seen: Counter[str] = Counter()
    for day in days_of(5, **{fault: 0.9}):
        for file in day.files:
            if file.note == fault and not is_whole_alone(file.data, fault):
                seen[code_of(file.data)] += 1
    assert set(seen) == codes


def is_whole_alone(content: bytes, fault: str) -> bool:
    """A table of one row, or cut between two rows: the chain of balances tells, not the file."""
    ends = content.endswith((b"\r", b"\r\n")) and fault == "file.cut"
    return not content.startswith(b"<") and (ends or content.count(b"\n") < 4)


def code_of(content: bytes) -> str:
    try:
        read_all(content)
    except FormatError as error:
        return error.code
    return ""
