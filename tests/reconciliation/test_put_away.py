"""Files that tell of the same rows: whichever is booked has them, whatever becomes of the other."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise.console.tables.treasury import files_in_scope
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation import accounts, deciding, inbox
from fundraise.reconciliation.deciding import DecideError
from fundraise.reconciliation.inbox import folder, storing
from fundraise.reconciliation.models import Item, Line, Match, StatementFile
from fundraise.staff import rights
from tests.people import make_party
from tests.proofs import differing
from tests.reconciliation.house import ADMIN, OPENED, OPENING, make_bank
from tests.reconciliation.test_inbox import balances, book, take
from tests.reconciliation.written import Book, Entry, Pay, details, one

pytestmark = pytest.mark.django_db
DAVID = "staff:7"
SAVINGS = "SE3550000000054910000003"
LATER = date(2026, 11, 3)
PAYS = (Pay(100_00, name="A", bank_ref="p1"), Pay(50_00, name="Eva Ek", bank_ref="p2"))


def test_rows_of_a_file_that_is_put_away_stay_with_the_file_that_was_booked() -> None:
    bank = make_bank()
    rows = one(100_00, ref="r1"), one(50_00, ref="r2")
    looked_at = take(Book().day(*rows))
    longer = take(Book().day(*rows, one(25_00, ref="r3", day=LATER)))
    assert (longer.new_lines, longer.known_lines) == (1, 2)

    assert inbox.book(longer.pk, by=ADMIN).lines == 3
    looked_at = StatementFile.objects.get(pk=looked_at.pk)
    assert (looked_at.state, looked_at.new_lines, looked_at.known_lines) == ("read", 0, 2)
    inbox.drop(looked_at.pk, by=ADMIN)

    assert Line.objects.filter(journal__isnull=False).count() == 3
    assert balances(bank)["bank"] == OPENING + 175_00
    assert differing() == []


def test_rows_of_a_file_that_was_put_away_before_come_with_the_next() -> None:
    bank = make_bank()
    looked_at = take(Book().day(one(100_00, ref="r1")))
    longer = take(Book().day(one(100_00, ref="r1"), one(25_00, ref="r3")))
    inbox.drop(looked_at.pk, by=ADMIN)
    assert inbox.book(longer.pk, by=ADMIN).lines == 2
    assert balances(bank)["bank"] == OPENING + 125_00
    assert differing() == []


def test_payers_of_details_that_are_put_away_stay_with_their_line() -> None:
    bank = make_bank(details_follow=True)
    behind = take(details(Entry(PAYS, ref="B7")))
    book(Book().day(Entry(PAYS, ref="B7")))
    inbox.drop(behind.pk, by=ADMIN)
    assert Item.objects.filter(line__journal__isnull=False).count() == 2
    assert balances(bank) == {
        "bank": OPENING + 150_00, "giro_clearing": 0, "suspense": -150_00, "gifts": 0,
    }  # fmt: skip
    assert differing() == []


def test_a_statement_is_put_away_though_its_payers_are_booked_and_comes_again() -> None:
    bank = make_bank()
    book(details(Entry(PAYS, ref="B7")))
    day = take(Book().day(Entry(PAYS, ref="B7")))
    deciding.to_donor(Item.objects.get(amount_ore=100_00).pk, None, bank.campaign, by=DAVID)
    assert not Line.objects.filter(journal__isnull=False).exists(), "its file is only looked at"
    inbox.drop(day.pk, by=ADMIN)
    assert not Item.objects.exclude(line=None).exists()
    assert differing() == []
    again = inbox.read_stored(inbox.read_again(day.pk, by=ADMIN))
    inbox.book(again.pk, by=ADMIN)
    assert balances(bank) == {
        "bank": OPENING + 150_00, "giro_clearing": 0, "suspense": -50_00, "gifts": -100_00,
    }  # fmt: skip
    assert differing() == []


def test_a_transfer_is_not_taken_before_both_its_sides_are_booked() -> None:
    bank = make_bank()
    other = accounts.NewAccount(
        bank.entity, "Sparkonto", [("iban", SAVINGS)], OPENED, ledger_number=1940
    )
    accounts.open_account(other, by=ADMIN)
    out = take(Book().day(one(-80_00, message="till spar")))
    book(Book(balance=0, iban=SAVINGS).day(one(80_00, message="från bank")))
    suggested = Match.objects.get(state="suggested", item__amount_ore=80_00)
    with pytest.raises(DecideError, match="not_booked"):
        deciding.take(suggested.pk, by=DAVID)
    inbox.drop(out.pk, by=ADMIN)
    assert Item.objects.get().state == "unknown"
    assert balances(bank)["suspense"] == -80_00
    assert differing() == []


def test_a_file_of_another_entity_too_is_refused_whole_for_who_may_not_take_it_in() -> None:
    bank, other = make_bank(), make_party("ung")
    new = accounts.NewAccount(other, "Ungas", [("iban", SAVINGS)], OPENED)
    accounts.open_account(new, by=ADMIN)
    ours = Book().day(one(100_00, ref="r1"))
    theirs = Book(balance=0, iban=SAVINGS).day(one(80_00, ref="r2"))
    start, end = theirs.index(b"<Stmt>"), theirs.index(b"</Stmt>") + len(b"</Stmt>")
    both = ours.replace(b"</Stmt>", b"</Stmt>" + theirs[start:end])
    refused = inbox.take_in(both, by=DAVID, entities={bank.entity.pk})
    assert (refused.state, refused.reason) == ("refused", "other_entity")
    assert refused.entity_id == bank.entity.pk, "whose treasurer took it in, and nobody else's"
    assert not Line.objects.exists()
    known = inbox.take_in(both, by=ADMIN, entities={other.pk})
    assert (known.pk, known.state, known.entity_id) == (refused.pk, "refused", other.pk)
    again = inbox.read_again(refused.pk, by=ADMIN)
    mine = {bank.entity.pk, other.pk}
    read = inbox.read_stored(again, entities=mine)
    assert read.new_lines == 2
    both_see, house = rights.limited(["statements.view"], mine), make_party("hus")
    for entities, sees in (({bank.entity.pk}, False), ({other.pk}, False), (mine, True)):
        held = rights.limited(["statements.view"], entities)
        assert files_in_scope(held, "statements.view").filter(pk=read.pk).exists() is sees
    district = make_party("krets")
    LegalEntity.objects.filter(pk=district.pk).update(parent=house)
    storing.store(b"never seen before", by="system:bank", via="folder")
    folder.work_in()
    strange = StatementFile.objects.get(entity=None)
    assert files_in_scope(both_see, "statements.view").filter(pk=strange.pk).exists()
    below = rights.limited(["statements.view"], {district.pk})
    assert not files_in_scope(below, "statements.view").exists(), "the house's, not a district's"
