"""Where somebody is logged in, and the end of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from fundraise.audit import services as audit


def listed(user: User) -> list[Any]:
    """The sessions that are alive, the newest first."""
    alive = UserSession.objects.purge_and_list(user)
    return sorted(alive, key=lambda session: session.created_at, reverse=True)


def end(user: User, *, by: str, pk: int | None = None, but: str | None = "") -> int:
    """End one session, or all but the one with this key. Returns how many were ended."""
    rows = UserSession.objects.filter(user_id=user.pk)
    chosen: Iterable[Any] = rows.filter(pk=pk) if pk else rows.exclude(session_key=but or "")
    ended = 0
    for session in chosen:
        session.end()
        ended += 1
    if ended:
        audit.log_change(
            by=by,
            action="staff.sessions.ended",
            subject_type="staff",
            subject_ref=str(user.pk),
            after={"count": ended},
        )
    return ended


def forget(request: HttpRequest) -> None:
    """Take the session of a log-out off the list."""
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()


def prune(now: datetime) -> int:
    """Forget sessions that are over, and from where they were. Returns how many."""
    gone = Session.objects.filter(expire_date__lt=now).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone


def moved(request: HttpRequest, user: User) -> None:
    """A new password gave this session another key, and ended all others."""
    request.user = user
    UserSession.objects.purge_and_list(user)
    UserSession.objects.create_from_request(request)
