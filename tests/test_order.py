"""Every process begins with its share of what takes long, and no test is lost or doubled."""

from __future__ import annotations

import pytest

from tests.order import dealt


@pytest.mark.parametrize("processes", [1, 2, 3, 4, 7])
def test_every_row_begins_with_its_share_of_the_long_ones(processes: int) -> None:
    long, rest = [f"long {n}" for n in range(7)], [str(n) for n in range(50)]
    order = dealt(long, rest, processes)
    assert sorted(order) == sorted(long + rest)
    begins = 0
    for n in range(processes):  # as xdist hands them out
        row = (len(order) - begins) // (processes - n)
        share = long[n::processes]
        assert order[begins : begins + len(share)] == share
        assert not set(order[begins + len(share) : begins + row]) & set(long)
        begins += row


def test_more_processes_than_tests_lose_none() -> None:
    assert dealt(["long"], ["short"], 4) == ["long", "short"]
    assert dealt([], ["short"], 4) == ["short"]
