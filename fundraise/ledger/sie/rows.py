"""What a SIE file is made of, as rows. Sums are whole öre; debit is above zero, credit below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

DISTRICT = 1  # the standard's cost centre
CAMPAIGN = 6  # the standard's project
DIMENSIONS = {DISTRICT: "Kostnadsställe", CAMPAIGN: "Projekt"}


class SieError(Exception):
    """The rows can't become a file; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Company:
    """Whose books, and the program that writes them."""

    name: str
    org_number: str
    program: str
    version: str


@dataclass(frozen=True, slots=True)
class Year:
    """A financial year; 0 is the file's own, -1 the one before."""

    number: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Account:
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Object:
    """A campaign or a district that rows are for."""

    dimension: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    account: int
    ore: int
    objects: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Voucher:
    """One #VER. `label` is our own id and leads its text; series and number are for 4E alone."""

    day: date
    label: str
    text: str
    lines: tuple[Line, ...]
    series: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account held when a year began (IB) or ended (UB), or its result (RES): 4E alone."""

    kind: Literal["IB", "UB", "RES"]
    year: int
    account: int
    ore: int


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole file."""

    company: Company
    made: date
    years: tuple[Year, ...]
    accounts: tuple[Account, ...]
    objects: tuple[Object, ...]
    vouchers: tuple[Voucher, ...]
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A text that CP437 can't hold as it was: where, before and after."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Written:
    data: bytes
    changes: tuple[Change, ...]
