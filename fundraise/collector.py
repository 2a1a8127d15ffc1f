"""Python's collector of cycles, out of the way of work that makes very many small things."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def away() -> Iterator[None]:
    """Hundreds of thousands of small tuples, none of them garbage, would be walked through again
    and again; nothing here makes cycles. Afterwards they count as old: frozen and released at once,
    they are not walked through as soon as the collector is back."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
