"""Many rows into one table with COPY: a file of a hundred thousand rows leaves as many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, models

NULL = r"\N"


def copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows with values for these fields, in order; all others take the database's default."""
    with connection.cursor() as cursor, cursor.copy(_statement(model, names)) as out:
        for row in rows:
            out.write_row(row)


def copy_text(model: type[models.Model], names: Sequence[str], lines: Sequence[str]) -> None:
    """The same from lines of PostgreSQL's text format, for values that hold neither tab nor
    backslash: numbers, days and codes of ours."""
    with connection.cursor() as cursor, cursor.copy(_statement(model, names)) as out:
        out.write("".join(f"{line}\n" for line in lines))


def _statement(model: type[models.Model], names: Sequence[str]) -> str:
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)  # type: ignore[union-attr]
    return f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
