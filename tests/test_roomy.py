"""Calls at any depth ask the system for nothing."""

from __future__ import annotations

import resource
import threading
from collections.abc import Callable

import pytest

from tests import roomy

CALLS = 2000


def leaf() -> None:
    pass


def at_depth(depth: int) -> None:
    if depth:
        at_depth(depth - 1)
    else:
        for _ in range(CALLS):
            leaf()


def at_every_depth() -> None:
    for depth in range(400):
        at_depth(depth)


def pages_taken(work: Callable[[], None]) -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_a_test_finds_room_for_its_calls_at_any_depth() -> None:
    assert pages_taken(at_every_depth) < CALLS


def test_a_thread_finds_it_when_it_is_given_some() -> None:
    taken: list[int] = []

    def work() -> None:
        taken.append(pages_taken(at_every_depth))

    thread = threading.Thread(target=roomy.call, args=[work])
    thread.start()
    thread.join(60)
    assert taken[0] < CALLS


def test_what_is_called_gives_its_answer_and_its_fault() -> None:
    assert roomy.call(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        roomy.call(lambda: 1 // 0)
