"""Who holds what."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import QuerySet

from fundraise.ledger.models import LegalEntity
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import PERMISSIONS


def holders(permission: str, entity: LegalEntity, *, but: str = "") -> QuerySet[User]:
    """Active staff who may do something for an entity by their roles; superusers are left out.

    `but`: a role that does not count.
    """
    above = _line_of(entity)
    roles = PERMISSIONS[permission].roles - {but}
    held = RoleHeld.objects.filter(role__in=roles, ended_at=None)
    own = held.filter(entity=entity) | held.filter(entity__in=above, with_districts=True)
    return User.objects.filter(pk__in=own.values("user"), is_active=True, is_staff=True).order_by(
        "pk"
    )


def _line_of(entity: LegalEntity) -> list[int]:
    """The ids of an entity and of all above it."""
    line, parent = [entity.pk], entity.parent
    while parent is not None:
        line.append(parent.pk)
        parent = parent.parent
    return line
