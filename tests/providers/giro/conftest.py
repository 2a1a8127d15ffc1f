from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.giro import GiroHouse, own_giro
from tests.proofs import differing


@pytest.fixture
def house(db: None) -> Iterator[GiroHouse]:
    """A party and its bank; whatever the test did, the books must prove themselves after."""
    with own_giro() as made:
        yield made
        assert differing() == []
