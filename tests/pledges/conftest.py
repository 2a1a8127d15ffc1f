from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pledging import House, own_time
from tests.proofs import differing


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """A party that takes autogiro; whatever the test did, the books must prove themselves after."""
    with own_time() as made:
        made.open()
        yield made
        assert differing() == []
