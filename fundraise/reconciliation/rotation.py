"""Keyed hashes of payers' accounts and phones, made anew under the current look-up key.

The hash alone can't be made anew: the number is opened from an item that has it. Items and aliases
of one payer move together, each payer in a transaction of its own. Resumable by what it looks for.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, QuerySet

from donors.rotation import older_hash
from fundraise import crypto
from fundraise.crypto import CryptoError
from fundraise.reconciliation import said
from fundraise.reconciliation.inbox.rows import PAYER
from fundraise.reconciliation.models import Item, PayerAlias


def rotate_payers(batch: int) -> tuple[int, int]:
    """Move every payer that an older key knows; how many moved, and how many can't be: no item
    that says who it was is left, or its file's key is missing."""
    moved = lost = 0
    for keys in _stale(batch):
        for key in keys:
            with transaction.atomic():
                if _move(key):
                    moved += 1
                else:
                    lost += 1
    return moved, lost


def _stale(batch: int) -> Iterator[list[bytes]]:
    """Keys of payers under an older key, in their order, some at once."""
    after = b""
    while True:
        items = _next(Item.objects.exclude(payer_key=None), "payer_key", after, batch)
        aliases = _next(PayerAlias.objects.all(), "key", after, batch)
        keys = sorted(items | aliases)[:batch]
        if not keys:
            return
        yield keys
        after = keys[-1]


def _next(
    rows: QuerySet[Item] | QuerySet[PayerAlias], column: str, after: bytes, batch: int
) -> set[bytes]:
    old = rows.filter(older_hash(column), **{f"{column}__gt": after})
    some = old.order_by(column).values_list(column, flat=True).distinct()
    return {bytes(one) for one in some[:batch]}


def _move(key: bytes) -> bool:
    new = _anew(key)
    if new is None:
        return False
    Item.objects.filter(payer_key=key).update(payer_key=new)
    for alias in PayerAlias.objects.select_for_update().filter(key=key).order_by("pk"):
        same = PayerAlias.objects.filter(key=new, donor=alias.donor_id, ended_at=None)
        if alias.ended_at is None and same.exists():  # confirmed again since the key is the current
            same.update(times=F("times") + alias.times)
            alias.delete()
        else:
            PayerAlias.objects.filter(pk=alias.pk).update(key=new)
    return True


def _anew(key: bytes) -> bytes | None:
    """The payer's hash under the current key, from the newest item that tells who it is."""
    item = Item.objects.filter(payer_key=key, said__isnull=False).order_by("-pk").first()
    if item is None:
        return None
    try:
        told = said.of([item]).get(item.pk, said.NOTHING)
    except CryptoError:
        return None
    known_by = told.account or told.phone
    return crypto.lookup_hash(PAYER, known_by) if known_by else None
