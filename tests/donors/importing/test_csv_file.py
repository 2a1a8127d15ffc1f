"""CSV as it comes from Excel, Numbers and member registers, and what is wrong with a broken one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.importing.csv_file import read_csv
from donors.importing.table import FileRefused

TEXT = "Namn;E-post;Ort\r\nÅsa Öberg;asa@example.se;Umeå\r\n"
CELLS = ("Åsa Öberg", "asa@example.se", "Umeå")


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        b"sep=;\r\n" + TEXT.encode(),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace("\r\n", "\n").encode(),
        b"\r\n;;\r\n" + TEXT.encode(),
        b"Medlemmar 2026;;\r\n" + TEXT.encode(),
    ],
)
def test_every_way_to_write_one_list_reads_alike(body: bytes) -> None:
    table = read_csv(body)
    assert table.header == ("Namn", "E-post", "Ort")
    assert [line.cells for line in table.lines] == [CELLS]


def test_a_row_is_named_by_the_line_it_begins_on_though_a_cell_holds_line_breaks() -> None:
    body = b'Namn;Adress\nA A;"Box 1\nc/o B"\nC C;Gatan 2\n'
    lines = read_csv(body).lines
    assert [(line.number, line.cells[1]) for line in lines] == [
        (2, "Box 1\nc/o B"),
        (4, "Gatan 2"),
    ]


def test_a_comma_within_a_cell_does_not_make_the_comma_the_separator() -> None:
    body = b"Namn;Adress\nLind, Anna;Gatan 1, 2 tr\nEk, Bo;Gatan 2, 3 tr\n"
    assert read_csv(body).lines[0].cells == ("Lind, Anna", "Gatan 1, 2 tr")


@pytest.mark.parametrize(
    ("body", "code", "line", "column"),
    [
        (b"", "file_empty", None, None),
        (b"\n \n;;\n", "file_empty", None, None),
        (b"Namn;E-post\n", "no_rows", None, None),
        (b"Anna Lind;anna@example.se\nBo Ek;bo@example.se\n", "no_header", 1, None),
        (b"Namn;E-post\nAnna;a@example.se;0701;mer\n", "too_many_cells", 2, 3),
        (b'Namn;E-post\nA;a@example.se\n"Bo;b@example.se\n', "quotes_broken", 3, None),
        (b'Namn;E-post\nA;a@example.se\n"Bo"x;b@example.se\n', "quotes_broken", 3, None),
        (b"Namn;E-post\nAnna\x8d;a@example.se\n", "encoding_unknown", 2, 5),
        (b"Namn;E-post\nAn\x00na;a@example.se\n", "not_text", 2, 3),
        (b"Namn;E-post\n" + b"A" * 2_001 + b";a@example.se\n", "cell_too_long", 2, 1),
        (";".join(["namn", *"x" * 100]).encode() + b"\nA\n", "too_many_columns", 1, None),
    ],
)
def test_a_broken_file_is_refused_whole_with_the_place(
    body: bytes, code: str, line: int | None, column: int | None
) -> None:
    with pytest.raises(FileRefused) as refused:
        read_csv(body)
    said = refused.value
    assert (said.code, said.line, said.column) == (code, line, column)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        table = read_csv(body)
    except FileRefused as refused:
        assert refused.code  # noqa: PT017 - either end is fine, no other is
    else:
        assert all(len(line.cells) == len(table.header) for line in table.lines)
