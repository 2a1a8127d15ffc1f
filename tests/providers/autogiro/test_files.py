"""Whole files: every kind there and back, what must add up, and what a broken one says."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundraise.providers.autogiro import files, kinds, mandates, orders, reports, seal
from fundraise.providers.autogiro.errors import FormatError
from tests.providers.autogiro import written

KEY = seal.key_of(seal.TEST_KEY)


def read_again(file: files.File) -> bytes:
    sections = [(one.opening, [row for _at, row in one.lines], one.end) for one in file.sections]
    return files.write(file.kind.name, sections)


def broken(content: bytes) -> tuple[str, int, int]:
    with pytest.raises(FormatError) as found:
        files.read(content)
    remark = found.value.remark
    return remark.code, remark.line, remark.column


def with_line(content: bytes, at: int, line: str) -> bytes:
    lines = content.decode("latin-1").split("\r\n")
    lines[at - 1] = line
    return "\r\n".join(lines).encode("latin-1")


def with_part(content: bytes, at: int, column: int, part: str) -> bytes:
    line = content.decode("latin-1").split("\r\n")[at - 1]
    return with_line(content, at, line[: column - 1] + part + line[column - 1 + len(part) :])


@pytest.mark.parametrize("kind", sorted(written.EVERY))
def test_every_kind_is_recognised_and_written_again_byte_by_byte(kind: str) -> None:
    content = written.content(kind)
    file = files.read(content)
    assert file.kind.name == kind
    assert file.remarks == []
    assert read_again(file) == content
    assert {len(line) for line in content.split(b"\r\n")} == {0, 80}


def test_every_kind_is_tried() -> None:
    assert sorted(written.EVERY) == sorted(kinds.BY_NAME)


@pytest.mark.parametrize("kind", sorted(written.EVERY))
def test_every_record_is_read_with_all_its_fields(kind: str) -> None:
    for read, made in zip(
        files.read(written.content(kind)).sections, written.EVERY[kind], strict=True
    ):
        assert [row for _at, row in read.lines] == list(made[1])
        records = [row for row in (read.opening, read.end, *made[1]) if row is not None]
        assert [row for row in records if len(row) != len(row._fields)] == []
        assert (read.opening, read.end) == (made[0], made[2])


def test_what_is_read_is_what_was_written() -> None:
    file = files.read(written.content("payment_specification"))
    rows = [row for _at, row in file.lines]
    assert rows == next(iter(written.specification_sections()))[1]
    assert [at for at, _row in file.lines] == list(range(2, 10))
    assert file.sections[0].ended_at == 10


@pytest.mark.parametrize("kind", sorted(written.EVERY))
def test_cut_lines_blank_lines_titles_and_lone_line_feeds_change_nothing(kind: str) -> None:
    content = written.content(kind)
    lines = [line.rstrip() for line in content.decode("latin-1").split("\r\n")]
    untidy = "\n".join(["Exempelfil", "", *[f"{line}\t " for line in lines], "   ", ""])
    file = files.read(untidy.encode("latin-1"))
    assert read_again(file) == content
    assert [remark.code for remark in file.remarks] == ["title"]


def test_two_sections_are_two() -> None:
    file = files.read(written.content("mandate_advice"))
    assert [len(section.lines) for section in file.sections] == [3, 1]


def test_a_damaged_sign_is_read_as_a_ring_and_said() -> None:
    content = written.content("changes")
    at = content.count(b"\r\n")
    damaged = with_part(content, at, 68, "?")
    file = files.read(damaged)
    assert file.sections[0].end.sum_in_ore == -806_00
    assert [(one.code, one.line) for one in file.remarks] == [("damaged_sign", at)]


def test_sums_of_changes_may_be_written_as_plain_digits() -> None:
    content = written.content("changes")
    at = content.count(b"\r\n")
    file = files.read(with_part(content, at, 57, f"{806_00:012}"))
    assert file.sections[0].end.sum_in_ore == 806_00


@pytest.mark.parametrize(
    ("kind", "at", "column", "part", "said"),
    [
        ("payment_specification", 3, 32, "x", ("digits", 3, 32)),
        ("payment_specification", 3, 36, "x", ("digits", 3, 36)),
        ("payment_specification", 3, 3, "2026120A", ("digits", 3, 10)),
        ("payment_specification", 2, 51, f"{301_00:018}", ("sum", 2, 51)),
        ("payment_specification", 2, 72, "00000003", ("count", 2, 72)),
        ("payment_specification", 10, 15, "000002", ("count", 10, 15)),
        ("payment_specification", 3, 1, "32", ("order", 3, 1)),
        ("payment_specification", 3, 1, "73", ("unknown_record", 3, 1)),
        ("payment_specification", 1, 25, "2026113X", ("digits", 1, 32)),
        ("mandate_advice", 5, 15, "0000004", ("count", 5, 15)),
        ("rejected_payments", 5, 39, f"{299_00:012}", ("sum", 5, 39)),
        ("rejected_payments", 5, 15, "000002", ("count", 5, 15)),
        ("changes", 6, 47, "000003", ("count", 6, 47)),
        ("e_mandates", 7, 15, "0000004", ("count", 7, 15)),
        ("e_mandates", 3, 1, "54", ("order", 3, 1)),
        ("watch_register", 4, 57, f"{1:012}", ("sum", 4, 57)),
        ("orders", 3, 77, "AB", ("constant", 3, 77)),
        ("bgmax", 11, 51, f"{151_00:018}", ("sum", 11, 51)),
        ("bgmax", 12, 3, "00000002", ("count", 12, 3)),
        ("mandate_register", 2, 39, "3", ("digits", 2, 39)),
    ],
)
def test_a_broken_file_says_line_column_and_reason(
    kind: str, at: int, column: int, part: str, said: tuple[str, int, int]
) -> None:
    assert broken(with_part(written.content(kind), at, column, part)) == said


def test_files_that_are_none() -> None:
    content = written.content("mandate_advice")
    assert broken(b"") == ("empty", 0, 0)
    assert broken(b"\r\n \r\n") == ("empty", 0, 0)
    assert broken(b"<Document/>\n" * 9)[0] == "unknown_file"
    assert broken(b"\xef\xbb\xbf" + content) == ("not_latin_1", 1, 1)
    assert broken(content.replace(b"1000002", b"10000\x002", 1)) == ("control_character", 3, 27)
    assert broken(content.replace(b"\r\n", b"\r", 1)) == ("control_character", 1, 81)
    assert files.read(content.replace(b"\r\n", b"\n", 2)).lines
    assert broken(content[: content.index(b"\r\n09") + 2])[0] == "no_end"
    assert broken(content + b"73" + b"0" * 78)[0] == "after_end"
    first, rest = content.split(b"\r\n", 1)
    assert broken(rest)[0] == "unknown_file"
    assert broken(first + b"x\r\n" + rest) == ("too_long", 1, 81)
    empty: written.Sections = [(written.opening(), [], mandates.CountEnd(written.DAY, 0))]
    assert broken(files.write("mandate_advice", empty)) == ("no_records", 1, 0)


def test_another_count_of_executed_draws_is_a_remark() -> None:
    """An older edition of Bankgirot's own example counts all of them."""
    file = files.read(with_part(written.content("payment_specification"), 10, 21, f"{3:012}"))
    assert [(one.code, one.column) for one in file.remarks] == [("count", 21)]


