"""What docs/proofs.md names exists, and figures find their rows."""

from __future__ import annotations

import ast
import functools
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from django.core.management import get_commands

from fundraise.ops import outcomes, promises
from fundraise.ops.bench import registry
from fundraise.ops.outcomes import Outcome
from fundraise.ops.promises import Promise

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / promises.PAGE).read_text(encoding="utf-8")
ROWS = promises.read(TEXT)
CASES = {case for _bench, case in [one for row in ROWS for one in row.benches]}


@functools.cache
def functions(path: Path) -> set[str]:
    """The tests of a file: test_a, TestB::test_c."""
    found = set[str]()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            members = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            found |= {f"{node.name}::{one.name}" for one in members}
    return found


def exists(test: str) -> bool:
    file, _, name = test.partition("::")
    return (ROOT / file).is_file() and (not name or name in functions(ROOT / file))


def test_every_test_that_is_named_exists() -> None:
    named = sorted({test for row in ROWS for test in row.tests})
    assert [test for test in named if not exists(test)] == []


def test_every_benchmark_is_run_by_the_full_proof() -> None:
    assert {bench for row in ROWS for bench, _case in row.benches} == set(registry.BENCHES)


def test_every_command_that_is_named_exists() -> None:
    assert set(re.findall(r"manage\.py (\w+)", TEXT)) <= set(get_commands())
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [t for t in re.findall(r"`make (\w+)", TEXT) if f"\n{t}:" not in targets] == []


def test_every_case_that_is_named_is_measured() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "fundraise/ops/bench").glob("*.py")
    )
    assert {bench for row in ROWS for bench, _case in row.benches} <= set(registry.BENCHES)
    assert [case for case in CASES if f'"{case}"' not in source] == []


def test_every_promise_is_shown_by_something() -> None:
    assert len(ROWS) > 50
    assert [row.words for row in ROWS if not row.tests and not row.benches] == []


PAGE = """# P

| promise | shown by | last figure | date |
|---|---|---|---|
| a | `tests/x.py` | | |
"""


def test_a_figure_is_written_into_its_row_and_no_other() -> None:
    (row,) = promises.read(PAGE)
    assert row == Promise(4, "a", ("tests/x.py",), ())
    page = promises.written(PAGE, {row.line: "3 passed in 1 s"}, date(2026, 11, 2))
    assert page == PAGE.replace("| | |\n", "| 3 passed in 1 s | 2026-11-02 |\n")
    again = promises.written(page, {row.line: "4 passed in 1 s"}, date(2026, 11, 3))
    assert again.splitlines()[4] == "| a | `tests/x.py` | 4 passed in 1 s | 2026-11-03 |"
    assert promises.written(TEXT, {}, date(2026, 11, 2)) == TEXT


def test_what_pytest_said_is_counted_per_promise() -> None:
    junit = ElementTree.fromstring(  # noqa: S314 - written here
        '<testsuites><testsuite><testcase classname="tests.x.test_y" name="test_a[1]" time="1.5"/>'
        '<testcase classname="tests.x.test_y" name="test_a[2]" time="1"><failure/></testcase>'
        '<testcase classname="tests.x.test_y.TestZ" name="test_b" time="2"><skipped/></testcase>'
        "</testsuite></testsuites>"
    )
    said = list(outcomes.read_junit(junit))
    assert said[2] == Outcome("tests/x/test_y.py::TestZ::test_b", "skipped", 2.0)
    whole = Promise(0, "", ("tests/x/test_y.py",), ())
    assert outcomes.of_tests(whole, said) == ("1 passed, 1 failed, 1 skipped in 4 s", False)
    part = Promise(0, "", ("tests/x/test_y.py::test_a",), ())
    assert outcomes.of_tests(part, said[:1]) == ("1 passed in 2 s", True)
    absent = Promise(0, "", ("tests/x/test_y.py::test_a", "tests/z.py"), ())
    assert outcomes.of_tests(absent, said[:1]) == ("1 passed, 1 not run in 2 s", False)


def test_what_the_benchmarks_said_is_told_in_a_line() -> None:
    said = {"bench": "page", "case": "json", "value": 0.33, "unit": "ms", "against": "ceiling",
            "ratio": 1.1, "reached": True}  # fmt: skip
    row = Promise(0, "", (), (("page", "json"),))
    assert outcomes.of_benches(row, [said]) == ("0.33 ms, 1.1 of ceiling", True)
    missed = {**said, "ratio": 2.0, "reached": False}
    assert outcomes.of_benches(row, [missed]) == ("0.33 ms, 2 of ceiling (missed)", False)
    assert outcomes.of_benches(row, []) == ("not measured", False)
