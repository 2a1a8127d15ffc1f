"""Books of many years, for a proof to go through: so many entries that it wants its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle
from random import Random

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.ops.seed import ends, load
from fundraise.ops.seed.books import Books, Day, Voucher, Way, way
from fundraise.ops.seed.sheets import Sheets

ENTRIES_EACH = 2  # a payment of a member with a sale: bank against fee and sale
LUMP = 50_000
TABLES = ["ledger_journal", "ledger_entry"]
FEE, SALE = 150_00, 49_00
Lines = Sequence[tuple[Way, int]]


def fill(entries: int, days: Sequence[date]) -> None:
    """Post so many entries over the days, through COPY, keys and indexes made anew after it."""
    with load.owner() as connection:
        books = _opened(connection)
        lumps = _lumps(books, _lines(books), entries, days)  # asked before the tables are locked
        with load.bare(connection, TABLES):
            load.copy_lumps(connection, lumps)
        ends.close_books(connection, books)
    load.keep_statistics(*TABLES)


def one_more_day(entries: int) -> None:
    """A day of such books upon them, as they stand."""
    with load.owner() as connection:
        books = _opened(connection)
        load.copy_lumps(connection, _lumps(books, _lines(books), entries, [clock.today()]))
        ends.close_books(connection, books)


def years(back: int) -> list[date]:
    """Every day of so many years, until yesterday."""
    today = clock.today()
    return [today - timedelta(days=number) for number in range(back * 365, 0, -1)]


def _opened(connection: load.Connection) -> Books:
    campaign = Campaign.objects.select_related("entity").latest("pk")
    rng = Random("old books")  # noqa: S311 - believable, not secret
    books = ends.open_books(connection, campaign, Sheets(), rng)
    rng.seed(f"old books from {books.position}")
    return books


def _lines(books: Books) -> Lines:
    accounts = ends.accounts_of(books.entity)
    bank = accounts["bank"]
    return [(way(bank, accounts["membership"]), FEE), (way(bank, accounts["sales"]), SALE)]


def _lumps(
    books: Books, lines: Lines, entries: int, days: Sequence[date]
) -> Iterator[Mapping[str, bytes]]:
    journals = -(-entries // ENTRIES_EACH)
    moments = cycle([Day(day).moment(12 * 3600) for day in days])
    a_day = -(-journals // len(days))
    at = next(moments)
    for number in range(journals):
        if number and number % a_day == 0:
            at = next(moments)
        source = f"old:{books.position + 1}"
        books.post(Voucher("B", "Medlem", source, "", "bench", lines), at)
        if number % LUMP == LUMP - 1:
            yield books.sheets.take()
    yield books.sheets.take()
