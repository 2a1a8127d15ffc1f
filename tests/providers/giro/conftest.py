from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.giro import GiroHouse, own_giro
from tests.proofs import differing


@pytest.fixture
def house(db: None) -> Iterator[GiroHouse]:
    """A party and its bank; whatever the test did, the books must prove themselves after."""
    with own_giro() as made:
        yield made
        assert differing() == []


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The drop of a bank that takes files from a folder."""
    for name in ("out", "in"):
        (tmp_path / name).mkdir()
    settings.AUTOGIRO_TRANSPORT = "directory"
    settings.AUTOGIRO_OUT_DIR = str(tmp_path / "out")
    settings.AUTOGIRO_IN_DIR = str(tmp_path / "in")
    settings.AUTOGIRO_SETTLE_SECONDS = 0
    return tmp_path
