"""A list as a file: the rows that the filter shows, from the columns that the page has.

A short list is answered at once; a long one is made by a worker, row by row over one snapshot of
the database, and kept encrypted until it expires.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.console import words
from fundraise.console.tables.base import Chosen, Column, Kind, Table, Viewer, choose
from fundraise.console.tables.registry import TABLES
from fundraise.console.templatetags.staff import number
from fundraise.jobs.work import Pace, WorkError
from fundraise.reporting.exports import services, writers
from fundraise.reporting.exports.models import ExportRecord
from fundraise.reporting.exports.services import Asked, Made
from fundraise.staff import rights
from fundraise.staff.models import RoleHeld

BATCH = 1000
IN_MEMORY = 5_000_000
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken out: a list, what was chosen, as which file, in which language."""

    chosen: Chosen
    format: str
    language: str

    @property
    def table(self) -> Table:
        return self.chosen.table

    @property
    def rows(self) -> Any:
        """The rows of a file: those that may be taken out, the newest first."""
        return self.chosen.narrow(self.table.takeable(self.chosen.viewer.held)).order_by(
            f"-{self.table.key}"
        )

    def asked(self) -> Asked:
        """The line of the register."""
        return Asked(
            table=self.table.name,
            chosen=self.chosen.codes,
            columns=[column.name for column in self.table.columns],
            format=self.format,
            language=self.language,
            personal=self.table.personal,
        )


def is_long(taking: Taking) -> bool:
    """Whether a worker makes it."""
    most = settings.EXPORT_AT_ONCE_ROWS
    return bool(taking.rows.order_by()[: most + 1].count() > most)


def at_once(taking: Taking) -> tuple[ExportRecord, IO[bytes]]:
    """The whole file, noted in the register."""
    record = services.ask(taking.asked(), by=taking.chosen.viewer.who)
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    services.finish(record, write(taking, file, lambda _n: None))
    file.seek(0)
    return record, file


def run(arguments: dict[str, Any], pace: Pace) -> None:
    """settings.WORK["export"]: make the file that a record asks for. Raises WorkError."""
    record = ExportRecord.objects.filter(pk=arguments["export"]).first()
    if record is None or record.made_at is not None:
        return  # taken away, or made by a worker whose last word was lost
    taking = _again(record)
    pace.step(0, taking.rows.order_by().count())
    with tempfile.TemporaryFile() as file:
        try:
            made = write(taking, file, pace.step)
        except writers.TooManyRows:
            raise WorkError("too_many_rows") from None
        pace.step(made.rows, made.rows)
        services.finish(record, made, key=services.keep(record, file))


def may_still(record: ExportRecord, user: User) -> bool:
    """Whether who asked may fetch a kept file: the right is held, and no role has ended since.

    A role that ended may have been for one of the entities whose rows stand in the file.
    """
    table = TABLES.get(record.table)
    if table is None or not rights.may_somewhere(user, table.take_out):
        return False
    ended = RoleHeld.objects.filter(user_id=user.pk, ended_at__gt=record.asked_at)
    return not ended.exists()


def _again(record: ExportRecord) -> Taking:
    """What a record asks for, with the rights that its asker has now. Raises WorkError."""
    _kind, _sep, key = record.by.partition(":")
    user = User.objects.filter(pk=int(key), is_active=True).first() if key.isdigit() else None
    table = TABLES.get(record.table)
    if user is None or table is None or not rights.may_somewhere(user, table.take_out):
        raise WorkError("no_right")
    chosen = choose(table, Viewer(rights.of(user), record.by), record.chosen)
    return Taking(chosen, record.format, record.language)


def write(taking: Taking, file: IO[bytes], step: Step) -> Made:
    """Write every row once; what the file came to. Raises writers.TooManyRows."""
    make, _type = writers.FORMATS[taking.format]
    columns = taking.table.columns
    sums = {column.name: 0 for column in columns if column.total}
    with translation.override(taking.language):
        writer = make(file, _sheet(taking))
        rows = 0
        for rows, row in enumerate(_opened(taking), start=1):
            values = [value_of(column, row, taking.format) for column in columns]
            writer.row(values)
            for column, value in zip(columns, values, strict=True):
                if column.total and isinstance(value, int):
                    sums[column.name] += value
            step(rows)
        writer.end(rows, taking.table.count(rows, number(rows)), sums)
    return Made(rows, sums, *_measured(file))


def _sheet(taking: Taking) -> writers.Sheet:
    heads = [
        writers.Head(column.name, _titled(column), writers.Kind(column.kind))
        for column in taking.table.columns
    ]
    about = {
        "list": taking.table.name,
        "made_at": clock.now().astimezone(clock.STOCKHOLM).isoformat(timespec="seconds"),
        "filter": taking.chosen.codes,
    }
    return writers.Sheet(str(taking.table.title), taking.language, heads, about)


def _titled(column: Column) -> str:
    if column.kind == Kind.MONEY:
        return _("%(title)s, kr") % {"title": column.title}
    return str(column.title)


def _once(rows: Any, key: str) -> Iterator[Any]:
    """The rows by falling key: a join that gave one twice would stop here, not in the books."""
    last: int | None = None
    for row in rows.iterator(chunk_size=BATCH):
        place = getattr(row, key)
        if last is not None and place >= last:
            raise AssertionError(f"{rows.model.__name__}: a row came twice")
        last = place
        yield row


def _opened(taking: Taking) -> Iterator[Any]:
    """The rows as a file reads them: some lists have to be opened, a batch at a time."""
    rows, opened = _once(taking.rows, taking.table.key), taking.table.opened
    if opened is None:
        yield from rows
        return
    while batch := list(islice(rows, BATCH)):
        yield from opened(batch, taking.chosen.viewer.who)


def value_of(column: Column, row: Any, format: str) -> writers.Value:
    """A value for a file: codes in JSON, words for people."""
    value = column.value(row)
    if column.words is not None and (format != "json" or not _is_plain(value)):
        return str(column.words(value)) if value not in (None, "") else ""
    if column.badge and format != "json":
        return str(column_word(column, str(value)))
    return value


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int)


def column_word(column: Column, state: str) -> str:
    """A state in words, without its shape."""
    badge = words.KINDS[column.badge].get(state)
    return str(badge.word) if badge else state


def _measured(file: IO[bytes]) -> tuple[int, bytes]:
    """Size and hash of what was written."""
    file.seek(0)
    size, digest = 0, hashlib.sha256()
    while part := file.read(BATCH * BATCH):
        size += len(part)
        digest.update(part)
    return size, digest.digest()