def test_an_order_for_another_bankgiro_number_is_a_remark() -> None:
    row = orders.CancelMandate("5050105", written.ANNA)
    opening = orders.OrderOpening("20261130", written.CUSTOMER, written.BANKGIRO)
    file = files.read(files.write("orders", [(opening, [row], None)]))
    assert [one.code for one in file.remarks] == ["other_bankgiro"]


def test_no_reason_repeats_what_stands_in_the_file() -> None:
    content = with_part(written.content("mandate_advice"), 2, 45, "SECRETSECRET")
    with pytest.raises(FormatError) as found:
        files.read(content)
    assert "SECRET" not in str(found.value)


# --- Writing --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "record",
    [
        orders.PaymentOrder("82", written.DAY, "0", None, written.ANNA, 10**12, written.BANKGIRO),
        orders.PaymentOrder("82", written.DAY, "0", None, written.ANNA, -1, written.BANKGIRO),
        orders.PaymentOrder("82", "2026", "0", None, written.ANNA, 1, written.BANKGIRO),
        orders.PaymentOrder("82", written.DAY, "0", None, "1" * 17, 1, written.BANKGIRO),
        orders.PaymentOrder("82", written.DAY, "0", None, "1", 1, written.BANKGIRO, "x" * 17),
        orders.PaymentOrder("82", written.DAY, "0", None, "1", 1, written.BANKGIRO, "kr €"),
        orders.PaymentOrder("82", written.DAY, "0", None, "1", 1, written.BANKGIRO, "a\nb"),
        orders.NewMandate(written.BANKGIRO, written.ANNA, "5102", written.PERSON),
    ],
)
def test_what_does_not_fit_is_never_written(record: object) -> None:
    opening = orders.OrderOpening("20261130", written.CUSTOMER, written.BANKGIRO)
    with pytest.raises(FormatError, match="can't be written"):
        files.write("orders", [(opening, [record], None)])


def test_a_kind_writes_only_its_own_records() -> None:
    with pytest.raises(KeyError):
        files.write("mandate_advice", [(written.opening(), [mandates.EMandateText("x")], None)])


# --- Whatever comes -------------------------------------------------------------------------------
@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    with contextlib.suppress(FormatError):
        files.read(content)


@given(
    st.sampled_from(sorted(written.EVERY)),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6),
    st.integers(0, 4000),
)
@settings(max_examples=400, deadline=None)
def test_no_damage_to_a_real_file_crashes_the_reader(
    kind: str, changed: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(written.content(kind))
    for place, byte in changed:
        content[place % len(content)] = byte
    try:
        file = files.read(bytes(content[: max(1, cut)]))
        files.read(read_again(file))
    except FormatError:
        pass


TEXTS = st.text("ABCÅÄÖabcåäö0123456789 -/.", max_size=16).map(str.rstrip)
NUMBERS = st.integers(1, 10**16 - 1).map(str)


@given(
    st.lists(
        st.builds(
            orders.PaymentOrder,
            st.sampled_from(["82", "32"]),
            st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda d: f"{d:%Y%m%d}"),
            st.sampled_from("012345678"),
            st.none() | st.integers(0, 999),
            NUMBERS,
            st.integers(0, 10**12 - 1),
            st.just(written.BANKGIRO),
            TEXTS,
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_orders_come_back_as_they_were(rows: list[orders.PaymentOrder]) -> None:
    opening = orders.OrderOpening("20261130", written.CUSTOMER, written.BANKGIRO)
    content = files.write("orders", [(opening, rows, None)])
    file = files.read(content)
    assert [row for _at, row in file.lines] == rows
    assert read_again(file) == content


@given(st.integers(-(10**12) + 1, 0))
def test_any_sum_below_zero_comes_back(ore: int) -> None:
    end = reports.TrailerEnd(written.DAY, ore, 0, 0, 0)
    assert reports.CHANGES_END.read(reports.CHANGES_END.write(end)) == end
