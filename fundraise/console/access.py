"""What the one who asks may do here: rights by role and legal entity (fundraise/staff)."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from fundraise.staff import rights
from fundraise.staff.roles import PERMISSIONS

M = TypeVar("M", bound=Model)


def by(request: HttpRequest) -> str:
    """How the logs name who is here."""
    return f"staff:{request.user.pk}"


def scope(
    request: HttpRequest, rows: QuerySet[M], permission: str, path: str = "entity"
) -> QuerySet[M]:
    """The rows of the legal entities for which it may be done; `path` leads to the entity."""
    return rows.filter(**{f"{path}__in": rights.entities(request.user, permission)})


def found(
    request: HttpRequest,
    rows: QuerySet[M],
    permission: str,
    path: str = "entity",
    **named: object,
) -> M:
    """The row of an entity for which it may be done; another entity's row is not there (404)."""
    return get_object_or_404(scope(request, rows, permission, path), **named)


class Can:
    """`can.gifts.enter` in a template: whether it may be done, for the page's entity if it has one.

    A page that shows a row of an entity names it, so that no button stands there that the row's
    door would refuse.
    """

    def __init__(
        self, user: User | AnonymousUser, entity_id: int | None = None, subject: str = ""
    ) -> None:
        self.user, self.entity_id, self.subject = user, entity_id, subject

    def __getitem__(self, name: str) -> Can | bool:
        """A subject first, then a verb. Raises KeyError when there is no such permission."""
        if not self.subject:
            return Can(self.user, self.entity_id, name)
        permission = f"{self.subject}.{name}"
        if self.entity_id is None or PERMISSIONS[permission].house:
            return rights.may_somewhere(self.user, permission)
        return rights.may(self.user, permission, self.entity_id)
