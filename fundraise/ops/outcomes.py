"""What pytest and the benchmarks said, in the words of docs/proofs.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from fundraise.ops.promises import Promise

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
Told = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test: its id without parameters, how it ended, how long it took."""

    node: str
    ended: str
    seconds: float


def read_junit(root: Element) -> Iterator[Outcome]:
    """The outcomes of a JUnit file of pytest's."""
    for case in root.iter("testcase"):
        tags = {child.tag for child in case}
        ended = FAILED if tags & {"failure", "error"} else SKIPPED if "skipped" in tags else PASSED
        node = _node(case.get("classname", ""), case.get("name", ""))
        yield Outcome(node, ended, float(case.get("time", "0")))


def _node(classname: str, name: str) -> str:
    """tests.x.test_y.TestZ + test_a[b] as tests/x/test_y.py::TestZ::test_a."""
    parts = classname.split(".")
    classes = [part for part in parts if part.startswith("Test")]
    modules = parts[: len(parts) - len(classes)]
    return "::".join(
        ["/".join(modules) + ".py", *classes, re.sub(r"\[.*", "", name, flags=re.DOTALL)]
    )


def of_tests(promise: Promise, outcomes: Iterable[Outcome]) -> tuple[str, bool]:
    """The figure of a row that tests show, and whether it holds."""
    mine = [one for one in outcomes if _shows(promise, one.node)]
    counts = Counter(one.ended for one in mine)
    told = [f"{counts[how]} {how}" for how in (PASSED, FAILED, SKIPPED) if counts[how]]
    seconds = sum(one.seconds for one in mine)
    missing = [test for test in promise.tests if not any(_in(test, one.node) for one in mine)]
    if missing:
        told.append(f"{len(missing)} not run")
    holds = bool(mine) and not counts[FAILED] and not missing
    return f"{', '.join(told)} in {seconds:.0f} s", holds


def _shows(promise: Promise, node: str) -> bool:
    return any(_in(test, node) for test in promise.tests)


def _in(test: str, node: str) -> bool:
    return node == test or node.startswith(f"{test}::")


def of_benches(promise: Promise, figures: Iterable[Told]) -> tuple[str, bool]:
    """The figure of a row that benchmarks show, and whether it is where it should be."""
    mine = [one for one in figures if (one["bench"], one["case"]) in promise.benches]
    if len(mine) < len(promise.benches):
        return "not measured", False
    return "; ".join(_told(one) for one in mine), all(bool(one["reached"]) for one in mine)


def _told(one: Told) -> str:
    text = f"{one['value']:g} {one['unit']}"
    if one["ratio"] is None:
        return text
    sign = "" if one["reached"] else " (missed)"
    return f"{text}, {one['ratio']:g} of {one['against']}{sign}"
