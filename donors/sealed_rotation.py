"""Moving sealed bodies of the whole house to the current field key, a batch at a time.

What is sealed stands in settings.SEALED_FIELDS as app.Model.field, since this package imports none
of those above it. Only the wrapped data key of a body is changed. Resumable by what it looks for:
bodies whose first bytes don't name the current key.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import BinaryField, F, Func, Q, QuerySet, Value
from django.db.models.lookups import Exact

from fundraise import crypto
from fundraise.crypto import CryptoError


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done to one field: how many bodies, and the rows that can't be read."""

    name: str
    moved: int
    unreadable: tuple[int, ...]


def rotate_bodies(*, batch: int) -> list[Moved]:
    """Wrap every body anew that an older key holds, field by field."""
    return [_rotate(name, batch) for name in settings.SEALED_FIELDS]


def stale(model: type[models.Model], field: str) -> QuerySet[models.Model]:
    """Rows with a body that an older key holds; a forgotten one is empty and holds nothing."""
    head = crypto.VERSION + crypto.field_ring().current.name
    begins = Func(
        F(field), Value(1), Value(len(head)), function="substring", output_field=BinaryField()
    )
    kept = model._default_manager.exclude(Q(**{field: None}) | Q(**{field: b""}))
    return kept.filter(~Q(Exact(begins, Value(head, output_field=BinaryField()))))


def _rotate(name: str, batch: int) -> Moved:
    label, _dot, field = name.rpartition(".")
    model = apps.get_model(label)
    moved, after, unreadable = 0, 0, list[int]()
    while True:
        ids = stale(model, field).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
        chunk = list(ids[:batch])
        if not chunk:
            return Moved(name, moved, tuple(unreadable))
        lost = _rewrap(model, field, chunk)
        moved, after = moved + len(chunk) - len(lost), chunk[-1]
        unreadable += lost


def _rewrap(model: type[models.Model], field: str, ids: list[int]) -> list[int]:
    """One batch in a transaction of its own; tells which can't be read."""
    lost = []
    with transaction.atomic():
        rows = stale(model, field).filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
        for pk, sealed in list(rows.values_list("pk", field)):
            try:
                wrapped = crypto.rewrap(bytes(sealed))
            except CryptoError:
                lost.append(pk)
            else:
                model._default_manager.filter(pk=pk).update(**{field: wrapped})
    return lost
