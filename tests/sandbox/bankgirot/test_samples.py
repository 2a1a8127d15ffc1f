"""Bankgirot's own examples, where they are at hand: orders are taken, rows are written alike."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.registers import Mandate, Payment
from tests.sandbox.bankgirot.conftest import Town
from tests.sandbox.bankgirot.orders import sealed

FOLDER = Path(os.environ.get("FUNDRAISE_SAMPLES", "")) / "fixtures" / "autogiro"
NEW = FOLDER / "bgc2015-new-layout"
pytestmark = pytest.mark.skipif(
    not os.environ.get("FUNDRAISE_SAMPLES") or not FOLDER.is_dir(),
    reason="FUNDRAISE_SAMPLES names no folder with sample files",
)


def lines_of(part: str, codes: tuple[str, ...]) -> list[str]:
    """The records of a file, to 80 positions: examples have titles, TABs and cut lines."""
    (path,) = [found for found in NEW.iterdir() if part in found.name]
    lines = path.read_bytes().decode("latin-1").replace("\t", " ").splitlines()
    return [line[:80].ljust(80) for line in lines if line[:2] in codes]


def the_day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def payment_of(line: str, at: int) -> Payment:
    """From a row whose payer number begins at a position."""
    left = int(line[11:14]) if line[11:14].strip() else None
    end = at + 28
    return Payment(1, line[:2], line[2:10], date.min, line[10], left, line[at : at + 16],
                   int(line[at + 16 : end]), line[end : end + 16])  # fmt: skip


@pytest.mark.parametrize(
    ("part", "codes", "count"),
    [("betalningsunderlag", ("82", "32"), 9), ("medgivandeunderlag", ("03", "04", "05"), 13),
     ("andringsunderlag", ("23", "24", "25", "26", "27", "28", "29"), 17)],
)  # fmt: skip
def test_orders_of_the_examples_are_taken(
    town: Town, part: str, codes: tuple[str, ...], count: int
) -> None:
    (first,) = lines_of(part, ("01",))
    orders = lines_of(part, codes)
    # The example of payments has a bankgiro number with a wrong check digit.
    right = [line.replace("0009902346", "0009912346") for line in (first, *orders)]
    receipt = town.bank.receive(sealed(*right))
    assert (receipt.reason, receipt.orders) == ("", count)


def test_draws_and_refunds_are_written_as_in_the_example() -> None:
    (refunds, draws) = (lines_of("bet-spec", ("77",)), lines_of("bet-spec", ("82", "32")))
    for line in draws:
        payment = payment_of(line, 15)
        payment.reference = line[53:69]
        assert rows.drawn(line[43:53], payment, the_day(line[2:10]), line[79]).line == line
    for line in refunds:
        payment = payment_of(line, 15)
        payment.reference = line[53:69]
        days = the_day(line[2:10]), the_day(line[69:77])
        assert rows.refunded(line[43:53], payment, *days, line[77:79]).line == line
    assert (len(draws), len(refunds)) == (12, 2)


def test_rejected_payments_are_written_as_in_the_example() -> None:
    lines = lines_of("avvisade", ("82", "32"))
    for line in lines:
        payment = payment_of(line, 14)
        assert rows.rejected(payment, line[30:42], line[58:60]).line == line
    assert len(lines) == 8


def test_advice_is_written_as_in_the_example() -> None:
    lines = lines_of("medgivandeavisering", ("73",))
    for line in lines:
        who = (line[28:44], line[44:56])
        found = rows.advice(line[2:12], line[12:28], line[61:65], the_day(line[65:73]), who)
        assert found == line
    assert len(lines) == 10


def test_cancellations_are_written_as_in_the_example() -> None:
    lines = lines_of("makuleringar", ("03", "11", "23", "24", "25", "28", "29"))
    for line in lines:
        written = rows.change_line(line[:2], line[2:10], line[10:26], line[26:28], line[28:40],
                                   line[40:48], line[48:56], line[56:72], line[72:74])  # fmt: skip
        assert written == line
    for line in lines_of("makuleringar", ("21", "22", "26", "27")):
        count, to = int(line[40:48]), line[48:56]
        found = rows.aggregate(line[:2], line[2:10], count, to, line[72:74], int(line[28:40]))
        assert found.line == line
    assert len(lines) == 14


def test_registers_are_written_as_in_the_examples() -> None:
    waiting = lines_of("bevakningsregistret", ("82", "32"))
    for line in waiting:
        if line[10] == "0" and line[11:14].strip():
            # A single payment with occasions left: the example's own slip.
            continue
        payment = payment_of(line, 15)
        payment.due, payment.reference = the_day(line[2:10]), line[53:69]
        assert rows.watched(payment).line == line
    mandates = lines_of("medgivanderegistret", ("00",))
    for line in mandates:
        changed = None if line[49:57].strip(" 0") == "" else the_day(line[49:57])
        mandate = Mandate(
            line[22:38], line[64:80].strip(), line[10:22], line[38],
            "approved" if line[57] == "1" else "enquiry", the_day(line[41:49]), changed,
            int(line[39:41]), date.min,
        )  # fmt: skip
        written = rows.registered(line[:10], mandate)
        # When it was never changed there are zeros here, and zeros or blanks in the example.
        assert written[:49] + written[57:] == line[:49] + line[57:]
    assert (len(waiting), len(mandates)) == (10, 7)
