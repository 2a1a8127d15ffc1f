"""Row locks. Whoever takes several takes the appeal first, then its batches in order."""

from __future__ import annotations

from uuid import UUID

from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal


def lock_appeal(ref: UUID) -> Appeal:
    """The appeal, locked against other changes. Raises AppealError("unknown")."""
    return _locked(ref=ref)


def lock_appeal_by_id(pk: int) -> Appeal:
    """The same by its number."""
    return _locked(pk=pk)


def _locked(**by: object) -> Appeal:
    rows = Appeal.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("campaign__entity").filter(**by).first()
    if found is None:
        raise AppealError("unknown")
    return found
