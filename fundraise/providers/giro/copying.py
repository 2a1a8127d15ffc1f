"""Many rows into one table with COPY: a file of a hundred thousand rows leaves as many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, models


def copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows with values for these fields, in order; all others take the database's default."""
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)  # type: ignore[union-attr]
    statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    with connection.cursor() as cursor, cursor.copy(statement) as out:
        for row in rows:
            out.write_row(row)
