"""Bytes that follow the readers' own branches crash nothing: atheris, where it runs, at full size.

Hypothesis does the same at a small size in `test_properties`.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reconciliation.formats import camt_written
from tests.reconciliation.formats.reading import GOLDEN
from tests.servers import ROOT

FULL = os.environ.get("SCALE") == "full"
pytestmark = [
    pytest.mark.serial,
    pytest.mark.skipif(not FULL, reason="at full size only"),
    pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris here"),
]


def begin_with(target: str) -> list[bytes]:
    """Right files, so that the fuzzer need not find out how they look."""
    if target == "camt":
        return [camt_written.document(kind, 8) for kind in camt_written.MESSAGE]
    return [path.read_bytes() for path in sorted(GOLDEN.glob("*.csv"))]


@pytest.mark.parametrize("target", ["statements", "camt", "table"])
def test_no_bytes_crash_a_reader(target: str, tmp_path: Path) -> None:
    for n, content in enumerate(begin_with(target)):
        (tmp_path / f"{n}").write_bytes(content)
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.reconciliation.formats.fuzzing", target,
            "-max_total_time=120", "-max_len=4000", "-timeout=10", "-rss_limit_mb=1024",
            "-print_final_stats=1", f"-artifact_prefix={tmp_path}/crash-", str(tmp_path),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "number_of_executed_units" in done.stderr
