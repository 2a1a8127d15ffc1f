"""A list of earlier gifts as rows: each column has a meaning, and a broken row refuses the list.

Plain Python; a fault repeats no cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from donors import normalise
from donors.errors import InvalidValue
from donors.importing.columns import heading_key
from donors.importing.table import Line, Table
from fundraise.money import AmountError, parse_kronor

MOST = 20_000
FIRST = date(2000, 1, 1)
FIELDS = ("day", "sum", "proof", "way", "email", "donor")
NEEDED = ("day", "sum", "proof")
PROOF = re.compile(r"[A-Za-z0-9ÅÄÖåäö][A-Za-z0-9ÅÄÖåäö ./:_-]{0,59}")
KNOWN = {
    "day": "dag datum gåvodag gåvodatum bokföringsdag bokföringsdatum date day receivedon",
    "sum": "belopp summa kronor kr amount sum gåva",
    "proof": "underlag verifikat verifikation verifikationsnummer ver vernr voucher proof "
    "gåvonummer id transaktionsid",
    "way": "sätt betalsätt kanal channel way method",
    "email": "epost epostadress mejl mejladress mail email emailaddress",
    "donor": "givare givarref donor donorref ref",
}
WAYS = {
    "card": "card kort betalkort",
    "autogiro": "autogiro",
    "swish": "swish",
    "bank": "bank bankgiro plusgiro banköverföring transfer",
    "cash": "cash kontant kontanter",
}
_HEADS = {key: name for name, words in KNOWN.items() for key in words.split()}
_WAYS = {key: way for way, words in WAYS.items() for key in words.split()}


@dataclass(frozen=True, slots=True)
class Row:
    """One gift as the list has it; `way` is empty where the list says none."""

    line: int
    day: date
    ore: int
    proof: str
    way: str = ""
    email: str = field(default="", repr=False)
    donor: UUID | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: which line, of which field, and a code."""

    line: int
    field: str
    code: str


def suggest(header: Sequence[str]) -> list[str]:
    """A meaning for each column, "" for one to leave out."""
    found: list[str] = []
    for heading in header:
        name = _HEADS.get(heading_key(heading), "")
        found.append("" if name in found else name)
    return found


def wrong(columns: Sequence[str]) -> list[str]:
    """What is wrong with a choice of columns, as codes."""
    used = [name for name in columns if name]
    codes = [f"no_{name}" for name in NEEDED if name not in used]
    return [*codes, *(["twice"] if len(set(used)) < len(used) else [])]


def read(table: Table, columns: Sequence[str], today: date) -> tuple[list[Row], list[Fault]]:
    """The rows, and what is wrong: the list is booked whole or not at all."""
    if len(table.lines) > MOST:
        return [], [Fault(table.lines[MOST].number, "", "too_many")]
    rows, faults = [], []
    seen: set[str] = set()
    for line in table.lines:
        values, wrongs = _values(line, columns, today)
        if values.get("proof") in seen:
            wrongs.append(Fault(line.number, "proof", "again"))
        seen.add(values.get("proof", ""))
        faults += wrongs
        if not wrongs:
            rows.append(Row(line=line.number, **values))
    return rows, faults


def _values(line: Line, columns: Sequence[str], today: date) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    wrongs = []
    for name, cell in zip(columns, line.cells, strict=True):
        if not name:
            continue
        try:
            values["ore" if name == "sum" else name] = _READ[name](cell.strip(), today)
        except _Wrong as error:
            wrongs.append(Fault(line.number, name, str(error)))
    return values, wrongs


class _Wrong(ValueError):
    """A cell is not what its column holds; the text is the code."""


def _day(cell: str, today: date) -> date:
    try:
        day = date.fromisoformat(cell.replace("/", "-"))
    except ValueError:
        raise _Wrong("day") from None
    if day >= today:
        raise _Wrong("future")
    if day < FIRST:
        raise _Wrong("old")
    return day


def _ore(cell: str, _today: date) -> int:
    try:
        ore = parse_kronor(cell)
    except AmountError as error:
        raise _Wrong(f"sum_{error.code}") from None
    if ore == 0:
        raise _Wrong("sum_empty")
    return ore


def _proof(cell: str, _today: date) -> str:
    if not PROOF.fullmatch(cell):
        raise _Wrong("proof")
    return cell


def _way(cell: str, _today: date) -> str:
    way = _WAYS.get(heading_key(cell), "")
    if cell and not way:
        raise _Wrong("way")
    return way


def _email(cell: str, _today: date) -> str:
    try:
        return normalise.clean_email(cell) if cell else ""
    except InvalidValue:
        raise _Wrong("email") from None


def _donor(cell: str, _today: date) -> UUID | None:
    try:
        return UUID(cell) if cell else None
    except ValueError:
        raise _Wrong("donor") from None


_READ: dict[str, Callable[[str, date], Any]] = {
    "day": _day, "sum": _ore, "proof": _proof, "way": _way, "email": _email, "donor": _donor,
}  # fmt: skip
