"""`make test`: the parallel part, then what starts servers of its own, and one line at the end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

from fundraise.local import prepare
from fundraise.local.logfiles import say
from fundraise.local.places import CHECKOUT

NO_TESTS = 5
COUNTED = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")
ENDING = re.compile(r"^=+ .*\bin [\d.]+s.* =+$|^.*\bin [\d.]+s( \([\d:]+\))?$")


def run(words: list[str]) -> int:
    """Words given are passed to pytest; then it is one run, as the person asked for it."""
    prepare.run()
    begun = time.monotonic()
    if words:
        parts = [tuple(words)]
    else:
        parts = [("-n", _processes(), "-m", "not serial"), ("-p", "no:xdist", "-m", "serial")]
    results = [_pytest(part) for part in parts]
    codes = [code for code, _ in results]
    counts = _sum([counted for _, counted in results])
    failed = any(code not in {0, NO_TESTS} for code in codes) or all(c == NO_TESTS for c in codes)
    say(_summary(counts, time.monotonic() - begun, failed=failed))
    return 1 if failed else 0


def _processes() -> str:
    return str(max(2, min(os.cpu_count() or 2, 4)))


def _pytest(words: tuple[str, ...]) -> tuple[int, dict[str, int]]:
    """Run pytest, pass on what it prints, and read the counts off its last line."""
    last = ""
    with subprocess.Popen(
        (sys.executable, "-m", "pytest", *words),
        cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, bufsize=1, errors="replace",
    ) as process:  # fmt: skip
        assert process.stdout is not None  # noqa: S101 - for the type checker
        for line in process.stdout:
            say(line.rstrip("\n"))
            if ENDING.match(line.strip()):
                last = line
    return process.returncode, {
        word.removesuffix("s") if word == "errors" else word: int(number)
        for number, word in COUNTED.findall(last)
    }


def _sum(counts: list[dict[str, int]]) -> dict[str, int]:
    names = {name for counted in counts for name in counted}
    return {name: sum(counted.get(name, 0) for counted in counts) for name in names}


def _summary(counts: dict[str, int], seconds: float, *, failed: bool) -> str:
    passed = counts.get("passed", 0)
    broken = counts.get("failed", 0) + counts.get("error", 0)
    line = f"{passed} passed, {broken} failed"
    if counts.get("skipped"):
        line += f", {counts['skipped']} skipped"
    if failed and not broken:
        line += " (pytest itself failed)"
    return f"{line} in {seconds:.0f} s"
