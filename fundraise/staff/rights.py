"""May somebody do something, and for which legal entities. Reads only.

Read once per user object, which lives for one request. A superuser is an administrator for every
entity and nothing more: whoever makes accounts must not also move money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser, User

from fundraise.ledger.models import LegalEntity
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import PERMISSIONS, Role, of_role

Who = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Rights:
    """Permission -> the legal entities (ids) it is held for; what holds everywhere is `whole`."""

    held: Mapping[str, frozenset[int]]
    tops: frozenset[int] = field(default_factory=frozenset)
    every: frozenset[int] = field(default_factory=frozenset)

    def entities(self, permission: str) -> frozenset[int]:
        """The legal entities for which something may be done. Raises KeyError when unknown."""
        PERMISSIONS[permission]
        return self.held.get(permission, frozenset())

    def may(self, permission: str, entity_id: int) -> bool:
        """Whether it may be done for one legal entity."""
        return entity_id in self.entities(permission)

    def somewhere(self, permission: str) -> bool:
        """Whether it may be done at all: of the house, or for any entity."""
        held = self.entities(permission)
        return bool(held & self.tops) if PERMISSIONS[permission].house else bool(held)

    def whole(self, permission: str) -> bool:
        """Whether it may be done for every legal entity there is (and there is one)."""
        return bool(self.every) and self.entities(permission) >= self.every


NONE = Rights({})


def of(user: Who) -> Rights:
    """Somebody's rights, read once per request."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return NONE
    kept: Rights | None = getattr(user, "_rights", None)
    if kept is None:
        kept = _read(user)
        user._rights = kept  # type: ignore[attr-defined]
    return kept


def _read(user: User) -> Rights:
    tree = dict(LegalEntity.objects.values_list("pk", "parent_id"))
    covered: list[tuple[str, frozenset[int]]] = []
    rows = RoleHeld.objects.filter(user_id=user.pk, ended_at=None)
    for role, entity, districts in rows.values_list("role", "entity_id", "with_districts"):
        covered.append((role, _below(tree, entity) if districts else frozenset({entity})))
    if user.is_superuser:
        covered.append((Role.ADMIN, frozenset(tree)))
    return _made(covered, tree)


def _made(covered: Iterable[tuple[str, frozenset[int]]], tree: Mapping[int, int | None]) -> Rights:
    held: dict[str, frozenset[int]] = {}
    for role, entities in covered:
        for permission in of_role(role):
            held[permission] = held.get(permission, frozenset()) | entities
    tops = frozenset(pk for pk, parent in tree.items() if parent is None)
    return Rights(held, tops, frozenset(tree))


def limited(permissions: Iterable[str], entity_ids: Iterable[int]) -> Rights:
    """The rights of a key of the API: these permissions for these legal entities."""
    tree = dict(LegalEntity.objects.values_list("pk", "parent_id"))
    entities = frozenset(entity_ids) & frozenset(tree)
    tops = frozenset(pk for pk, parent in tree.items() if parent is None)
    return Rights(dict.fromkeys(permissions, entities), tops, frozenset(tree))


def _below(tree: Mapping[int, int | None], top: int) -> frozenset[int]:
    """An entity and all districts under it, at any depth."""
    found = {top}
    while True:
        more = {pk for pk, parent in tree.items() if parent in found} - found
        if not more:
            return frozenset(found)
        found |= more


def may(user: Who, permission: str, entity_id: int) -> bool:
    """Whether somebody may do something for one legal entity."""
    return of(user).may(permission, entity_id)


def entities(user: Who, permission: str) -> frozenset[int]:
    """The legal entities (ids) for which somebody may do something."""
    return of(user).entities(permission)


def may_somewhere(user: Who, permission: str) -> bool:
    """Whether somebody may do something at all: of the house, or for any entity."""
    return of(user).somewhere(permission)
