"""A CSV that we do not know, as the page shows it where a treasurer says which column is which."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, pairwise
from typing import IO

from fundraise.reconciliation.formats.base import FormatError
from fundraise.reconciliation.formats.limits import LIMITS, Limits
from fundraise.reconciliation.formats.mapper import Field
from fundraise.reconciliation.formats.profiles import BANKS, SWISH
from fundraise.reconciliation.formats.rows import delimiter_of, encoding_of, plain_name, rows
from fundraise.reconciliation.formats.table import sample_of

SHOWN = 12  # rows


@dataclass(frozen=True, slots=True)
class Look:
    """The first rows, and what the header's names make likely."""

    delimiter: str
    rows: tuple[tuple[str, ...], ...]
    header_at: int | None  # which of the rows
    likely: dict[Field, str]  # the name of its column

    def __repr__(self) -> str:
        return "Look(…)"  # the rows may name persons


def look(file: IO[bytes], limits: Limits = LIMITS) -> Look:
    """The first rows of a CSV. Raises FormatError when it is none."""
    sample = sample_of(file, encoding_of(file, limits), limits)
    delimiter = delimiter_of(sample)
    table = [row for _number, row in islice(rows(sample, delimiter, limits), SHOWN)]
    if not table or max(map(len, table)) < 2:
        raise FormatError("unknown")
    guesses = [_likely(row) for row in table]
    best = max(range(len(table)), key=lambda place: len(guesses[place]))
    found = guesses[best]
    header_at = best if found else _first_of_names(table)
    return Look(delimiter, tuple(map(tuple, table)), header_at, found)


def _first_of_names(table: list[list[str]]) -> int | None:
    """A row of words above rows with figures, when no name in it is known."""
    for place, (row, below) in enumerate(pairwise(table)):
        words = [cell for cell in row if cell and not any(sign.isdigit() for sign in cell)]
        if len(words) > 1 and len(words) == len(row) == len(below):
            return place if any(sign.isdigit() for sign in "".join(below)) else None
    return None


def _likely(row: list[str]) -> dict[Field, str]:
    """Fields by names that some bank uses for them; each column once."""
    named = {plain_name(cell): cell for cell in row if cell}
    found: dict[Field, str] = {}
    for mapping in (*BANKS, SWISH):
        for name, joined in mapping.columns.items():
            for names in joined[:1]:
                cell = next((named[key] for key in map(plain_name, names) if key in named), None)
                if cell is not None and name not in found and cell not in found.values():
                    found[name] = cell
    return found
