"""Bytes that follow the code's own branches crash nothing: atheris, where it runs on the machine.

Hypothesis does the same at a small size in `test_files`, `test_seal` and `test_accounts`.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from fundraise.providers.autogiro import seal
from tests.providers.autogiro import written
from tests.providers.autogiro.test_accounts import RIGHT
from tests.servers import ROOT

FULL = os.environ.get("SCALE") == "full"
# Where no wheel of it exists (not Linux on x86-64) the tests of Hypothesis stand alone.
pytestmark = [
    pytest.mark.serial,
    pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris here"),
]


def begin_with(target: str) -> list[bytes]:
    """Right files, so that the fuzzer need not find out how they look."""
    if target == "account":
        return [typed.encode() for typed, _field, _bank in RIGHT]
    if target == "bgmax":
        return [written.content("bgmax")]
    every = [written.content(kind) for kind in sorted(written.EVERY)]
    key = seal.key_of(seal.TEST_KEY)
    sealed = seal.seal(written.content("orders"), key, date(2026, 11, 25))
    return [sealed] if target == "verify" else [*every, sealed]


@pytest.mark.parametrize("target", ["read", "bgmax", "verify", "account"] if FULL else ["account"])
def test_no_bytes_crash_a_reader(target: str, tmp_path: Path) -> None:
    for n, content in enumerate(begin_with(target)):
        (tmp_path / f"{n}").write_bytes(content)
    size = ["-max_total_time=150"] if FULL else ["-runs=2000"]
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.providers.autogiro.fuzzing", target, *size,
            "-max_len=4000", "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1",
            f"-artifact_prefix={tmp_path}/crash-", str(tmp_path),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "number_of_executed_units" in done.stderr
