"""The doors of legal entities: one is made with its books, and its contact details are changed.

Where its money goes (accounts with providers) is not changed here: that needs two people.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.se import orgnr

from fundraise.audit import services as audit
from fundraise.ledger.models import LegalEntity
from fundraise.ledger.services import open_books

CONTACT = frozenset({"phone", "email", "address", "statement_text"})


@transaction.atomic
def create_entity(*, slug: str, by: str, **fields: object) -> LegalEntity:
    """A legal entity with accounts, series and an empty chain. Raises ValidationError."""
    entity = LegalEntity(slug=slug, **fields)
    entity.org_number = clean_org_number(entity.org_number)
    entity.full_clean()
    entity.save()
    open_books(entity)
    parent = entity.parent.slug if entity.parent else ""
    after = {"slug": slug, "kind": entity.kind, "parent": parent}
    log_change(by, "entity.created", entity, after)
    return entity


@transaction.atomic
def change_contact(entity: LegalEntity, *, by: str, **changes: str) -> LegalEntity:
    """New ways to reach it and words on bank statements. Raises ValidationError."""
    if unknown := changes.keys() - CONTACT:
        raise ValueError(f"not a contact detail: {', '.join(sorted(unknown))}")
    row = LegalEntity.objects.select_for_update().get(pk=entity.pk)
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    row.full_clean()
    if changed:
        row.save(update_fields=changed)
        log_change(by, "entity.changed", row, {"fields": sorted(changed)})
    return row


def clean_org_number(typed: str) -> str:
    """Ten digits with a hyphen, as 802000-1234. Raises ValidationError."""
    try:
        return str(orgnr.format(orgnr.validate(typed)))
    except WrongNumber:
        said = _("The organisation number is not right: write ten digits, such as 556703-7485.")
        raise ValidationError({"org_number": said}) from None


def log_change(
    by: str, action: str, entity: LegalEntity, after: Mapping[str, object], reason: str = ""
) -> None:
    """What was changed of a legal entity, in the audit log."""
    audit.log_change(
        by=by, action=action, subject_type="legal_entity", subject_ref=entity.ref, after=after,
        reason=reason,
    )  # fmt: skip
