"""Golden files, read whole, and refusals in three words."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from fundraise.reconciliation.formats.base import FormatError, Head, Line
from fundraise.reconciliation.formats.mapper import Mapping
from fundraise.reconciliation.formats.recognise import read

GOLDEN = Path(__file__).parents[2] / "golden" / "statements"


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def read_all(content: bytes, mappings: Iterable[Mapping] = ()) -> list[tuple[Head, list[Line]]]:
    """Each statement's lines, and its head once they are read."""
    found = []
    for statement in read(io.BytesIO(content), mappings):
        lines = list(statement.lines())
        found.append((statement.head(), lines))
    return found


def read_one(content: bytes, mappings: Iterable[Mapping] = ()) -> tuple[Head, list[Line]]:
    [found] = read_all(content, mappings)
    return found


def refusal(content: bytes, mappings: Iterable[Mapping] = ()) -> tuple[str, str, dict[str, object]]:
    with pytest.raises(FormatError) as refused:
        read_all(content, mappings)
    return refused.value.code, refused.value.at, refused.value.facts
