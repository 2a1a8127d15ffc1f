"""Journals as the ledger's door writes them: numbered, digested and chained, but in Python.

`ledger_digest` and `ledger_chain` (ledger/migrations/0002_the_one_door.sql) are the rule; here the
same text is put together by hand, which is exact as long as no text needs escaping in JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from random import Random
from typing import NamedTuple

from fundraise.clock import STOCKHOLM
from fundraise.ops.seed.sheets import NULL, Sheets

DIGITS = [f"{number:02d}" for number in range(60)]
MORNING = time(6)  # clocks are put forward and back before it


class Moment(NamedTuple):
    """An instant, written the ways that rows need it."""

    day: str
    year: int
    micros: int
    text: str


class Day:
    """A day in Stockholm, that moments after its morning are made of."""

    def __init__(self, day: date) -> None:
        morning = datetime.combine(day, MORNING, STOCKHOLM)
        self.text, self.year = day.isoformat(), day.year
        self._begins = int(morning.timestamp()) - MORNING.hour * 3600
        self._zone = f"+0{(morning.utcoffset() or timedelta()) // timedelta(hours=1)}"

    def moment(self, second: int) -> Moment:
        """So many seconds after midnight, by the clock on the wall."""
        minutes, seconds = divmod(second, 60)
        hour, minute = DIGITS[minutes // 60], DIGITS[minutes % 60]
        text = f"{self.text} {hour}:{minute}:{DIGITS[seconds]}{self._zone}"
        return Moment(self.text, self.year, (self._begins + second) * 1_000_000, text)


class Way(NamedTuple):
    """From one account to another, as the digest says it and as the row has it."""

    said: str
    said_end: str
    row: str
    row_end: str


def way(debit: int, credit: int, campaign: int | None = None) -> Way:
    """Made once for each pair of accounts."""
    dimension = ("null", NULL) if campaign is None else (str(campaign), str(campaign))
    return Way(
        said=f"{debit}, {credit}, ",
        said_end=f", {dimension[0]}, null]",
        row=f"{debit}\t{credit}\t",
        row_end=f"\t{dimension[1]}\n",
    )


class Voucher(NamedTuple):
    """What a journal says before it has its number; lines are ways and sums in öre."""

    series: str
    text: str
    source: str
    document: str
    by: str
    lines: Sequence[tuple[Way, int]]


@dataclass(slots=True)
class Books:
    """The open end of an entity's books."""

    entity: int
    series: dict[str, int]
    sheets: Sheets
    rng: Random
    journal: int  # the last number of the row ids
    position: int
    hash: bytes
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    journals: int = 0
    entries: int = 0

    def post(self, voucher: Voucher, at: Moment) -> None:
        """Write one journal with its entries."""
        serie, text, source, document, by, lines = voucher
        day, year, micros, written = at
        self.journal += 1
        self.position += 1
        key = (serie, year)
        number = self.numbers[key] = self.numbers.get(key, 0) + 1
        ref, series, place = new_ref(self.rng), self.series[serie], self.position
        said = (
            f'["{ref}", {self.entity}, {series}, {year}, {number}, "{day}", "{day}", {micros}, '
            f'"{text}", "{source}", "{document}", "{by}", null, [{self._write(lines)}]]'
        )
        digest = sha256(said.encode()).digest()
        self.hash = sha256(self.hash + place.to_bytes(8, "big") + digest).digest()
        self.sheets.lines["ledger_journal"].append(
            f"{self.journal}\t{ref}\t{self.entity}\t{series}\t{year}\t{number}\t{day}\t{day}\t"
            f"{written}\t{text}\t{source}\t{document}\t{by}\t{NULL}\t{place}\t"
            f"\\\\x{digest.hex()}\t\\\\x{self.hash.hex()}\n"
        )
        self.journals += 1

    def _write(self, lines: Sequence[tuple[Way, int]]) -> str:
        """The entries' rows; returns what the digest says of them."""
        rows = self.sheets.lines["ledger_entry"]
        said = []
        for line, (way, ore) in enumerate(lines, 1):
            rows.append(f"{self.journal}\t{line}\t{way.row}{ore}{way.row_end}")
            said.append(f"[{line}, {way.said}{ore}{way.said_end}")
        self.entries += len(said)
        return said[0] if len(said) == 1 else ", ".join(said)


def new_ref(rng: Random) -> str:
    """A UUID from the seed."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
