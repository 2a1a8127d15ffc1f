"""Accounts of staff: invited, ended, taken up again; never deleted, since the logs name them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from fundraise.audit import services as audit
from fundraise.outbox import services as outbox
from fundraise.staff import links, sessions
from fundraise.staff.locks import lock_roles, lock_user
from fundraise.staff.services import StaffError, is_admin, other_admins


@transaction.atomic
def invite(name: str, email: str, *, by: str) -> User:
    """An account without a password; its owner sets one by a link (fundraise/staff/links.py).

    They log in by the address. Raises StaffError("taken") when an account has it already.
    """
    lock_roles()
    address = email.strip().lower()
    if User.objects.filter(Q(email__iexact=address) | Q(username=address)).exists():
        raise StaffError("taken")
    first, _space, last = name.strip().partition(" ")
    user = User(username=address, email=address, first_name=first, last_name=last, is_staff=True)
    user.set_unusable_password()
    user.save()
    _log(user, "staff.account.invited", by)
    return user


@transaction.atomic
def renew_link(user_id: int, *, by: str) -> User:
    """Make the links sent so far say nothing, for an account whose owner never set a password."""
    user = lock_user(user_id)
    if not user.has_usable_password():
        user.set_unusable_password()  # another one: links name what it looked like
        user.save(update_fields=["password"])
        _log(user, "staff.account.invited_again", by)
    return user


@transaction.atomic
def end(user_id: int, *, by: str, reason: str) -> bool:
    """Somebody leaves: no log-in from now on, and every session ends. False when it was ended.

    Their keys of the API, a package above, end with the fact: who comes back makes new ones.
    Raises StaffError: own_account, last_admin.
    """
    lock_roles()
    user = lock_user(user_id)
    _not_oneself(user, by)
    if not user.is_active:
        return False
    if is_admin(user) and not other_admins(user.pk):
        raise StaffError("last_admin")
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end(user, by=by)
    _log(user, "staff.account.ended", by, reason)
    outbox.write("StaffShutOut", user.pk)
    return True


@transaction.atomic
def take_up(user_id: int, *, by: str, reason: str) -> bool:
    """Somebody comes back, with the roles that were not ended. False when it was active."""
    user = lock_user(user_id)
    _not_oneself(user, by)
    if user.is_active:
        return False
    user.is_active = True
    user.save(update_fields=["is_active"])
    _log(user, "staff.account.taken_up", by, reason)
    return True


@transaction.atomic
def reset(user_id: int, *, by: str, reason: str) -> User:
    """Somebody lost their second factor: nothing of the log-in is left, and every session ends.

    A link lets its owner set a password and a second factor anew. Their keys of the API end too:
    whoever had the log-in may have made one. Raises StaffError("own_account").
    """
    user = lock_user(user_id)
    _not_oneself(user, by)
    Authenticator.objects.filter(user_id=user.pk).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    sessions.end(user, by=by)
    _log(user, "staff.factors.reset", by, reason)
    outbox.write("StaffShutOut", user.pk)
    return user


@transaction.atomic
def set_password(user_id: int, password: str, *, by: str) -> User:
    """A new password; sessions elsewhere end with the old one."""
    user = lock_user(user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    _log(user, "staff.password.set", by)
    return user


def use_link(key: str, password: str) -> tuple[User, str]:
    """Set a password by a link, once: of two who use it at the same time one is refused.

    Raises LinkError.
    """
    with transaction.atomic():
        lock_user(links.opened(key)[0].pk)
        user, kind = links.opened(key)
        return set_password(user.pk, password, by=f"staff:{user.pk}"), kind


def note(user: User, action: str, **after: object) -> None:
    """Write in the log what somebody did with their own log-in."""
    audit.log_change(
        by=f"staff:{user.pk}",
        action=action,
        subject_type="staff",
        subject_ref=str(user.pk),
        after=after,
    )


def note_failure(user: User, step: str) -> None:
    """Write in the log that somebody, we don't know who, failed to log in to an account."""
    audit.log_change(
        by="system:login",
        action="staff.login_failed",
        subject_type="staff",
        subject_ref=str(user.pk),
        after={"step": step},
    )


def note_link(user: User) -> None:
    """Write in the log that somebody, we don't know who, asked for a link for a new password."""
    audit.log_change(
        by="system:login",
        action="staff.password.link_sent",
        subject_type="staff",
        subject_ref=str(user.pk),
    )


def _not_oneself(user: User, by: str) -> None:
    if by == f"staff:{user.pk}":
        raise StaffError("own_account")


def _log(user: User, action: str, by: str, reason: str = "") -> None:
    audit.log_change(
        by=by, action=action, subject_type="staff", subject_ref=str(user.pk), reason=reason
    )
