"""A file of every gift, against PostgreSQL's own COPY of the columns; XLSX in little memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from psycopg import sql

from fundraise.console import file_wire, taking
from fundraise.console.file_query import query_of
from fundraise.console.tables import gift_file
from fundraise.console.tables.base import Viewer, choose
from fundraise.console.tables.gifts import GIFTS
from fundraise.console.taking import Taking
from fundraise.ledger.models import LegalEntity
from fundraise.ops.bench.child import alone
from fundraise.ops.bench.figures import CEILING, Figure, middle, middle_ratio, rounds, sized
from fundraise.ops.bench.house import House
from fundraise.ops.seed import load
from fundraise.ops.seed.services import Plan, seed
from fundraise.staff import rights
from fundraise.staff.roles import Role
from fundraise.staff.services import give_role

GIFTS_AT_FULL = 1_000_000
SHEET_AT_FULL = 200_000
GIFTS_PER_DONOR = 40
WHO = "bench-export"
AT_MOST = 3.0  # times the ceiling: no less than a third of its rate
MOST_GROWTH = 1.2
ROUNDS = 3


class RowsAreMissing(Exception):
    """A file has other rows than the table: the figure would mean nothing."""


def measure(_house: House) -> Iterator[Figure]:
    """The whole list as CSV and as XLSX."""
    gifts = sized(GIFTS_AT_FULL, least=1000)
    seed(Plan(donors=gifts // GIFTS_PER_DONOR, gifts=gifts, seed=1, add=True))
    load.keep_statistics()
    user = User.objects.create_user(WHO)
    for entity in LegalEntity.objects.filter(parent=None):
        give_role(user, Role.TREASURER, entity, by="system:bench")
    asked = _taking("csv")
    number = asked.rows.count()
    if number < gifts:
        raise RowsAreMissing(number, gifts)
    made, copied = rounds([partial(_made, asked, number), partial(_copied, asked)], ROUNDS)
    rate, ratio = number / middle(made), middle_ratio(made, copied)
    bare = number / middle(copied)
    yield Figure("export", "gifts as CSV", rate, "rows/s", CEILING, ratio, AT_MOST)
    yield Figure("export", "COPY TO of the same columns", bare, "rows/s", "", None)
    yield from _sheets(asked, min(number, sized(SHEET_AT_FULL, least=100)))


def _taking(form: str) -> Taking:
    user = User.objects.get(username=WHO)
    viewer = Viewer(rights.of(user), f"staff:{user.pk}")
    return Taking(choose(GIFTS, viewer, {}), form, "sv")


def _made(asked: Taking, number: int) -> float:
    """From the question to a whole file, counted, added up and hashed."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as file:
        made = taking.write(asked, file, _nothing)
    took = time.perf_counter() - begun
    if made.rows != number:
        raise RowsAreMissing(made.rows, number)
    return took


def _copied(asked: Taking) -> float:
    """The same rows and columns, as bare as the server gives them, read and thrown away."""
    wire = file_wire.djangos()
    query = query_of(gift_file.SOURCE, asked.columns, asked.rows, wire).raw()
    wire.execute(sql.SQL("SET work_mem TO {}").format(sql.Literal(file_wire.WORK_MEMORY)))
    begun = time.perf_counter()
    with wire.cursor().copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)) as copied:
        for _row in copied:
            pass
    return time.perf_counter() - begun


def _sheets(asked: Taking, number: int) -> Iterator[Figure]:
    """Rate, and the memory that all rows want against that of a tenth."""
    few = max(1, number // 10)
    keys = asked.rows.order_by("pk").values_list("pk", flat=True)
    lasts = keys[few - 1], keys[number - 1]
    small, large = (alone(partial(_sheet, last)) for last in lasts)
    rate, growth = number / large.seconds, large.megabytes / small.megabytes
    yield Figure("export", "gifts as XLSX", rate, "rows/s", "", None)
    against = f"{few} gifts"
    yield Figure(
        "export", "XLSX: memory", large.megabytes, "MB", against, growth, MOST_GROWTH
    )  # fmt: skip


def _sheet(last: int) -> None:
    asked = _taking("xlsx")
    some = Older(asked.chosen, asked.format, asked.language, last)
    with tempfile.TemporaryFile() as file:
        taking.write(some, file, _nothing)


@dataclass(frozen=True)
class Older(Taking):
    """The same list, of the gifts up to a key only."""

    last: int

    @property
    def rows(self) -> Any:
        return super().rows.filter(pk__lte=self.last)


def _nothing(_rows: int) -> None:
    """Nobody watches."""
