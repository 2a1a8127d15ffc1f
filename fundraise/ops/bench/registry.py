"""The benchmarks by name, in the order in which `all` runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fundraise.ops.bench import (
    appeals,
    autogiro_book,
    autogiro_parse,
    camt,
    events,
    export,
    page,
    segments,
    settle,
    thermometer,
    verify,
)
from fundraise.ops.bench.figures import Figure
from fundraise.ops.bench.house import House

Bench = Callable[[House], Iterator[Figure]]

BENCHES: dict[str, Bench] = {
    "page": page.measure,
    "thermometer": thermometer.measure,
    "settle": settle.measure,
    "events": events.measure,
    "verify_books": verify.measure,
    "autogiro_parse": autogiro_parse.measure,
    "autogiro_book": autogiro_book.measure,
    "camt": camt.measure,
    "segments": segments.measure,
    "appeals": appeals.measure,
    "export": export.measure,
}
