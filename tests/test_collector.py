"""Work that makes very many things: the collector is away, and afterwards they count as old."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from fundraise import collector


@pytest.fixture
def thawed() -> Iterator[None]:
    """The suite's own things are frozen; here nothing is."""
    gc.unfreeze()
    yield
    gc.freeze()


@pytest.mark.parametrize(("things", "young"), [(3 * collector.MANY, False), (100, True)])
def test_many_new_things_count_as_old_afterwards_and_few_do_not(
    thawed: None, *, things: int, young: bool
) -> None:
    gc.collect(0)
    with collector.away():
        assert not gc.isenabled()
        made = [[number] for number in range(things)]
    assert gc.isenabled()
    assert (id(made[0]) in {id(one) for one in gc.get_objects(generation=0)}) is young


def test_what_somebody_froze_stays_frozen_and_who_was_off_stays_off(thawed: None) -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with collector.away():
        made = [[number] for number in range(3 * collector.MANY)]
    # One that died meanwhile is gone; none of the many was added.
    assert frozen - collector.MANY < gc.get_freeze_count() <= frozen
    assert len(made) == 3 * collector.MANY
    gc.disable()
    try:
        with collector.away():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
