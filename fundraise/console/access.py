"""What the one who asks may do here: rights by role and legal entity (fundraise/staff)."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest

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


class Can:
    """`can.gifts.enter` in a template: whether it may be done at all."""

    def __init__(self, user: User | AnonymousUser, subject: str = "") -> None:
        self.user, self.subject = user, subject

    def __getitem__(self, name: str) -> Can | bool:
        """A subject first, then a verb. Raises KeyError when there is no such permission."""
        if not self.subject:
            return Can(self.user, name)
        permission = f"{self.subject}.{name}"
        PERMISSIONS[permission]
        return rights.may_somewhere(self.user, permission)
