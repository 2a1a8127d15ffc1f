from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from python_calamine import CalamineWorkbook

from fundraise.audit.models import ChangeLine
from fundraise.ledger import services as ledger
from fundraise.ledger.models import LegalEntity, Period
from fundraise.ledger.services import EntryDraft
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import ProofLine, ProofRun
from fundraise.reporting.books.closing import packing, reopening, services
from fundraise.reporting.books.closing.checks import checklist
from fundraise.reporting.books.closing.services import ClosingError, stamp
from fundraise.reporting.books.models import BookExport, Closing, MonthSignature, PackFile
from fundraise.staff.models import Approval
from tests.reporting.books.posting import november, post

pytestmark = pytest.mark.django_db

SIGNE = "staff:signe"
MONTH, LAST = date(2026, 11, 1), date(2026, 11, 30)
AT = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _december() -> object:
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def david() -> str:
    made = User.objects.create(username="david", first_name="David", last_name="Kassör")
    return f"staff:{made.pk}"


def prove(entity: LegalEntity, *, differs: int = 0) -> None:
    run = ProofRun.objects.create(day=AT.date(), began_at=AT, ended_at=AT, by="system:proof")
    ProofLine.objects.create(
        run=run, entity=entity, letter="A", source="1930", expected=300, actual=300 + differs,
        status="differs" if differs else "ok",
    )  # fmt: skip
    ProofLine.objects.create(
        run=run, entity=None, letter="D", source="autogiro", status="not_applicable"
    )


def code_of(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(ClosingError) as refused:
        call(*args, **kwargs)  # type: ignore[operator]
    return refused.value.code


def sign_all(entity: LegalEntity, by: str) -> None:
    for line in checklist(entity, MONTH):
        if not line.is_settled:
            services.sign(
                entity, MONTH, line.key, shown=stamp(line), comment="Känt, väntar på banken", by=by
            )


def test_a_green_month_is_closed_and_what_comes_later_falls_on_the_next(david: str) -> None:
    party, campaign = november()
    prove(party)
    assert [(line.key, line.status) for line in checklist(party, MONTH)] == [
        ("earlier", "ok"),
        ("numbers", "ok"),
        ("suspense", "ok"),
        ("queue", "ok"),
        ("A:1930", "ok"),
        ("D:autogiro:house", "not_applicable"),
    ]
    closing = services.close(party, MONTH, by=david)
    late = post(party, "late", EntryDraft("stripe", "gifts", 1_00, campaign.dimension_id), day=LAST)
    assert late.accounting_date == date(2026, 12, 1)
    assert (closing.number, closing.state, closing.export) == (1, "closed", None)
    assert code_of(services.close, party, MONTH, by=david) == "not_open"
    assert Period.objects.get().state == "closed"
    services.make_file(closing, by=david)
    assert BookExport.objects.get().journals == 6
    assert Period.objects.get().state == "locked"
    assert code_of(services.make_file, closing, by=david) == "not_closed"


def test_a_month_that_is_not_over_or_not_settled_stays_open(david: str) -> None:
    party, _campaign = november()
    assert code_of(services.close, party, date(2026, 12, 1), by=david) == "not_over"
    assert code_of(services.close, party, MONTH, by=david) == "unsettled"
    assert not Period.objects.exists()
    assert not Closing.objects.exists()
    assert not ChangeLine.objects.filter(action="period.closed").exists()


def test_a_signature_holds_for_a_line_as_it_stood_and_falls_when_it_changes(david: str) -> None:
    party, _campaign = november()
    prove(party, differs=5)
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC)):
        exceptions.open_("gap", "statement:x:2026-11-02", entity_id=party.pk)
    queue = next(line for line in checklist(party, MONTH) if line.key == "queue")
    said = {"shown": stamp(queue), "comment": "Banken skickar", "by": david}
    assert code_of(services.sign, party, MONTH, "queue", **(said | {"by": "key:a"})) == "not_named"
    assert code_of(services.sign, party, MONTH, "queue", **(said | {"comment": " "})) == "comment"
    told = said | {"comment": "ring 070-123 45 67"}
    assert code_of(services.sign, party, MONTH, "queue", **told) == "personal"
    assert code_of(services.sign, party, MONTH, "queue", **(said | {"shown": "x"})) == "changed"
    assert (
        code_of(services.sign, party, MONTH, "numbers", **(said | {"shown": "ok/0/0"})) == "green"
    )
    sign_all(party, david)
    assert all(line.is_settled for line in checklist(party, MONTH))
    prove(party, differs=6)
    unsettled = [line.key for line in checklist(party, MONTH) if not line.is_settled]
    assert unsettled == ["A:1930"]
    assert MonthSignature.objects.count() == 2


