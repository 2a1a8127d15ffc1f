from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def swedish() -> None:
    """The whole catalogue, as it is built."""
