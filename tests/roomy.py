"""A call with room for all that is called in it.

Python keeps the frames of its calls in pieces of 16 kB, asks the system for one when it is full and
gives it back when it is empty. A call at such a border does both each time: a page of the staff's
crosses it thousands of times, which took a seventh of the suite. One frame that is large makes its
piece larger still, and all later frames find room in the rest of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
SLOTS = 70_000  # of eight bytes: its piece is the next power of two, 1 MB, and half of it is left


def call(work: Callable[[], Result]) -> Result:
    return work()


call.__code__ = call.__code__.replace(co_stacksize=SLOTS)
