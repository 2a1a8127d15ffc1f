"""The bank's payment file, byte for byte, and sums that the file's own totals prove."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fundraise.reconciliation.paying.pain001 import NAMESPACE, Order, Payee, Transfer, write
from tests.iso_schemas import assert_valid

AT, DAY = datetime(2026, 11, 26, 9, 30), date(2026, 11, 27)  # noqa: DTZ001 - the bank's local time
IBAN = "SE4550000000058398257466"


def order(*transfers: Transfer) -> Order:
    return Order("F1", AT, DAY, "Partiet & Co", IBAN, transfers)


def texts(content: bytes, name: str) -> list[str]:
    return [one.text or "" for one in etree.fromstring(content).iter(f"{{{NAMESPACE}}}{name}")]


def test_a_file_with_each_kind_of_account_is_as_written_here() -> None:
    content = write(
        order(
            Transfer("a1", 250_00, Payee("Anna <Lind>", "bban", "83279876543"), "Återbetalning"),
            Transfer("b2", 50, Payee("Distriktet", "bgnr", "9912346"), "Avräkning"),
            Transfer("c3", 1_000_000_01, Payee("B", "iban", IBAN), "x" * 200),
        )
    )
    assert_valid(content)
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso')
    assert texts(content, "CtrlSum") == ["1000250.51", "1000250.51"]
    assert texts(content, "NbOfTxs") == ["3", "3"]
    assert texts(content, "InstdAmt") == ["250.00", "0.50", "1000000.01"]
    assert texts(content, "EndToEndId") == ["a1", "b2", "c3"]
    assert texts(content, "Nm") == [
        "Partiet & Co",
        "Partiet & Co",
        "Anna <Lind>",
        "Distriktet",
        "B",
    ]
    assert texts(content, "Cd") == ["NURG", "BBAN"]
    assert texts(content, "Prtry") == ["BGNR"]
    assert texts(content, "IBAN") == [IBAN, IBAN]
    assert len(texts(content, "Ustrd")[2]) == 140
    assert texts(content, "ReqdExctnDt") == ["2026-11-27"]
    assert texts(content, "CreDtTm") == ["2026-11-26T09:30:00"]


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.integers(1, 10**12))
def test_any_name_and_any_sum_make_a_file_that_the_official_schema_accepts(
    name: str, ore: int
) -> None:
    content = write(order(Transfer("a", ore, Payee(name, "bban", "83279876543"), name)))
    assert_valid(content)
    assert texts(content, "InstdAmt") == [f"{ore // 100}.{ore % 100:02}"]
    assert len(texts(content, "Nm")[-1]) <= 70


def test_a_file_without_sums_is_not_written() -> None:
    for transfers in ((), (Transfer("a", 0, Payee("A", "iban", IBAN), ""),)):
        with pytest.raises(ValueError, match="above zero"):
            write(order(*transfers))
