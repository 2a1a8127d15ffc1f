"""Who may do what on the staff pages, until the full matrix comes.

Everybody with `is_staff` reads numbers and states. The group "treasurer" moves money back and
enters gifts; the group "comms" changes campaigns; either may open a person's data, and every look
is written down. A superuser may do all of it.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest

TREASURER = "treasurer"
COMMS = "comms"
PEOPLE = (TREASURER, COMMS)  # who may open a person's data


def by(request: HttpRequest) -> str:
    """How the logs name who is here."""
    return f"staff:{request.user.pk}"


def may(user: User | AnonymousUser, *groups: str) -> bool:
    """Whether somebody is in one of the groups, or a superuser."""
    if user.is_superuser:
        return True
    return bool(_groups_of(user) & set(groups))


def _groups_of(user: User | AnonymousUser) -> set[str]:
    """The names of somebody's groups, read once per request."""
    if isinstance(user, AnonymousUser):
        return set()
    kept = getattr(user, "_group_names", None)
    if kept is None:
        kept = set(user.groups.values_list("name", flat=True))
        user._group_names = kept  # type: ignore[attr-defined]
    return kept
