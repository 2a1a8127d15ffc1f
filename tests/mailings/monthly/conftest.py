from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fundraise import clock
from tests.mailings.monthly.posting import Posting
from tests.pledging import START
from tests.proofs import differing


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[Posting]:
    """A party whose facts are delivered and whose mails leave; the books prove themselves after."""
    made = Posting(START, 10)
    made.folder = Path(settings.MAIL_DIR)
    clock.use(lambda: made.offset)
    try:
        made.open()
        yield made
        assert differing() == []
    finally:
        clock.use(None)
