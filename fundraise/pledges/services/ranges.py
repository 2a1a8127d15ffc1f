"""The payer numbers that are an entity's own, set by a person and kept in the log."""

from __future__ import annotations

from django.db import transaction

from fundraise.audit import services as audit
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import PayerRange


def of(entity_id: int) -> PayerRange | None:
    """The range of an entity, if one is set."""
    return PayerRange.objects.filter(entity_id=entity_id).first()


def set_range(entity_id: int, *, first: int, last: int, by: str) -> bool:
    """Numbers are given out of it from now on; those that were given stay ours.

    False when it was so before. Raises django.db.IntegrityError for bounds that can't be.
    """
    with transaction.atomic():
        entity = LegalEntity.objects.select_for_update(no_key=True).get(pk=entity_id)
        old = of(entity_id)
        if old is not None and (old.first, old.last) == (first, last):
            return False
        PayerRange.objects.update_or_create(entity=entity, defaults={"first": first, "last": last})
        audit.log_change(
            by=by,
            action="payer_range.set",
            subject_type="legal_entity",
            subject_ref=entity.ref,
            before={"first": old.first, "last": old.last} if old else {},
            after={"first": first, "last": last},
        )
    return True
