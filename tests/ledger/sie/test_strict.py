"""The judge of SIE files: every rule is broken in a good file and must be named with its line."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraise.ledger.sie_strict.judge import faults

GOOD = (Path(__file__).parent / "golden" / "november.si").read_bytes()


def lines() -> list[bytes]:
    return GOOD.split(b"\r\n")


def broken(old: str, new: str) -> list[tuple[int, str]]:
    """Where and against which rule, after one replacement in the good file."""
    before, after = old.encode("cp437"), new.encode("cp437")
    assert before in GOOD
    return [(fault.line, fault.rule) for fault in faults(GOOD.replace(before, after, 1))]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("#FLAGGA 0\r\n", "", [(0, "6"), (1, "5.12")]),
        ("#FLAGGA 0", "#FLAGGA 2", [(1, "#FLAGGA")]),
        ('#PROGRAM "fundraise" "0.1.0"', '#PROGRAM "fundraise"', [(2, "#PROGRAM")]),
        ('"fundraise" "0.1.0"', '"fundraise" ""', [(2, "5.15")]),
        ("#FORMAT PC8", "#FORMAT UTF8", [(3, "#FORMAT")]),
        ("#FORMAT PC8", "#FORMAT PC8\r\n#FORMAT PC8", [(4, "6")]),
        ("20261126", "20261326", [(4, "5.10")]),
        ("20261126", "2026-11-26", [(4, "5.10")]),
        ("#GEN 20261126\r\n", "", [(0, "6")]),
        ("#SIETYP 4", "#SIETYP 1", [(5, "#SIETYP")]),
        ("802400-1234", "8024001234", [(6, "#ORGNR")]),
        ("#RAR 0 20260101", "#RAR 0 20260230", [(8, "#RAR")]),
        ("#RAR 0 20260101 20261231", "#RAR 0 20260101 20261031",
         [(18, "#RAR"), (24, "#RAR"), (29, "#RAR"), (34, "#RAR")]),
        ("#KPTYP BAS2026", "#KPTYP BAS2026\r\n#IB 0 1580 0",
         [(10, "6"), *[(line, "5.12") for line in range(11, 19)]]),
        ("#KPTYP", "#KONTOPLAN", [(9, "7.1")]),
        ('#KONTO 1589', '#KONTO 1580', [(11, "#KONTO"), (36, "#KONTO")]),
        ('#KONTO 6570 "Avgifter"\r\n', "", [(25, "#KONTO")]),
        ('#KONTO 6570', '#KONTO 65A', [(13, "#KONTO"), (26, "#KONTO")]),
        ("#DIM 1 ", "#DIM 12 ", [(14, "8.17")]),
        ('#OBJEKT 1 "Örebro" "Örebro"\r\n', "", [(20, "#OBJEKT")]),
        ('#OBJEKT 6 "VAL-26"', '#OBJEKT 6 "VAL-27"',
         [(21, "#OBJEKT"), (22, "#OBJEKT"), (26, "#OBJEKT"), (31, "#OBJEKT")]),
        ('#VER "" "" 20261102 "G2026-1', '#VER G 1 20261102 "G2026-1', [(18, "#VER")]),
        ("20261102", "20261131", [(18, "5.10")]),
        ("}\r\n#VER", "#VER", [(18, "5.4")]),
        ("{\r\n", "", [(19, "#TRANS"), (20, "#TRANS"), (21, "#TRANS"), (22, "5.4")]),
        ("-95.65\r\n}\r\n", "-95.65\r\n", [(34, "5.4")]),
        ("300.50", "300.51", [(18, "#TRANS")]),
        ("300.50", "300,50", [(18, "#TRANS"), (20, "5.9")]),
        ("300.50", "+300.50", [(18, "#TRANS"), (20, "5.9")]),
        ("300.50", "300.500", [(18, "#TRANS"), (20, "5.9")]),
        ("300.50", "3 00.50", [(18, "#TRANS"), (20, "5.10")]),
        ("300.50", "300.5", []),
        ("95.65\r\n", "95.65\r\n#RTRANS 1580 {} 1.00\r\n", [(37, "#RTRANS")]),
        ("#TRANS 1589 {} 95.65", "#RTRANS 1589 {} 95.65\r\n#TRANS 1589 {} 95.65", []),
        ("#TRANS 1589 {} 95.65", "#BTRANS 1589 {} 7.00\r\n#TRANS 1589 {} 95.65", []),
        ("#TRANS 1580 {} 300.50", "#TRANS 1580 300.50",
         [(18, "#TRANS"), (20, "#TRANS"), (20, "5.9"), (20, "8.21")]),
        ('{6 "VAL-26"} -200', '{6} -200', [(22, "8.21")]),
        ("po/1", "po\\1", [(34, "5.7")]),
        ("po/1", "po\t1", [(34, "5.7")]),
        ("po/1", "po\x7f1", [(34, "5.7")]),
        ("po/1", 'po"1', [(34, "5.7")]),
        ("po/1", "po\r1", [(34, "5.5")]),
        ("#SIETYP 4\r\n", "#SIETYP 4\r\nhej\r\n", [(6, "7.1")]),
        ("#SIETYP 4\r\n", "#SIETYP 4\r\n\r\n", []),
        ("\r\n#GEN", "\n#GEN", []),
    ],
)  # fmt: skip
def test_one_broken_rule_is_named_with_its_line(
    old: str, new: str, expected: list[tuple[int, str]]
) -> None:
    assert broken(old, new) == expected


def test_a_file_in_another_character_set_is_refused() -> None:
    as_utf8 = GOOD.decode("cp437").encode()
    assert [(fault.line, fault.rule) for fault in faults(as_utf8)] == [(0, "5.8")]
    assert (1, "5.8") in [(fault.line, fault.rule) for fault in faults(b"\xef\xbb\xbf" + as_utf8)]
    assert [fault.rule for fault in faults(GOOD[:-2])] == ["5.5"]
    assert str(faults(GOOD[:-2])[0]) == "line 38: the last line has no end (4B 5.5)"


def test_an_empty_file_lacks_all_that_must_stand() -> None:
    missing = [fault.text for fault in faults(b"") if fault.rule == "6"]
    assert missing == [
        f"{label} is missing"
        for label in ("#FLAGGA", "#FNAMN", "#FORMAT", "#GEN", "#PROGRAM", "#SIETYP")
    ]


def with_checksum(sum_: int | None = None) -> bytes:
    """The good file with #KSUMMA, its sum made here from the fields alone."""
    covered = b""
    for line in lines()[1:-1]:
        if line not in (b"{", b"}"):
            inside = False
            for place, byte in enumerate(line):
                if byte == ord('"') and line[place - 1 : place] != b"\\":
                    inside = not inside
                elif (inside or byte not in b" {}") and byte != ord("\\"):
                    covered += bytes([byte])
    total = zlib.crc32(covered) if sum_ is None else sum_
    head, rest = GOOD.split(b"\r\n", 1)
    return head + b"\r\n#KSUMMA\r\n" + rest + f"#KSUMMA {total}\r\n".encode()


def test_a_checksum_is_checked_where_there_is_one() -> None:
    assert faults(with_checksum()) == []
    wrong = faults(with_checksum(1))
    assert [(fault.line, fault.rule) for fault in wrong] == [(40, "#KSUMMA")]
    assert [fault.rule for fault in faults(GOOD + b"#KSUMMA 1\r\n")] == ["#KSUMMA"]


@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_no_bytes_make_the_judge_fall(noise: bytes, place: int) -> None:
    for fault in faults(GOOD[:place] + noise + GOOD[place:]):
        assert fault.rule
        assert fault.text
    faults(noise, "4E")
