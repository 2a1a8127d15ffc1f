"""Reading a payment specification, against a bare loop over its lines."""

from __future__ import annotations

import time
from collections.abc import Iterator

from fundraise.ops.bench.figures import Figure, middle, middle_ratio, rounds, sized
from fundraise.ops.bench.house import House
from fundraise.providers.autogiro import files, openings, reports

ROWS = 100_000
WANTED_A_SECOND = 250_000
BANKGIRO = "9912346"
DAY = "20261127"
ROUNDS = 5


def measure(_house: House) -> Iterator[Figure]:
    """Records a second of processor time on one core, with columns of errors and all totals."""
    number = sized(ROWS, least=1000)
    content = specification(number)
    reading, looping = rounds([lambda: _seconds(content), lambda: _bare(content)], ROUNDS)
    rate = number / middle(reading)
    ratio = rate / WANTED_A_SECOND
    yield Figure(
        "autogiro_parse", "records read", rate, "records/s", "250 000/s", ratio, at_least=1.0
    )
    against = middle_ratio(reading, looping)
    yield Figure("autogiro_parse", "reading", middle(reading), "s", "bare loop", against)


def specification(number: int) -> bytes:
    """A payment specification of so many draws of 200 kr, all paid."""
    rows = [
        reports.SpecLine(
            "82", DAY, "0", None, str(1_000_000 + n), 200_00, BANKGIRO, f"D-{n:08d}", "0"
        )
        for n in range(number)
    ]
    deposit = reports.Deposit("15", "51020158751", DAY, "00001", 200_00 * number, number)
    opening = openings.ReportOpening(DAY, "120000000000", "471117", BANKGIRO)
    end = reports.SpecEnd(DAY, 1, number, 0, 0, 0, 0)
    return files.write("payment_specification", [(opening, [deposit, *rows], end)])


def _seconds(content: bytes) -> float:
    begun = time.process_time()
    files.read(content)
    return time.process_time() - begun


def _bare(content: bytes) -> float:
    begun = time.process_time()
    for _line in content.decode("latin-1").split("\n"):
        pass
    return time.process_time() - begun