def test_the_pack_says_what_the_books_say_and_is_made_once(david: str) -> None:
    party, _campaign = november()
    prove(party, differs=5)
    sign_all(party, david)
    closing = services.close(party, MONTH, by=david, with_sie=True)
    files = {file.name: file for file in packing.make_pack(closing)}
    assert sorted(files) == [
        "avstamning-party-2026-11.pdf",
        "avstamning-party-2026-11.xlsx",
        "verifikationer-party-2026-11.xlsx",
    ]
    assert bytes(files["avstamning-party-2026-11.pdf"].content).startswith(b"%PDF-")
    sheets = workbook(files["avstamning-party-2026-11.xlsx"])
    assert list(sheets)[:3] == ["Checklista", "Saldon", "Rörelser per slag"]
    signed = [row for row in sheets["Checklista"] if row[3]][1]
    assert signed[2:] == [0.05, "Känt, väntar på banken", "David Kassör"]
    balances = {row[0]: row[2:] for row in sheets["Saldon"]}
    assert balances["1580"] == [0.0, 350.5, 100.5, 250.0]
    assert balances["1930"] == [0.0, 1003.0, 0.0, 1003.0]
    assert sheets["Saldon"][-1][3:5] == [1454.0, 1454.0]
    journals = workbook(files["verifikationer-party-2026-11.xlsx"])["Verifikationer"]
    assert len(journals) == 1 + 7 + 1
    assert journals[1][0] == "G2026-1"
    assert journals[1][8:] == [1.0, 1.0]
    again = packing.make_pack(closing)
    assert {file.name: file.sha256 for file in again} == {
        name: hashlib.sha256(bytes(file.content)).hexdigest() for name, file in files.items()
    }
    assert PackFile.objects.count() == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        PackFile.objects.update(name="x")


def workbook(file: PackFile) -> dict[str, Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(bytes(file.content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_two_people_open_a_closed_month_again_and_nobody_a_locked_one(david: str) -> None:
    party, campaign = november()
    prove(party)
    closing = services.close(party, MONTH, by=david)
    packing.make_pack(closing)
    assert code_of(reopening.ask, closing.pk, by=david, why=" ") == "comment"
    asked = reopening.ask(closing.pk, by=david, why="Fel konto på en avgift")
    assert code_of(reopening.ask, closing.pk, by=SIGNE, why="samma") == "open"
    assert code_of(reopening.agree, asked.ref, by=david) == "same_person"
    assert Period.objects.get().state == "closed"
    reopening.agree(asked.ref, by=SIGNE)
    assert code_of(reopening.refuse, asked.ref, by=SIGNE, why="nej") == "not_waiting"
    assert (Period.objects.get().state, Approval.objects.get().answer) == ("open", "yes")
    fix = post(party, "fix", EntryDraft("fees", "stripe", 1_00, campaign.dimension_id), day=LAST)
    assert fix.accounting_date == LAST
    second = services.close(party, MONTH, by=david, with_sie=True)
    assert (second.number, second.export.journals) == (2, 7)  # type: ignore[union-attr]
    assert code_of(reopening.ask, second.pk, by=david, why="igen") == "locked"
    assert code_of(reopening.ask, closing.pk, by=david, why="igen") == "locked"
    assert list(Closing.objects.order_by("pk").values_list("state", flat=True)) == [
        "reopened", "closed",
    ]  # fmt: skip


def test_a_refused_reopening_leaves_the_month_closed(david: str) -> None:
    party, _campaign = november()
    prove(party)
    closing = services.close(party, MONTH, by=david)
    asked = reopening.ask(closing.pk, by=david, why="Fel konto")
    reopening.refuse(asked.ref, by=SIGNE, why="Rätta i december")
    assert (Period.objects.get().state, Approval.objects.get().answer) == ("closed", "no")
    assert ledger.set_period(party, month=MONTH, state=Period.State.CLOSED, by=david)
    assert [line.action for line in ChangeLine.objects.filter(action__startswith="period")] == [
        "period.closed", "period.reopen.asked", "period.reopen.refused",
    ]  # fmt: skip
