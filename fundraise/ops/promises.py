"""docs/proofs.md as data: which rows promise what, what shows it, and their last figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

PAGE = "docs/proofs.md"
TEST = re.compile(r"`(tests/[^`]+)`")
BENCH = re.compile(r"`manage\.py bench (\w+)` \*([^*]+)\*")
COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Promise:
    """A row: its line in the page, its words, the tests and the benchmark cases that show it."""

    line: int
    words: str
    tests: tuple[str, ...]
    benches: tuple[tuple[str, str], ...]


def page() -> Path:
    """The page among the project's documents."""
    return Path(settings.BASE_DIR) / PAGE


def read(text: str) -> list[Promise]:
    """The rows of the page that something shows."""
    found = []
    for number, line in enumerate(text.splitlines()):
        cells = _cells(line)
        if len(cells) != COLUMNS or cells[0] in {"promise", "---"}:
            continue
        tests, benches = tuple(TEST.findall(cells[1])), tuple(BENCH.findall(cells[1]))
        found.append(Promise(number, cells[0], tests, benches))
    return found


def written(text: str, figures: Mapping[int, str], on: date) -> str:
    """The page with new figures in the rows of these lines; the other rows stay as they are."""
    lines = text.splitlines()
    for number, figure in figures.items():
        words, shown, *_old = _cells(lines[number])
        lines[number] = f"| {words} | {shown} | {figure} | {on.isoformat()} |"
    return "\n".join(lines) + "\n"


def _cells(line: str) -> list[str]:
    if not line.startswith("|"):
        return []
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
