"""In which order the tests are shared out: what takes longest begins first.

A process is handed a row of neighbours, and takes of another's end when it has none left. A test
of half a minute at the end of a row leaves every other process without work for as long.
"""

from __future__ import annotations

import os
from typing import TypeVar

import pytest

Test = TypeVar("Test")


def longest_first(items: list[pytest.Item]) -> None:
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long")]
    rest = [item for item in items if not item.get_closest_marker("long")]
    items[:] = dealt(long, rest, processes)


def dealt(long: list[Test], rest: list[Test], processes: int) -> list[Test]:
    """Each process's row begins with its share of the long ones."""
    left, found = iter(rest), list[Test]()
    number = len(long) + len(rest)
    for n in range(processes):
        row = (number - len(found)) // (processes - n)
        found += long[n::processes]
        found += [one for _, one in zip(range(row - len(long[n::processes])), left, strict=False)]
    return [*found, *left]
