"""A bank's file is read, looked at and booked; what comes again adds only what is new."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.campaigns.models import Thermometer
from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from fundraise.ledger.checks import DIFFERS
from fundraise.ledger.queries import balance_ore
from fundraise.reconciliation import accounts, inbox
from fundraise.reconciliation.inbox import folder
from fundraise.reconciliation.models import (
    Item,
    Line,
    Match,
    QueueItem,
    Reference,
    Statement,
    StatementFile,
)
from fundraise.reconciliation.proof import banks
from tests.proofs import differing
from tests.reconciliation.house import ADMIN, OPENING, Bank, make_bank
from tests.reconciliation.written import DAY, Book, Entry, Pay, details, one

pytestmark = pytest.mark.django_db
OCR = "1234567897"
TUESDAY = date(2026, 11, 3)
take = partial(inbox.take_in, by=ADMIN)


def donor_with(number: str, bank: Bank, name: str = "Anna Lind") -> Donor:
    given, _, family = name.partition(" ")
    donor = donors.register_donor(
        name=PersonName(given, family), language="sv", source="staff", by=ADMIN,
        email=f"{number}@example.org",
    )  # fmt: skip
    Reference.objects.create(entity=bank.entity, number=number, donor=donor, issued_at=clock.now())
    return donor


def book(content: bytes) -> inbox.Booked:
    file = take(content)
    assert (file.state, file.reason) == ("read", "")
    return inbox.book(file.pk, by=ADMIN)


def balances(bank: Bank) -> dict[str, int]:
    roles = ("bank", "giro_clearing", "suspense", "gifts")
    return {role: balance_ore(bank.entity.pk, role) for role in roles}


def test_two_identical_gifts_of_one_day_are_both_booked() -> None:
    bank = make_bank()
    anna = donor_with(OCR, bank)
    twice = Pay(200_00, ocr=OCR, name="Anna Lind", account="SE3550000000054910000003")
    file = take(Book().day(Entry((twice, twice), ref="B1"), one(50_00, message="Hej")))

    seen = inbox.look(file)
    assert (seen.matched, seen.suggested, seen.unknown, seen.matched_ore) == (2, 0, 1, 400_00)
    assert balances(bank)["bank"] == OPENING
    assert not Gift.objects.exists()

    done = inbox.book(file.pk, by=ADMIN)

    assert (done.lines, done.matched, done.unknown) == (2, 2, 1)
    assert [(gift.amount_ore, gift.donor_id, gift.origin) for gift in Gift.objects.all()] == [
        (200_00, anna.pk, "bank"),
        (200_00, anna.pk, "bank"),
    ]
    assert balances(bank) == {
        "bank": OPENING + 450_00, "giro_clearing": 0, "suspense": -50_00, "gifts": -400_00,
    }  # fmt: skip
    assert Thermometer.objects.get().received_ore == 400_00
    assert QueueItem.objects.get().code == "unknown_payer"
    assert accounts.balance_ore(bank.account) == Book().balance + 450_00
    assert {match.rule.rule.key for match in Match.objects.all() if match.rule} == {"ocr_exact"}
    assert differing() == []
    inbox.book(file.pk, by=ADMIN)
    assert Gift.objects.count() == 2


def test_the_same_file_is_one_and_overlapping_files_add_only_what_is_new() -> None:
    make_bank()
    ledger = Book()
    monday = (one(10_00, bank_ref="a"), one(10_00, message="x"), one(10_00, message="x"))
    first = ledger.day(*monday)
    assert take(first).pk == take(first).pk
    book(first)
    longer = Book().day(*monday, one(25_00, message="y", day=TUESDAY), day=TUESDAY, ident="week")
    done = book(longer)
    assert (done.file.known_lines, done.file.new_lines) == (3, 1)
    assert (Line.objects.count(), Item.objects.count()) == (4, 4)
    assert not QueueItem.objects.filter(code="gap").exists()
    assert [check.name for check in banks.checks() if check.status == DIFFERS] == []


def test_a_statement_issued_anew_under_another_id_adds_nothing_and_breaks_no_chain() -> None:
    make_bank()
    ledger = Book()
    book(ledger.day(one(10_00, bank_ref="a"), ident="first"))
    tuesday = ledger.day(one(20_00, bank_ref="b", day=TUESDAY), day=TUESDAY)
    anew = book(Book().day(one(10_00, bank_ref="a"), ident="anew"))
    assert (anew.file.new_lines, anew.file.known_lines) == (0, 1)
    book(tuesday)
    chain = Statement.objects.order_by("from_day").values_list("external_id", "before__external_id")
    assert [before for _own, before in chain] == [None, "first"]
    assert not QueueItem.objects.filter(code="gap").exists()


def test_a_broken_file_is_refused_whole_with_its_place() -> None:
    make_bank()
    good = Book().day(one(10_00), one(20_00))
    said = b'<Amt Ccy="SEK">20.%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>'
    refused = take(good.replace(said % b"00", said % b"x"))
    assert (refused.state, refused.reason, refused.at) == ("refused", "amount", "entry 2")
    assert not Line.objects.exists()
    other = take(Book(iban="SE3550000000054910000003").day(one(10_00)))
    assert (other.reason, other.facts) == ("account_unknown", {"ends": "0003"})
    with pytest.raises(inbox.InboxError, match="not_read"):
        inbox.book(other.pk, by=ADMIN)
    with pytest.raises(inbox.InboxError, match="empty"):
        take(b"  \n")
    assert inbox.content_of(StatementFile.objects.get(pk=refused.pk)).startswith(b"<?xml")


def test_a_missing_statement_stands_in_the_queue_until_it_comes() -> None:
    make_bank()
    ledger = Book()
    monday = ledger.day(one(10_00, message="1"))
    tuesday = ledger.day(one(20_00, message="2", day=TUESDAY), day=TUESDAY)
    third = date(2026, 11, 4)
    wednesday = ledger.day(one(30_00, message="3", day=third), day=third)
    book(monday)
    preview = inbox.look(take(wednesday))
    assert [part.gap_ore for part in preview.gaps] == [20_00]
    book(wednesday)
    gap = QueueItem.objects.get(code="gap")
    assert (gap.state, gap.amount_ore) == ("open", 20_00)
    book(tuesday)
    gap.refresh_from_db()
    assert (gap.state, gap.how) == ("settled", "solved_itself")
    chain = Statement.objects.order_by("from_day").values_list("before__from_day", flat=True)
    assert list(chain) == [None, DAY, TUESDAY]


@pytest.mark.parametrize("details_first", [True, False])
def test_details_that_come_by_themselves_tie_to_their_line_in_both_orders(
    details_first: bool,
) -> None:
    bank = make_bank(details_follow=True)
    donor_with(OCR, bank)
    pays = (Pay(100_00, ocr=OCR, bank_ref="p1"), Pay(50_00, name="Eva Ek", bank_ref="p2"))
    day, behind = Book().day(Entry((), ref="B7", ore=150_00)), details(Entry(pays, ref="B7"))
    for content in (behind, day) if details_first else (day, behind):
        book(content)
    whole = Item.objects.get(state="split")
    assert sorted(whole.parts.values_list("amount_ore", flat=True)) == [50_00, 100_00]
    assert set(whole.parts.values_list("line_id", flat=True)) == {Line.objects.get().pk}
    assert balances(bank) == {
        "bank": OPENING + 150_00, "giro_clearing": 0, "suspense": -50_00, "gifts": -100_00,
    }  # fmt: skip
    assert Gift.objects.get().amount_ore == 100_00
    assert differing() == []


def test_a_file_that_is_put_away_leaves_nothing_and_can_be_read_again() -> None:
    bank = make_bank()
    donor_with(OCR, bank)
    file = take(Book().day(one(100_00, ocr=OCR), one(5_00)))
    inbox.drop(file.pk, by=ADMIN)
    assert [model.objects.count() for model in (Line, Item, Match, Statement)] == [0, 0, 0, 0]
    with pytest.raises(inbox.InboxError, match="not_read"):
        inbox.book(file.pk, by=ADMIN)
    again = inbox.read_stored(inbox.read_again(file.pk, by=ADMIN))
    assert (again.state, again.new_lines) == ("read", 2)
    inbox.book(file.pk, by=ADMIN)
    with pytest.raises(inbox.InboxError, match="booked"):
        inbox.drop(file.pk, by=ADMIN)


def test_what_the_bank_leaves_in_a_folder_is_fetched_read_and_booked(
    tmp_path: Path, settings: Any
) -> None:
    bank = make_bank()
    donor_with(OCR, bank)
    settings.BANK_TRANSPORT, settings.BANK_IN_DIR = "directory", str(tmp_path)
    settings.BANK_SETTLE_SECONDS = 0
    (tmp_path / "day.xml").write_bytes(Book().day(one(100_00, ocr=OCR)))
    (tmp_path / "other.txt").write_bytes(b"no file of a bank's")
    assert folder.pick_up() == 2
    assert folder.work_in() == {"read": 2, "booked": 1, "refused": 1}
    assert Gift.objects.get().amount_ore == 100_00
    assert sorted(path.name for path in (tmp_path / "taken").iterdir()) == ["day.xml", "other.txt"]
    assert Alarm.objects.get(resolved_at=None).code == "bank-file-refused"
    assert (folder.pick_up(), folder.work_in()["booked"]) == (0, 0)


def test_the_command_books_and_tells_what_came_of_each_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = make_bank()
    donor_with(OCR, bank)
    path = tmp_path / "day.xml"
    path.write_bytes(Book().day(one(100_00, ocr=OCR), one(5_00, message="x")))
    call_command("treasury", "import", str(path), "--json", "--preview")
    seen = json.loads(capsys.readouterr().out)
    assert (seen["state"], seen["matched"], seen["unknown"]) == ("read", 1, 1)
    call_command("treasury", "import", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["in_ore"], told["gaps"]) == ("booked", 105_00, [])
    broken = tmp_path / "broken.xml"
    broken.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SystemExit):
        call_command("treasury", "import", str(broken), "--json")
    refused = json.loads(capsys.readouterr().out)
    assert (refused["state"], refused["code"]) == ("refused", "xml")
    assert refused["at"].startswith("line")
