"""Months, SIE files and opening balances, as a treasurer and an auditor meet them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.ledger.models import Journal, Period
from fundraise.reporting.books import exporting, whole
from fundraise.reporting.books.models import (
    BookExport,
    BookReissue,
    Closing,
    EarlierList,
    PackFile,
    Reopening,
)
from fundraise.staff.models import Approval
from tests.console.conftest import cash_gift
from tests.console.districts import staff_of

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"), time_machine.travel(DECEMBER, tick=False):
        yield


@pytest.fixture
def books(campaign: Campaign) -> Campaign:
    """A cash gift of 400 kr in November."""
    with time_machine.travel(datetime(2026, 11, 2, 12, 0, tzinfo=UTC)):
        cash_gift(campaign, 400_00, "slip 1")
    return campaign


def staff(campaign: Campaign, name: str, role: str) -> Client:
    client: Client = staff_of(name, role, campaign.entity)[1]
    client.cookies["django_language"] = "en"
    return client


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return str(answer.content.decode())


def said(client: Client, url: str, form: dict[str, Any] | None = None) -> str:
    return str(client.post(url, form or {}, follow=True).content.decode())


def test_a_file_is_looked_at_made_of_what_was_shown_and_fetched_once(books: Campaign) -> None:
    david, siv = staff(books, "david", "treasurer"), staff(books, "siv", "second")
    days = {"entity": books.entity_id, "from_day": "2026-11-01", "to_day": "2026-11-30"}
    looked = text(david, f"/staff/sie/new/?{'&'.join(f'{k}={v}' for k, v in days.items())}")
    assert "What the file will hold" in looked
    assert not BookExport.objects.exists()
    seen = exporting.prepare(books.entity, *_november()).seen
    with time_machine.travel(datetime(2026, 11, 3, 12, 0, tzinfo=UTC)):
        cash_gift(books, 100_00, "slip 2")
    moved = david.post("/staff/sie/new/", days | {"seen": seen})
    assert (moved.status_code, BookExport.objects.count()) == (409, 0)
    seen = exporting.prepare(books.entity, *_november()).seen
    assert "Fetch the file" in said(david, "/staff/sie/new/", days | {"seen": seen})
    again = david.post("/staff/sie/new/", days | {"seen": seen})
    assert (again.status_code, BookExport.objects.count()) == (422, 1)
    made = BookExport.objects.get()
    page = f"/staff/sie/{made.ref}/"
    assert (made.journals, made.sum_ore) == (2, 500_00)
    assert david.post(f"{page}file/").content == bytes(made.content)
    with time_machine.travel(datetime(2026, 12, 3, 9, 11, tzinfo=UTC)):
        assert "It was fetched." in said(david, f"{page}file/")
        assert "no address" not in said(david, f"{page}again/", {"reason": "Importen gick fel"})
        question = Approval.objects.get(subject_ref=BookReissue.objects.get().ref)
        second = f"/staff/months/second/{question.ref}/"
        assert "Issue SIE file 1 again" in text(siv, second)
        assert "can be fetched once more" in said(siv, second, {"answer": "yes"})
        assert david.post(f"{page}file/").content == bytes(made.content)
    assert BookReissue.objects.get().state == "fetched"


def _november() -> tuple[Any, Any]:
    return datetime(2026, 11, 1).date(), datetime(2026, 11, 30).date()  # noqa: DTZ001


def test_whole_books_of_a_year_are_looked_at_made_and_fetched_as_se(books: Campaign) -> None:
    david = staff(books, "david", "treasurer")
    assert "Whole books of a year" in text(david, "/staff/sie/")
    form = {"entity": books.entity_id, "year": 2026}
    looked = text(david, f"/staff/sie/year/?entity={books.entity_id}&year=2026")
    assert "0 months of the year are closed" in looked
    assert not BookExport.objects.exists()
    moved = david.post("/staff/sie/year/", form | {"seen": "1-1-1"})
    assert (moved.status_code, BookExport.objects.count()) == (409, 0)
    seen = whole.look(books.entity, 2026).seen
    assert "Fetch it here." in said(david, "/staff/sie/year/", form | {"seen": seen})
    made = BookExport.objects.get()
    assert (made.kind, made.journals) == ("sie4e", 1)
    assert exporting.prepare(books.entity, *_november()).journals == 1
    fetched = david.post(f"/staff/sie/{made.ref}/file/")
    assert fetched.content == bytes(made.content)
    name = f"{books.entity.slug}-20260101-20261231-1.se"
    assert fetched["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_month_is_signed_closed_packed_and_asked_to_be_opened_again(books: Campaign) -> None:
    david, siv = staff(books, "david", "treasurer"), staff(books, "siv", "second")
    page = f"/staff/months/{books.entity.ref}/2026/11/"
    assert "1 line is neither green nor signed." in text(david, page)
    assert "neither green nor signed" in said(david, f"{page}close/")
    line = {"key": "proof", "shown": "waiting/1/0"}
    assert "Write why." in said(david, f"{page}sign/", line)
    assert "Signed. It holds" in said(david, f"{page}sign/", line | {"comment": "Görs i morgon"})
    assert not Closing.objects.exists()
    assert "The month is closed. Its pack is being made." in said(david, f"{page}close/")
    assert "The pack is being made." in said(david, f"{page}pack/")
    asked = Work.objects.get(kind="month_pack")
    assert "Waits for a worker" in text(david, page)
    work.run(asked.pk)
    work.run(asked.pk)
    assert "closed already" in said(david, f"{page}close/", {"with_sie": "on"})
    files = list(PackFile.objects.order_by("name"))
    assert len(files) == 3
    fetched = david.get(f"/staff/months/pack/{files[0].ref}/")
    assert fetched.content == bytes(files[0].content)
    assert "stays closed so far" in said(david, f"{page}reopen/", {"reason": "Fel konto"})
    question = Approval.objects.get(subject_ref=Reopening.objects.get().ref)
    second = f"/staff/months/second/{question.ref}/"
    assert "Open november 2026 again" in text(siv, second).replace("November", "november")
    assert "The month is open." in said(siv, second, {"answer": "yes"})
    assert Period.objects.get().state == "open"
    assert "Its pack is being made." in said(david, f"{page}close/", {"with_sie": "on"})
    work.run(Work.objects.latest("pk").pk)
    assert Period.objects.get().state == "locked"
    assert "avstamning-" in text(david, page)
    assert "stays as it is" in said(david, f"{page}reopen/", {"reason": "igen"})


def test_an_auditor_reads_all_of_it_and_changes_nothing(books: Campaign) -> None:
    david, rut = staff(books, "david", "treasurer"), staff(books, "rut", "auditor")
    page = f"/staff/months/{books.entity.ref}/2026/11/"
    said(david, f"{page}sign/", {"key": "proof", "shown": "waiting/1/0", "comment": "Känt"})
    said(david, f"{page}close/", {"with_sie": "on"})
    work.run(Work.objects.get(kind="month_pack").pk)
    made = BookExport.objects.get()
    opening = f"/staff/months/opening/{books.entity.ref}/"
    said(david, opening, {"day": "2026-08-31", "debit_1930": "1 000"})
    of = f"/staff/months/earlier/of/{books.entity.ref}/"
    body = "Day,Amount,Voucher,Mail\n2026-03-01,100,A 1,anna@exempel.se\n"
    said(david, of, {"file": SimpleUploadedFile("x.csv", body.encode()), "channel": "bank"})
    row = EarlierList.objects.get()
    assert "anna@exempel.se" in text(david, f"/staff/months/earlier/{row.ref}/")
    for url in (opening, of, f"/staff/months/earlier/{row.ref}/", "/staff/months/together/"):
        shown = text(rut, url)
        assert [word for word in ("anna@", "Take them back", "csrf", "Look at the list")
                if word in shown.partition("<main")[2]] == []  # fmt: skip
        assert rut.post(url, {"day": "2026-08-31"}).status_code in {403, 405}
    for url in ("/staff/months/", page, "/staff/sie/", f"/staff/sie/{made.ref}/"):
        shown = text(rut, url)
        assert "Fetch the file" not in shown
        assert "Open the month again" not in shown
    assert rut.get(f"/staff/months/pack/{PackFile.objects.first().ref}/").status_code == 200  # type: ignore[union-attr]
    for url in (f"{page}sign/", f"{page}close/", f"{page}reopen/", f"/staff/sie/{made.ref}/file/"):
        assert rut.post(url, {"reason": "x", "comment": "x"}).status_code == 403
    assert Closing.objects.count() == 1


def test_opening_balances_are_typed_once_and_taken_back_with_a_reason(books: Campaign) -> None:
    david = staff(books, "david", "treasurer")
    page = f"/staff/months/opening/{books.entity.ref}/"
    wrong = david.post(page, {"day": "2026-08-31", "debit_1930": "10", "credit_1930": "5"})
    assert (wrong.status_code, "debit or credit, not both" in wrong.content.decode()) == (422, True)
    assert "at least one balance" in david.post(page, {"day": "2026-08-31"}).content.decode()
    form = {"day": "2026-08-31", "debit_1930": "1 000", "credit_2890": "200"}
    assert "are booked" in said(david, page, form)
    assert Journal.objects.get(series__code="O").entries.count() == 2
    assert david.post(page, form).status_code == 422
    assert "Write why." in said(david, f"{page}undo/")
    assert "taken back" in said(david, f"{page}undo/", {"reason": "Fel saldo"})
    assert "Book the opening balances" in text(david, page)


def test_gifts_from_before_the_start_are_brought_in_looked_at_booked_and_taken_back(
    books: Campaign,
) -> None:
    david = staff(books, "david", "treasurer")
    top = f"/staff/months/earlier/of/{books.entity.ref}/"
    assert "this field is required" in david.post(top, {}).content.decode().lower()
    body = b"Day,Amount,Voucher\n2026-03-01,100,A 1\n2026-03-02,<b>x</b>,A 2\n"
    sent = {"file": SimpleUploadedFile("x.csv", body), "channel": "cash", "campaign": books.pk}
    shown = david.post(top, sent, follow=True)
    assert "Row 3, Sum in kronor: Write the sum in digits." in shown.content.decode()
    row = EarlierList.objects.get()
    page = f"/staff/months/earlier/{row.ref}/"
    assert "Some rows are wrong." in said(david, f"{page}book/")
    columns = {"column_0": "day", "column_1": "", "column_2": "proof"}
    assert "Say which column has the sum." in david.post(page, columns).content.decode()
    assert "Nothing was booked." in said(david, f"{page}throw/")
    mended = body.replace(b"<b>x</b>", b'"50,5"')
    sent["file"] = SimpleUploadedFile("x.csv", mended)
    assert "Book 2 gifts, 150,50" in said(david, top, sent)
    row = EarlierList.objects.latest("pk")
    page = f"/staff/months/earlier/{row.ref}/"
    assert "The gifts are being booked." in said(david, f"{page}book/")
    work.run(Work.objects.get(kind="earlier_book").pk)
    assert "Take the list back" in text(david, page)
    assert "Write why." in said(david, f"{page}undo/")
    assert "being taken back" in said(david, f"{page}undo/", {"reason": "Fel lista"})
    assert "come further" in said(david, f"{page}again/")
    work.run(Work.objects.get(kind="earlier_undo").pk)
    assert "Reversed" in text(david, page)
    gone = Gift.objects.filter(provider_ref__in=["before:A 1", "before:A 2"])
    assert {gift.refunded_ore for gift in gone} == {100_00, 50_50}
    assert "150,50" in text(david, top)
