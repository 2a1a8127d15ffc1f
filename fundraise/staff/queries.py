"""Who holds what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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


def holders_of_each(permission: str, entities: Iterable[int]) -> dict[int, list[User]]:
    """The same for many entities (ids): two questions to the database, however many they are."""
    tree = dict(LegalEntity.objects.values_list("pk", "parent_id"))
    held = RoleHeld.objects.filter(role__in=PERMISSIONS[permission].roles, ended_at=None)
    rows = held.filter(user__is_active=True, user__is_staff=True).select_related("user")
    found = {entity: dict[int, User]() for entity in entities}
    for row in rows.order_by("user_id"):
        for entity, users in found.items():
            above = _above(tree, entity) if row.with_districts else ()
            if row.entity_id == entity or row.entity_id in above:
                users[row.user_id] = row.user
    return {entity: list(users.values()) for entity, users in found.items()}


def _above(tree: Mapping[int, int | None], entity: int) -> Iterator[int]:
    parent = tree[entity]
    while parent is not None:
        yield parent
        parent = tree[parent]


def _line_of(entity: LegalEntity) -> list[int]:
    """The ids of an entity and of all above it."""
    line, parent = [entity.pk], entity.parent
    while parent is not None:
        line.append(parent.pk)
        parent = parent.parent
    return line
