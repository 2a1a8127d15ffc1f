"""A paper as PDF, by typst: no system library and no system font, the same bytes each time.

A template that a paper has been made with is never changed: a better one gets the next number
(`receipt-2.typ`), and NOW names it. What was handed out before stays as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

FOLDER = Path(__file__).parent
NOW = {"receipt": 1, "statement": 1, "statements": 1}
# Tagged for screen readers (PDF/UA-1); the yearly one is also made to be kept (PDF/A-2a).
Standard = Literal["a-2a", "ua-1"]
STANDARDS: dict[str, list[Standard]] = {
    "receipt": ["ua-1"],
    "statement": ["a-2a", "ua-1"],
    "statements": [],  # for the printer alone
}


def render(kind: str, version: int, values: Mapping[str, object], at: datetime) -> bytes:
    """The PDF of a paper dated `at`. Nothing touches a disk; words are data, never typst code."""
    made = typst.compile(
        _template(kind, version),
        sys_inputs={"paper": json.dumps(values)},
        pdf_standards=list(STANDARDS[kind]),
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    return bytes(made)


@cache
def _template(kind: str, version: int) -> bytes:
    return (FOLDER / f"{kind}-{version}.typ").read_bytes()
