"""What is two stays two, what comes again is known, and nothing is met twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fundraise.gifts import giver, services
from fundraise.gifts.models import Gift
from fundraise.ledger.queries import balance_ore
from fundraise.reconciliation import inbox
from fundraise.reconciliation.models import Item, Line, Match, StatementFile
from fundraise.reconciliation.proof import banks
from tests.proofs import differing
from tests.reconciliation.house import ADMIN, OPENING, make_bank
from tests.reconciliation.test_inbox import OCR, book, donor_with, take
from tests.reconciliation.written import DAY, Book, one

pytestmark = pytest.mark.django_db
DAYS = [DAY + timedelta(number) for number in range(3)]
TWIN = one(50_00, message="Kaffe", name="Okänd")


def page_of(content: bytes, number: int, *, ident: str = "S-7") -> bytes:
    """The same as one page of a statement that comes in several."""
    start = content.index(b"<Id>S-")
    end = content.index(b"</Id>", start)
    pages = f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{str(number == 2).lower()}</LastPgInd>"
    return content[:start] + f"<Id>{ident}</Id>{pages}</StmtPgntn>".encode() + content[end + 5 :]


def pages(*, ident: str = "S-7") -> list[bytes]:
    """Two rows that are alike on the first page, one on the second."""
    ledger = Book()
    first = ledger.day(TWIN, one(20_00, message="Te"), TWIN)
    return [page_of(first, 1, ident=ident), page_of(ledger.day(TWIN), 2, ident=ident)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_alike_rows_on_two_pages_of_a_statement_are_all_booked_in_whichever_order(
    order: tuple[int, int],
) -> None:
    bank = make_bank()
    files = pages()
    brought = [book(files[page]).file.new_lines for page in order]
    assert brought == [[3, 1][page] for page in order]
    assert not [check.name for check in banks.checks() if check.expected != check.actual]
    for content in (*pages(), *pages(ident="S-8"), Book().day(TWIN, TWIN, TWIN)):
        again = book(content + b"\n").file  # other bytes, or issued under another name
        assert (again.new_lines, again.new_items) == (0, 0)
    assert Line.objects.filter(amount_ore=50_00).count() == 3
    assert Item.objects.count() == 4
    assert balance_ore(bank.entity.pk, "bank") == OPENING + 170_00
    assert differing() == []


def unpaged(content: bytes) -> bytes:
    """The same from a bank's page that says nothing of pages."""
    start, end = content.index(b"<StmtPgntn>"), content.index(b"</StmtPgntn>")
    return content[:start] + content[end + len(b"</StmtPgntn>") :]


def without_balances(content: bytes) -> bytes:
    """A page of several may have none."""
    start, end = content.index(b"<Bal>"), content.rindex(b"</Bal>")
    return content[:start] + content[end + len(b"</Bal>") :]


def test_an_alike_row_of_page_two_is_new_when_page_one_came_without_page_numbers() -> None:
    bank = make_bank()
    first, second = pages()
    assert book(unpaged(first)).file.new_lines == 3
    file = take(without_balances(second))
    assert (file.state, file.reason, file.at) == ("refused", "page_unclear", "page 2")
    assert Line.objects.count() == 3, "refused whole: nothing is lost, nothing taken twice"
    assert book(second).file.new_lines == 1
    for content in (second, first, Book().day(TWIN, one(20_00, message="Te"), TWIN)):
        again = take(content + b"\n")
        assert (again.state, again.new_lines, again.new_items) == ("read", 0, 0)
    assert Item.objects.count() == 4
    assert balance_ore(bank.entity.pk, "bank") == OPENING + 170_00
    assert differing() == []


def test_pages_of_a_statement_that_came_whole_without_page_numbers_are_known() -> None:
    bank, ledger = make_bank(), Book()
    whole = ledger.day(TWIN, one(20_00, message="Te"), TWIN, TWIN)
    assert book(whole).file.new_lines == 4
    for content in pages():
        again = take(content)
        assert (again.state, again.new_lines, again.new_items) == ("read", 0, 0)
    other = Book(balance=OPENING + 70_00)  # a page that begins within it, and is not of it
    file = take(page_of(other.day(one(20_00, message="Te")), 2))
    assert (file.state, file.reason) == ("refused", "page_unclear")
    assert balance_ore(bank.entity.pk, "bank") == OPENING + 170_00


def test_a_promise_of_a_file_that_is_not_booked_yet_is_not_promised_to_another() -> None:
    bank, ledger = make_bank(), Book()
    anna = donor_with(OCR, bank)
    promised = [
        services.begin_gift(services.NewGift(bank.campaign, 100_00, giver.Giver()))
        for _two in range(2)
    ]
    Gift.objects.update(donor=anna)
    paid = [(day, replace(one(100_00, ocr=OCR), day=day)) for day in DAYS]
    looked_at = [take(ledger.day(line, ident=f"T-{day}", day=day)) for day, line in paid]
    assert {file.state for file in looked_at} == {"read"}
    inbox.drop(looked_at[1].pk, by=ADMIN)  # put away: its promise waits again
    inbox.read_stored(inbox.read_again(looked_at[1].pk, by=ADMIN))
    for file in StatementFile.objects.filter(state="read").order_by("pk"):
        inbox.book(file.pk, by=ADMIN)
    met = Match.objects.filter(state="stands").order_by("item__booked_on")
    assert [match.gift_id for match in met[:2]] == [gift.pk for gift in promised]
    assert [match.evidence.get("exceptions") for match in met] == [None, None, None]
    assert Gift.objects.filter(state="received").count() == 3
    assert balance_ore(bank.entity.pk, "gifts") == -300_00
    assert differing() == []
