"""The bank's stand-in, written without sight of the readers, and the readers agree to the öre."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from fundraise.reconciliation.formats.base import FormatError, Head, Line, Payment
from fundraise.reconciliation.formats.recognise import read
from fundraise.sandbox.bank.accounts import DEMO
from fundraise.sandbox.bank.core import Bank, Day
from fundraise.sandbox.bank.handout import File
from fundraise.sandbox.bank.knobs import NOISE, Knobs
from fundraise.sandbox.bank.moves import Entry, Move, Statement
from fundraise.sandbox.bank.moves import Payment as Booked

PAYOUT = {"id": "po_1", "amount": 123_45, "status": "failed", "arrival_date": 1_767_657_600}
DEPOSIT = {"bankgiro": "0009912346", "kind": "15", "day": "2026-01-08", "serial": 3,
           "amount": 400_00, "count": 2}  # fmt: skip
FIRST, LAST = date(2026, 1, 2), date(2026, 1, 30)
# What a broken file is refused for.
REFUSALS = {"file.balance": "balance", "file.details": "details", "file.cut": "xml",
            "file.currency": "currency"}  # fmt: skip


def days(version: int, *faults: str, **options: object) -> list[Day]:
    accounts = [
        replace(one, version=version, files=("camt.053", "camt.054"), **options)  # type: ignore[arg-type]
        for one in DEMO
    ]
    bank = Bank(accounts, Knobs(seed=version, noise=dict.fromkeys(NOISE, 1.5)))
    bank.dice.ask("refund.returned", times=3)
    for fault in faults:
        bank.dice.ask(fault)
    bank.hear_payouts([PAYOUT])
    bank.hear_deposits([DEPOSIT])
    return list(bank.run(FIRST, LAST))


def read_all(file: File) -> Iterator[tuple[Head, list[Line]]]:
    for statement in read(io.BytesIO(file.data)):
        lines = list(statement.lines())
        yield statement.head(), lines


@pytest.mark.parametrize(
    ("version", "options"),
    [(2, {}), (3, {"parts_in": "camt.053"}), (6, {"notice_of": "bankgiro"}),
     (7, {"swish_sum": True}), (8, {}), (13, {"parts_in": "camt.053"})],
)  # fmt: skip
def test_what_the_bank_booked_is_what_is_read(version: int, options: dict[str, object]) -> None:
    seen = 0
    for day in days(version, **options):
        books = {one.account.number: one for one in day.statements}
        for file in day.files:
            (told,) = read_all(file)
            seen += _agrees(file, books[file.account], *told)
    assert seen > 100


def _agrees(file: File, book: Statement, head: Head, lines: list[Line]) -> int:
    entries = list(book.entries)
    if file.kind == "camt.053":
        assert (head.opening_ore, head.closing_ore) == (book.opening_ore, book.closing_ore)
        assert (head.sequence, head.from_day, head.to_day) == (book.sequence, book.day, book.day)
        assert (head.account, head.servicer) == (book.account.iban, book.account.bic)
    else:
        entries = [entry for entry in entries if entry.batch]
        wanted = book.account.iban, "iban"
        if book.account.notice_of == "bankgiro" and book.account.bankgiro:
            wanted = book.account.bankgiro, "bgnr"
        assert (head.account, head.account_kind) == wanted
    hidden = file.kind == "camt.053" and book.account.parts_in == "camt.054"
    assert [_line(line) for line in lines] == [_entry(entry, hidden) for entry in entries]
    return len(lines)


def _line(line: Line) -> tuple[object, ...]:
    payments = line.payments or ((line.own_payment,) if line.own_payment else ())
    told = tuple(_payment(one) for one in payments)
    return (line.amount_ore, line.booked_on, line.bank_ref, line.is_return,
            line.declared_count, line.text, told)  # fmt: skip


def _entry(entry: Entry, hidden: bool) -> tuple[object, ...]:
    told = () if hidden and entry.batch else tuple(_booked(one) for one in entry.payments)
    count = len(entry.payments) if entry.batch else None
    back = bool(entry.payments[0].move.reason)
    return entry.amount_ore, entry.day, entry.ref, back, count, entry.text, told


def _payment(one: Payment) -> tuple[object, ...]:
    return (one.amount_ore, one.bank_ref, one.reference, one.message, one.end_to_end,
            one.payer.name, one.payer.account, one.payer.phone, one.payer.org_or_person,
            one.is_return)  # fmt: skip


def _booked(one: Booked) -> tuple[object, ...]:
    move: Move = one.move
    name = " ".join(move.name.split())
    return (move.amount_ore, one.ref, move.ocr, move.message, move.end_to_end or move.order,
            name, move.payer_account, move.phone, move.org, bool(move.reason))  # fmt: skip


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_broken_file_is_refused_for_what_it_is_and_the_right_one_taken(fault: str) -> None:
    found = days(8, fault)
    files = [file for day in found for file in day.files]
    (planted,) = (one for day in found for one in day.faults)
    for file in files:
        if file.note != fault:
            assert len(list(read_all(file))) == 1
            continue
        assert file.name == planted.subject
        with pytest.raises(FormatError) as refused:
            list(read_all(file))
        assert REFUSALS[fault] in refused.value.code
    assert [file.of for file in files if file.note == "right"] == [planted.day]
