from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraise.ledger.sie.charset import to_cp437
from fundraise.ledger.sie.grouping import JournalRow, Movement, group
from fundraise.ledger.sie.rows import Account, Change, Line, Object, SieError, Voucher
from fundraise.ledger.sie.writer import write_4i
from fundraise.ledger.sie_strict.judge import faults
from tests.ledger.sie import mini_reader
from tests.ledger.sie.rows import ACCOUNTS, NOVEMBER, OBJECTS, contents

GOLDEN = Path(__file__).parent / "golden"
NUMBERS = [1580, 1930, 2899, 3993, 3985, 6570]


def test_a_month_becomes_the_file_that_was_written_by_hand_and_says_what_it_changed() -> None:
    groups = group(NOVEMBER)
    written = write_4i(contents(tuple(one.voucher for one in groups)))
    assert written.data == (GOLDEN / "november.si").read_bytes()
    assert faults(written.data) == []
    assert set(written.changes) == {
        Change("#OBJEKT 6", "VAL–26", "VAL-26"),
        Change("#OBJEKT 6 VAL-26", "Valet 2026 – nu €!", "Valet 2026 - nu EUR!"),
        Change("#VER P2026-1", "P2026-1 Utbetalning po\\1", "P2026-1 Utbetalning po/1"),
        Change(
            "#VER G2026-4",
            'G2026-4 Återbetalning "fel"\tbelopp',
            'G2026-4 Återbetalning "fel" belopp',
        ),
    }
    assert [one.journals for one in groups] == [(1, 3), (2,), (4,), (1,)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Räksmörgås ÅÄÖ é½°", "Räksmörgås ÅÄÖ é½°"),
        ("5 € – “ja” § 3", '5 EUR - "ja" par.  3'),
        ("Škoda Łódź Ærø × ß", "Skoda Lódz Æro x ss".replace("Æro", "Ærö")),
        ("a\u030a A\u030a o\u0308", "å Å ö"),
        ("rad\r\nett\ttvå\x00\x07\u200b\u202e", "rad  ett två"),
        ("C:\\Gåvor", "C:/Gåvor"),
        ("🎁 日本", "? ??"),
        ("┬å αβ ﬁ １２", "?å ?? fi 12"),
        ("100\u00a0000\u202fkr", "100 000 kr"),
    ],
)
def test_what_cp437_cannot_hold_is_written_as_it_sounds(before: str, after: str) -> None:
    assert to_cp437(before) == after
    assert to_cp437(after) == after


def test_rows_that_would_make_a_false_file_are_refused() -> None:
    day = date(2026, 11, 2)
    good = Voucher(day, "G2026-1", "Gåva", (Line(1580, 1), Line(3993, -1)))
    for bad in (
        replace(good, lines=(Line(1580, 2), Line(3993, -1))),
        replace(good, lines=()),
        replace(good, lines=(Line(1580, 1), Line(4000, -1))),
        replace(good, series="G"),
        replace(good, number=1),
    ):
        with pytest.raises(SieError):
            write_4i(contents((bad,)))
    twins = (Object(6, "A–B", "x"), Object(6, "A-B", "y"))
    with pytest.raises(SieError, match="both become 'A-B'"):
        write_4i(replace(contents((good,)), objects=twins))
    with pytest.raises(SieError, match="no character"):
        write_4i(replace(contents((good,)), objects=(Object(6, "\u200b", "x"),)))
    nine_digits = replace(contents((good,)).company, org_number="80240-1234")
    with pytest.raises(SieError, match="ten digits"):
        write_4i(replace(contents((good,)), company=nine_digits))


moves = st.builds(
    Movement,
    debit=st.sampled_from(NUMBERS),
    credit=st.sampled_from(NUMBERS),
    ore=st.integers(1, 10**15),
    campaign=st.sampled_from(["", "VAL–26"]),
    district=st.sampled_from(["", "Örebro"]),
).filter(lambda move: move.debit != move.credit)
journals = st.lists(
    st.builds(
        JournalRow,
        key=st.integers(1, 10**9),
        series=st.sampled_from("GPB"),
        series_name=st.text(max_size=20),
        year=st.just(2026),
        number=st.integers(1, 10**6),
        day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        text=st.text(max_size=60),
        movements=st.lists(moves, min_size=1, max_size=4).map(tuple),
    ),
    max_size=12,
    unique_by=lambda row: (row.series, row.number),
)


@given(rows=journals, name=st.text(min_size=1, max_size=30), account_name=st.text(max_size=30))
def test_any_books_become_a_file_without_fault_that_another_reader_adds_up_alike(
    rows: list[JournalRow], name: str, account_name: str
) -> None:
    groups = group(rows)
    made = contents(tuple(one.voucher for one in groups))
    named = replace(
        made,
        company=replace(made.company, name=f"F {name}"),
        accounts=tuple(Account(number, f"K {account_name}") for number in NUMBERS),
    )
    written = write_4i(named)
    assert faults(written.data) == []
    accounts, vouchers = mini_reader.read(written.data)
    assert accounts == {str(number): to_cp437(f"K {account_name}") for number in NUMBERS}
    for seen, one in zip(vouchers, groups, strict=True):
        voucher = one.voucher
        assert seen.day == voucher.day.strftime("%Y%m%d")
        assert seen.text == to_cp437(f"{voucher.label} {voucher.text}".rstrip())
        assert sum(ore for _account, _objects, ore in seen.rows) == 0
    assert _by_account(vouchers) == _moved(rows)
    assert sorted(key for one in groups for key in one.journals) == sorted(r.key for r in rows)


def _by_account(vouchers: list[mini_reader.Seen]) -> dict[tuple[str, ...], Decimal]:
    sums: dict[tuple[str, ...], Decimal] = {}
    for voucher in vouchers:
        for account, objects, ore in voucher.rows:
            sums[account, *objects] = sums.get((account, *objects), Decimal()) + ore
    return sums


def _moved(rows: list[JournalRow]) -> dict[tuple[str, ...], Decimal]:
    sums: dict[tuple[str, ...], Decimal] = {}
    for move in (move for row in rows for move in row.movements):
        for account, sign in ((move.debit, 1), (move.credit, -1)):
            objects: tuple[str, ...] = ()
            if account >= 3000:
                objects += ("1", "Örebro") if move.district else ()
                objects += ("6", "VAL-26") if move.campaign else ()
            key = (str(account), *objects)
            sums[key] = sums.get(key, Decimal()) + Decimal(sign * move.ore) / 100
    return sums


def test_the_rows_of_the_golden_file_are_all_declared() -> None:
    assert {account.number for account in ACCOUNTS} == {1580, 1589, 3993, 6570}
    assert {row.dimension for row in OBJECTS} == {1, 6}
