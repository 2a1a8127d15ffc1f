"""Whatever is in a file: it is read to the öre, or refused; nothing else happens."""

from __future__ import annotations

import csv
import io
import os
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fundraise.reconciliation.formats import cells, mapper, profiles, values
from fundraise.reconciliation.formats.base import FormatError
from fundraise.reconciliation.formats.reasons import REASONS, reason
from tests.providers.autogiro import written
from tests.reconciliation.formats import camt_written
from tests.reconciliation.formats.reading import GOLDEN, read_all, read_one

FULL = os.environ.get("SCALE") == "full"
ALL = [path.read_bytes() for path in sorted(GOLDEN.iterdir())]
ALL += [camt_written.document(kind, 8) for kind in camt_written.MESSAGE]
ALL += [written.content("bgmax"), written.content("payment_specification")]
AMOUNTS = st.integers(-99_999_999_99, 99_999_999_99)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40
).map(lambda text: text.replace("Ã", "A").replace("Â", "A").replace("â", "a").strip())


def refused(content: bytes) -> FormatError | None:
    """What a file is refused for; None when it is read."""
    try:
        read_all(content)
    except FormatError as error:
        return error
    return None


def taken(content: bytes) -> None:
    """It is read, or refused with a code that has a sentence and a place that fits."""
    error = refused(content)
    if error is not None:
        assert error.code in REASONS, error.code
        assert "%(" not in reason(error.code, error.facts)
        assert len(error.at) <= 60


@settings(max_examples=3000 if FULL else 100, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(ALL)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 12))
        content[at : at + length] = data.draw(st.binary(max_size=12))
    taken(bytes(content))


@settings(max_examples=3000 if FULL else 60, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
@example(b"<")
@example(b"<?xml")
@example(b'sep=;\n"')
@example(b"\xff\xfe")
def test_any_bytes_are_refused_and_crash_nothing(content: bytes) -> None:
    taken(content)


@settings(max_examples=1000 if FULL else 50, deadline=None)
@given(AMOUNTS, st.sampled_from(["", " ", "\xa0", "\u202f", "."]), st.sampled_from("-−–"))
def test_a_sum_is_read_as_any_bank_writes_it(amount: int, thousands: str, minus: str) -> None:
    kronor, rest = divmod(abs(amount), 100)
    sign = minus if amount < 0 else ""
    grouped = f"{kronor:,}".replace(",", thousands)
    assert cells.ore(f"{sign}{grouped},{rest:02d}") == amount
    assert cells.ore(f"{sign}{grouped},{rest:02d} kr", ",") == amount
    assert cells.ore(f"{sign}{kronor:,}.{rest:02d}") == amount
    assert cells.ore(f"{kronor},{rest:02d}{sign}") == amount
    assert values.signed_ore(f"{'-' if amount < 0 else ''}{kronor}.{rest:02d}") == amount


ROW = st.tuples(st.integers(0, 3), AMOUNTS.filter(bool), TEXTS)


HEADER = "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text/mottagare;Belopp;Saldo"


def swedish(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100},{abs(ore) % 100:02d}"


def table_of(rows: list[tuple[int, int, str]], *, newest_first: bool) -> tuple[bytes, int]:
    """SEB's form with a running balance, and its closing balance."""
    day, balance, written_rows = date(2026, 1, 1), 0, []
    for later, amount, text in rows:
        day += timedelta(days=later)
        balance += amount
        written_rows.append([str(day), str(day), "", text, swedish(amount), swedish(balance)])
    if newest_first:
        written_rows.reverse()
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(HEADER.split(";"))
    writer.writerows(written_rows)
    return file.getvalue().encode(), balance


@settings(max_examples=1000 if FULL else 50, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=12), st.booleans())
def test_a_table_is_read_to_the_ore_in_either_direction(
    rows: list[tuple[int, int, str]], newest_first: bool
) -> None:
    content, balance = table_of(rows, newest_first=newest_first)
    head, lines = read_one(content)
    amounts = [amount for _later, amount, _text in rows]
    assert [line.amount_ore for line in lines] == (amounts[::-1] if newest_first else amounts)
    assert head.opening_ore is not None
    assert head.closing_ore is not None
    assert head.closing_ore - head.opening_ore == sum(amounts)
    if len({later for later, _amount, _text in rows[1:]} - {0}) > 0:
        assert (head.opening_ore, head.closing_ore) == (0, balance)


@settings(max_examples=1000 if FULL else 50, deadline=None)
@given(st.lists(st.lists(st.integers(1, 10**9), min_size=1, max_size=5), min_size=1, max_size=5))
def test_payments_of_a_notification_come_out_as_they_went_in(batches: list[list[int]]) -> None:
    content = camt_written.notification(batches)
    [(_head, lines)] = read_all(content)
    assert [[payment.amount_ore for payment in line.payments] for line in lines] == batches
    assert [line.amount_ore for line in lines] == [sum(batch) for batch in batches]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@settings(max_examples=1000 if FULL else 50, deadline=None)
@given(JSON)
def test_no_odd_json_is_a_mapping(saved: object) -> None:
    for one in (saved, {**mapper.to_json(profiles.SEB), "columns": saved}):
        assert problems(one)


def problems(saved: object) -> list[tuple[str, str]]:
    try:
        mapper.of_json(saved)
    except mapper.MappingError as error:
        return error.problems
    return []
