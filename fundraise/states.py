"""States that only move along a table, by compare-and-set, and leave a row for every step.

An app writes its table as `{"pending": {"received", "failed"}, …}` and a transition model on
`Transition`. There is one writer, `advance`, and `advance_many` for thousands of rows in one
statement: whoever comes second changes nothing and is told so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from django.db import connection, models

from fundraise import clock

Allowed = Mapping[str, Collection[str]]


class ForbiddenTransition(ValueError):
    """The table has no such step: a mistake in the caller, not a lost race."""


class Transition(models.Model):
    """One step of one subject. A child names its foreign key in `subject_field`.

    A child also adds UNIQUE(subject, to_state, event_id) where event_id is not empty, so that the
    database refuses the same event twice even if the code does not.
    """

    subject_field: ClassVar[str]

    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    event_id = models.CharField(max_length=255, blank=True)

    class Meta:
        abstract = True


def advance(
    model: type[models.Model],
    pk: int,
    *,
    old: str,
    new: str,
    allowed: Allowed,
    transition_model: type[Transition],
    by: str,
    reason: str = "",
    event_id: str = "",
    changes: Mapping[str, object] | None = None,
) -> bool:
    """Move one row from old to new, with `changes` in the same UPDATE.

    Returns False, and changes nothing, when the row has left `old` or the event was seen before.
    Raises ForbiddenTransition when the table does not allow the step.
    """
    if new not in allowed.get(old, ()):
        raise ForbiddenTransition(f"{model.__name__}: {old} may not become {new}")
    names = tuple(changes or ())
    set_values = [_stored(model, name, value) for name, value in (changes or {}).items()]
    unseen: list[Any] = [pk, new, event_id] if event_id else []
    step: list[Any] = [old, new, clock.now(), by, reason, event_id]
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(model, transition_model, names, once=bool(event_id)),
            [new, *set_values, pk, old, *unseen, *step],
        )
        return bool(cursor.rowcount == 1)


def _stored(model: type[models.Model], name: str, value: object) -> Any:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)  # noqa: S101 - a column, not a relation from elsewhere
    return field.get_db_prep_save(value, connection)


@cache
def _statement(
    model: type[models.Model], steps: type[Transition], names: tuple[str, ...], *, once: bool
) -> str:
    """Move the row and write its step in one statement: one round trip, and both or none."""
    rows, subject = model._meta.db_table, f"{steps.subject_field}_id"
    columns = [model._meta.get_field(name).column for name in ("state", *names)]  # type: ignore[union-attr]
    sets = ", ".join(f'"{column}" = %s' for column in columns)
    unseen = (
        f" AND NOT EXISTS (SELECT 1 FROM {steps._meta.db_table}"  # noqa: S608 - our own names
        f" WHERE {subject} = %s AND to_state = %s AND event_id = %s)"
    )
    return (
        f"WITH moved AS (UPDATE {rows} SET {sets} WHERE id = %s AND state = %s"  # noqa: S608
        f"{unseen if once else ''} RETURNING id)"
        f" INSERT INTO {steps._meta.db_table}"
        f' ({subject}, from_state, to_state, at, "by", reason, event_id)'
        " SELECT id, %s, %s, %s, %s, %s, %s FROM moved"
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One row's move for `advance_many`; `changes` in the order of its `names`."""

    pk: int
    old: str
    new: str
    reason: str = ""
    event_id: str = ""
    changes: Sequence[object] = field(default=())


def advance_many(
    model: type[models.Model],
    steps: Sequence[Step],
    *,
    allowed: Allowed,
    transition_model: type[Transition],
    by: str,
    names: Sequence[str] = (),
) -> set[int]:
    """Move many rows as `advance` does, in one statement. Returns the keys of those that moved.

    Raises ForbiddenTransition, before anything is written, when the table does not allow a step.
    """
    for step in steps:
        if step.new not in allowed.get(step.old, ()):
            raise ForbiddenTransition(f"{model.__name__}: {step.old} may not become {step.new}")
    if not steps:
        return set()
    told = [
        [getattr(step, name) for step in steps]
        for name in ("pk", "old", "new", "reason", "event_id")
    ]
    columns = zip(*(step.changes for step in steps), strict=True)
    values = [
        [_stored(model, name, value) for value in column]
        for name, column in zip(names, columns, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _statement_for_many(model, transition_model, tuple(names)),
            [*told, *values, clock.now(), by],
        )
        return {pk for (pk,) in cursor.fetchall()}


@cache
def _statement_for_many(
    model: type[models.Model], steps: type[Transition], names: tuple[str, ...]
) -> str:
    rows, subject = model._meta.db_table, f"{steps.subject_field}_id"
    fields = [model._meta.get_field(name) for name in names]
    sets = "".join(f', "{one.column}" = asked.c{at}' for at, one in enumerate(fields))  # type: ignore[union-attr]
    types = "".join(f", %s::{_array_type(one)}[]" for one in fields)
    extra = "".join(f", c{at}" for at in range(len(fields)))
    return (
        f"WITH asked AS (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[],"  # noqa: S608
        f" %s::text[]{types}) AS a(id, old, new, reason, event_id{extra})),"
        f" moved AS (UPDATE {rows} r SET state = asked.new{sets} FROM asked"
        f" WHERE r.id = asked.id AND r.state = asked.old AND (asked.event_id = '' OR NOT EXISTS"
        f" (SELECT 1 FROM {steps._meta.db_table} t WHERE t.{subject} = asked.id"
        f" AND t.to_state = asked.new AND t.event_id = asked.event_id))"
        f" RETURNING r.id, asked.old, asked.new, asked.reason, asked.event_id)"
        f" INSERT INTO {steps._meta.db_table}"
        f' ({subject}, from_state, to_state, at, "by", reason, event_id)'
        f" SELECT id, old, new, %s, %s, reason, event_id FROM moved RETURNING {subject}"
    )


def _array_type(one: Any) -> str:
    """The column's type without its length: arrays of it are cast."""
    return str(one.db_type(connection)).split("(")[0]
