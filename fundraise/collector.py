"""Python's collector of cycles, out of the way of work that makes very many small things."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 10_000  # so many new things are put aside; fewer are sooner walked through


@contextmanager
def away() -> Iterator[None]:
    """Hundreds of thousands of small tuples, none of them garbage, would be walked through again
    and again; nothing here makes cycles. Afterwards they count as old: frozen and released at once,
    they are not walked through as soon as the collector is back."""
    was_on = gc.isenabled()
    gc.disable()
    before = gc.get_count()[0]
    try:
        yield
    finally:
        if was_on:
            if gc.get_count()[0] - before > MANY:
                _put_aside()
            gc.enable()


def _put_aside() -> None:
    """What somebody else froze stays so; to ask for it is to walk through every frozen thing."""
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
