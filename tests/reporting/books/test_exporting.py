from __future__ import annotations

import hashlib
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from fundraise.audit.models import ChangeLine
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal, LegalEntity, Period, Series
from fundraise.ledger.services import EntryDraft
from fundraise.ledger.sie_strict.judge import faults
from fundraise.reporting.books import exporting, proofs
from fundraise.reporting.books.exporting import ExportError, NumberRange
from fundraise.reporting.books.models import BookExport, BookFetch, ExportedJournal
from tests.people import DAVID, make_party
from tests.reporting.books.posting import NOVEMBER, november, post

pytestmark = pytest.mark.django_db


def wrong() -> list[str]:
    return [check.name for check in proofs.checks() if check.status != "ok"]


def code_of(entity: LegalEntity, first: date, last: date, seen: str = "") -> str:
    with pytest.raises(ExportError) as refused:
        exporting.export_4i(entity, first, last, by=DAVID, seen=seen)
    return refused.value.code


def test_a_month_becomes_one_file_that_says_what_is_in_it_and_each_journal_is_in_no_other() -> None:
    party, _campaign = november()
    shown = exporting.prepare(party, *NOVEMBER)
    made = exporting.export_4i(party, *NOVEMBER, by=DAVID, seen=shown.seen)
    content = bytes(made.content)
    assert (made.number, made.journals, made.vouchers, made.sum_ore) == (1, 6, 5, 454_00)
    assert (made.first_position, made.last_position) == (1, 6)
    assert shown.numbers == (
        NumberRange("G", 2026, 1, 4, 4),
        NumberRange("M", 2026, 1, 1, 1),
        NumberRange("P", 2026, 1, 1, 1),
    )
    assert made.numbers == [["G", 2026, 1, 4, 4], ["M", 2026, 1, 1, 1], ["P", 2026, 1, 1, 1]]
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert faults(content) == []
    text = content.decode("cp437")
    assert '#VER "" "" 20261102 "G2026-1..3 (2 st) Gåvor"\r\n{\r\n#TRANS 1580 {} 300.50' in text
    assert '#TRANS 3993 {6 "valet"} -300.50' in text
    assert made.changes == [["#VER M2026-1", "M2026-1 Avgift – Åsa €", "M2026-1 Avgift - Åsa EUR"]]
    assert "Ingående" not in text
    assert [member.voucher for member in made.members.order_by("journal__position")] == [
        1, 2, 1, 5, 4, 3,
    ]  # fmt: skip
    line = ChangeLine.objects.get(action="books.exported")
    assert (line.by, line.after["journals"], line.after["sum_ore"]) == (DAVID, 6, 454_00)
    assert code_of(party, *NOVEMBER) == "exported"
    assert wrong() == []


def test_what_comes_after_a_file_goes_into_the_next_one() -> None:
    party, campaign = november()
    exporting.export_4i(party, *NOVEMBER, by=DAVID)
    shown = exporting.prepare(party, date(2026, 11, 1), date(2026, 12, 31))
    assert (shown.journals, shown.in_other_files) == (1, (BookExport.objects.get(),))
    late = EntryDraft("stripe", "gifts", 9_00, campaign.dimension_id)
    post(party, "late", late, day=date(2026, 11, 29))
    assert code_of(party, date(2026, 11, 1), date(2026, 12, 31), seen=shown.seen) == "moved"
    second = exporting.export_4i(party, date(2026, 11, 1), date(2026, 12, 31), by=DAVID)
    assert (second.number, second.journals, second.sum_ore) == (2, 2, 16_00)
    assert ExportedJournal.objects.count() == 8
    assert Journal.objects.filter(exported=None).get().series.code == "O"
    assert wrong() == []


