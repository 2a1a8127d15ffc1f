"""Many rows into one table with COPY: a file of a hundred thousand rows leaves as many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import islice
from uuid import UUID

from django.db import connection, models

NULL = r"\N"
AT_ONCE = 1000  # rows in one message
Value = str | int | bytes | memoryview | bool | date | UUID | None
# What COPY's text form would read as something else.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write rows with values for these fields, in order; all others take the database's default.

    Times are aware. Raises django.db.IntegrityError as an INSERT would.
    """
    lines = ("\t".join(map(_text, row)) for row in rows)
    copy_text(model, names, lines)


def copy_text(model: type[models.Model], names: Sequence[str], lines: Iterable[str]) -> None:
    """The same from lines of PostgreSQL's text format, for values that hold neither tab nor
    backslash: numbers, days and codes of ours."""
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)  # type: ignore[union-attr]
    statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    left = iter(lines)
    with connection.cursor() as cursor, _wrapped(), cursor.copy(statement) as out:
        while block := list(islice(left, AT_ONCE)):
            out.write("\n".join(block) + "\n")


def copy_into(table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write rows into a temporary table of the caller's own; its name and columns in its code."""
    lines_into(table, columns, ("\t".join(map(_text, row)) + "\n" for row in rows))


def lines_into(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """The same from ended lines of PostgreSQL's text format, as `copy_text` takes them."""
    statement, left = f'COPY "{table}" ({", ".join(columns)}) FROM STDIN', iter(lines)
    with connection.cursor() as cursor, _wrapped(), cursor.copy(statement) as out:
        while block := "".join(islice(left, AT_ONCE)):
            out.write(block)


def _wrapped() -> AbstractContextManager[None]:
    """Errors of COPY as Django's own, which its cursor does for all other statements."""
    wrapper: AbstractContextManager[None] = connection.wrap_database_errors
    return wrapper


def next_ids(model: type[models.Model], number: int) -> list[int]:
    """So many keys of the table's own sequence, for rows that others will point at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [pk for (pk,) in cursor.fetchall()]


def array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array of them: many times quicker than a list."""
    return f"{{{','.join(map(str, numbers))}}}"


def array_of_bytes(values: Iterable[bytes]) -> str:
    """The same of bytes."""
    return "{%s}" % ",".join([rf'"\\x{value.hex()}"' for value in values])  # noqa: UP031


def _text(value: Value) -> str:
    if value is None:
        return NULL
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, bytes | memoryview):
        return rf"\\x{value.hex()}"
    return str(value)
