"""Files that come twice, late, damaged or not at all: what is handed out, and that it is told."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.core import Bank, Day
from fundraise.sandbox.bank.knobs import FILE_FAULTS, Knobs
from fundraise.sandbox.bank.moves import Move
from tests.iso_schemas import assert_valid
from tests.sandbox.bank.reading import balances, entries, first

ACCOUNT = BankAccount("83279712345678", "Föreningen", bankgiro="991-2346", opening_ore=10_00)
MONDAY, TUESDAY, WEDNESDAY = date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 4)
STATEMENT, NOTICE = "camt.053_83279712345678_20260202", "camt.054_83279712345678_20260202"


def days(fault: str, **knobs: int) -> list[Day]:
    """Three days, the first with a giro sum of two and one payment alone, and the fault."""
    bank = Bank([ACCOUNT], Knobs(**knobs))  # type: ignore[arg-type]
    bank.pay(Move(ACCOUNT.number, 200_00, "gift", "giro", "Nils Ek", ocr="18"))
    bank.pay(Move(ACCOUNT.number, 200_00, "gift", "giro", "Nils Ek", ocr="18"))
    bank.pay(Move(ACCOUNT.number, 70_00, "gift", "transfer", "Åsa Öhman"))
    if fault:
        bank.dice.ask(fault)
    return list(bank.run(MONDAY, WEDNESDAY))


def names(day: Day) -> list[str]:
    return [file.name for file in day.files]


RIGHT = {file.name: file.data for file in days("")[0].files}


def test_without_a_fault_two_equal_gifts_stand_there_as_two() -> None:
    assert list(RIGHT) == [f"{STATEMENT}.xml", f"{NOTICE}.xml"]
    (found,) = entries(RIGHT[f"{NOTICE}.xml"])
    assert [ore for _, ore in found.parts] == [200_00, 200_00]
    assert len({ref for ref, _ in found.parts}) == 2


@pytest.mark.parametrize("fault", ["file.balance", "file.details", "file.currency", "file.cut"])
def test_a_broken_file_comes_right_under_another_name(fault: str) -> None:
    monday, _, wednesday = days(fault)
    (told,) = monday.faults
    assert (told.name, told.subject, told.right_on) == (fault, f"{STATEMENT}.xml", WEDNESDAY)
    broken, notice = monday.files
    assert (broken.name, broken.note, notice.note) == (told.subject, fault, "")
    assert broken.data != RIGHT[broken.name]
    right = wednesday.files[0]
    assert (right.data, right.note, right.of) == (RIGHT[broken.name], "right", MONDAY)
    assert right.name.startswith(f"{STATEMENT}-")


def test_each_kind_of_break_is_what_its_name_says() -> None:
    def broken(fault: str) -> bytes:
        return days(fault)[0].files[0].data

    assert balances(broken("file.balance")) == (10_00, 481_00)
    assert sum(one.ore for one in entries(broken("file.balance"))) == 470_00
    alone = [one for one in entries(broken("file.details")) if not one.count]
    assert [(one.ore, one.parts[0][1]) for one in alone] == [(70_00, 120_00)]
    assert b'Ccy="EUR"' in broken("file.currency")
    assert b"SEK" not in broken("file.currency")
    for fault in ("file.balance", "file.details", "file.currency"):
        assert_valid(broken(fault))
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(broken("file.cut"))


def test_a_file_comes_twice_the_next_day_or_is_issued_anew_under_another_id() -> None:
    monday, tuesday, _ = days("file.again")
    assert names(monday) == list(RIGHT)
    assert (tuesday.files[0].data, tuesday.files[0].note) == (
        RIGHT[f"{STATEMENT}.xml"],
        "file.again",
    )
    assert (monday.faults[0].subject, monday.faults[0].right_on) == (tuesday.files[0].name, TUESDAY)
    monday, tuesday, _ = days("file.reissued")
    anew, before = tuesday.files[0].data, monday.files[0].data
    assert (before, entries(anew)) == (RIGHT[f"{STATEMENT}.xml"], entries(before))
    assert first(anew, "MsgId") != first(before, "MsgId")
    assert first(anew, "ElctrncSeqNb") == first(before, "ElctrncSeqNb")


def test_a_day_is_missing_and_comes_later_or_never() -> None:
    monday, tuesday, wednesday = days("file.missing")
    assert names(monday) == [f"{NOTICE}.xml"]
    assert tuesday.files[0].of == TUESDAY
    assert (wednesday.files[0].of, wednesday.files[0].data) == (MONDAY, RIGHT[f"{STATEMENT}.xml"])
    assert monday.faults[0].right_on == WEDNESDAY
    monday, tuesday, wednesday = days("file.missing", late_days=0)
    assert monday.faults[0].right_on is None
    assert {file.of for file in wednesday.files} == {WEDNESDAY}


def test_a_notice_comes_after_its_statement_or_not_at_all() -> None:
    monday, _, wednesday = days("notice.late")
    assert names(monday) == [f"{STATEMENT}.xml"]
    assert (wednesday.files[0].data, monday.faults[0].right_on) == (
        RIGHT[f"{NOTICE}.xml"],
        WEDNESDAY,
    )
    found = days("notice.absent")
    assert [file.kind for day in found for file in day.files] == ["camt.053"] * 3
    assert (found[0].faults[0].subject, found[0].faults[0].right_on) == (f"{NOTICE}.xml", None)


def test_with_every_fault_at_once_the_right_files_still_tell_the_whole_year() -> None:
    shares = dict.fromkeys(FILE_FAULTS, 0.08) | {"notice.absent": 0.0}
    bank = Bank([ACCOUNT], Knobs(noise={"giro_gift": 3.0}, shares=shares))
    found = list(bank.run(date(2026, 1, 1), date(2026, 6, 30)))
    bank.knobs.set({"shares": dict.fromkeys(FILE_FAULTS, 0.0)})
    found += list(bank.run(date(2026, 7, 1), date(2026, 7, 10)))
    kinds = {fault.name for day in found for fault in day.faults}
    assert kinds == set(FILE_FAULTS) - {"notice.absent"}
    told: dict[tuple[str, date], set[str]] = {}
    closing: dict[date, int] = {}
    for file in (file for day in found for file in day.files):
        if file.note in ("", "right"):
            told.setdefault((file.kind, file.of), set()).add(file.note)
            if file.kind == "camt.053":
                closing[file.of] = balances(file.data)[1]
    statements = {one.day: one for day in found for one in day.statements}
    assert closing == {day: one.closing_ore for day, one in statements.items()}
    with_sums = {day for day, one in statements.items() if any(e.batch for e in one.entries)}
    assert {day for kind, day in told if kind == "camt.054"} == with_sums