def test_days_that_make_no_file_are_refused_and_nothing_is_noted() -> None:
    party, _campaign = november()
    district = make_party("district")
    assert code_of(party, date(2026, 11, 2), date(2026, 11, 1)) == "days"
    assert code_of(party, date(2026, 12, 1), date(2027, 1, 1)) == "years"
    assert code_of(party, date(2026, 10, 1), date(2026, 10, 31)) == "nothing"
    assert code_of(district, *NOVEMBER) == "nothing"
    LegalEntity.objects.filter(pk=party.pk).update(org_number="802000")
    assert code_of(party, *NOVEMBER) == "unwritable"
    assert not BookExport.objects.exists()
    assert not ExportedJournal.objects.exists()
    assert not ChangeLine.objects.filter(action="books.exported").exists()


def test_closed_months_are_locked_with_their_file_and_open_ones_stay_open() -> None:
    party, campaign = november()
    ledger.set_period(party, month=date(2026, 11, 1), state=Period.State.CLOSED, by=DAVID)
    late = EntryDraft("stripe", "gifts", 1_00, campaign.dimension_id)
    moved = post(party, "late", late, day=date(2026, 11, 30))
    assert moved.accounting_date == date(2026, 12, 1)
    exporting.export_4i(party, date(2026, 11, 1), date(2026, 11, 15), by=DAVID)
    assert Period.objects.get(first_day=date(2026, 11, 1)).state == "closed"
    exporting.export_4i(party, date(2026, 11, 1), date(2026, 12, 31), by=DAVID)
    assert {row.first_day: row.state for row in Period.objects.all()} == {
        date(2026, 11, 1): "locked"
    }
    with pytest.raises(DatabaseError, match="is locked"), transaction.atomic():
        ledger.set_period(party, month=date(2026, 11, 1), state=Period.State.OPEN, by=DAVID)
    assert wrong() == []


def test_the_database_refuses_what_the_code_should_never_do() -> None:
    party, _campaign = november()
    made = exporting.export_4i(party, *NOVEMBER, by=DAVID)
    taken, before = (Journal.objects.get(source=source, entity=party) for source in ("a", "o"))
    december = Journal.objects.get(source="d")
    for statement, values in (
        ("UPDATE books_bookexport SET journals = 1", []),
        ("DELETE FROM books_exportedjournal", []),
        ("INSERT INTO books_exportedjournal VALUES (%s, 1, %s)", [taken.pk, made.pk]),
        ("INSERT INTO books_exportedjournal VALUES (%s, 1, %s)", [before.pk, made.pk]),
        ("INSERT INTO books_exportedjournal VALUES (%s, 1, %s)", [december.pk, made.pk]),
        ("UPDATE ledger_series SET already_exported = false WHERE code = 'O'", []),
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)
    assert (ExportedJournal.objects.count(), BookExport.objects.get().journals) == (6, 6)
    assert Series.objects.filter(already_exported=True).values_list("code", flat=True)[0] == "O"


def test_the_command_writes_the_file_and_a_second_run_leaves_none(tmp_path: Path) -> None:
    november()
    out, said = tmp_path / "nov.si", StringIO()
    days = ("--from", "2026-11-01", "--to", "2026-11-30")
    call_command("export_sie", *days, "--out", str(out), stdout=said)
    made = BookExport.objects.get()
    assert out.read_bytes() == bytes(made.content)
    assert said.getvalue().splitlines() == [
        f"{out}: file 1 of party, 6 journals in 5 vouchers, 454.00 kr, sha256 {made.sha256}",
        "  #VER M2026-1: 'M2026-1 Avgift – Åsa €' is written 'M2026-1 Avgift - Åsa EUR'",
    ]
    assert BookFetch.objects.get().by == "system:command"
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_sie", *days, "--out", str(out))
    again = tmp_path / "again.si"
    with pytest.raises(CommandError, match=r"stands in files already \(sie4i 1\)"):
        call_command("export_sie", *days, "--out", str(again))
    with pytest.raises(CommandError, match="short name nobody"):
        call_command("export_sie", *days, "--out", str(again), "--entity", "nobody")
    assert not again.exists()
    assert BookExport.objects.count() == 1
