"""States that only move along a table, by compare-and-set, and leave a row for every step.

An app writes its table as `{"pending": {"received", "failed"}, …}` and a transition model on
`Transition`. There is one writer, `advance`: whoever comes second changes nothing and is told so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Exists

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
    subject = f"{transition_model.subject_field}_id"
    rows = model._default_manager.filter(pk=pk, state=old)
    if event_id:
        seen = transition_model._default_manager.filter(
            **{subject: pk}, to_state=new, event_id=event_id
        )
        rows = rows.filter(~Exists(seen))
    # The caller's transaction, if there is one: no savepoint, so no extra round trips.
    with transaction.atomic(savepoint=False):
        if rows.update(state=new, **(changes or {})) != 1:
            return False
        step = transition_model(
            **{subject: pk}, from_state=old, to_state=new, by=by, reason=reason, event_id=event_id
        )
        step.at = clock.now()
        step.save(force_insert=True)
    return True
