"""What every process of the suite would make is made once, and anew when a test has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundraise.local import ready

WELL, ILL = ("-c", ""), ("-c", "raise SystemExit(3)")


def test_tests_and_tables_are_made_ready_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = tmp_path / "kept" / "ready"
    monkeypatch.setattr(ready, "STEPS", (WELL, ILL))
    assert (ready.run(stamp), stamp.exists()) == (True, False)  # what failed is tried again
    monkeypatch.setattr(ready, "STEPS", (WELL, WELL))
    assert (ready.run(stamp), stamp.exists()) == (True, True)
    assert ready.run(stamp) is False
    stamp.write_text("of other tests")
    assert ready.run(stamp) is True
