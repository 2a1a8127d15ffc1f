"""Give and end roles. Nobody changes their own, and one administrator is always left."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.ledger.models import LegalEntity
from fundraise.staff.locks import lock_roles
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import Role


class StaffError(Exception):
    """Refused; `code` is own_role, last_admin, own_account or taken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def give_role(
    user: User, role: str, entity: LegalEntity, *, with_districts: bool = False, by: str
) -> RoleHeld:
    """Give a role for an entity; the one that is held already is given back.

    A wider or narrower one ends the other, and both are in the log. Raises StaffError("own_role")
    when somebody gives one to themselves.
    """
    _not_oneself(user, by)
    lock_roles()
    held = RoleHeld.objects.filter(user=user, role=role, entity=entity, ended_at=None).first()
    if held is not None and held.with_districts == with_districts:
        return held
    if held is not None:
        _end(held, by)
    made = RoleHeld.objects.create(
        user=user,
        role=Role(role),
        entity=entity,
        with_districts=with_districts,
        given_at=clock.now(),
        given_by=by,
    )
    _log(made, "staff.role.given", by)
    return made


@transaction.atomic
def end_role(held_id: int, *, by: str) -> bool:
    """End a role. False when it was ended before.

    Raises StaffError: own_role, last_admin (of all that administer the house and can log in).
    """
    lock_roles()
    held = RoleHeld.objects.select_related("user").get(pk=held_id)
    if held.ended_at is not None:
        return False
    _not_oneself(held.user, by)
    if _of_house().filter(pk=held.pk).exists() and not other_admins(held.user_id):
        raise StaffError("last_admin")
    _end(held, by)
    return True


def _not_oneself(user: User, by: str) -> None:
    if by == f"staff:{user.pk}":
        raise StaffError("own_role")


def is_admin(user: User) -> bool:
    """Whether somebody administers the house; a district's administrator can't manage staff."""
    return user.is_superuser or _of_house().filter(user=user).exists()


def other_admins(user_id: int) -> bool:
    """Whether somebody else who can log in administers the house."""
    held = _of_house().filter(user__is_active=True, user__is_staff=True)
    supers = User.objects.filter(is_superuser=True, is_active=True, is_staff=True)
    return held.exclude(user_id=user_id).exists() or supers.exclude(pk=user_id).exists()


def _of_house() -> QuerySet[RoleHeld]:
    """Administrators' roles for an entity at the top: what `staff.manage` asks for."""
    return RoleHeld.objects.filter(role=Role.ADMIN, ended_at=None, entity__parent=None)


def _end(held: RoleHeld, by: str) -> None:
    held.ended_at, held.ended_by = clock.now(), by
    held.save(update_fields=["ended_at", "ended_by"])
    _log(held, "staff.role.ended", by)


def _log(held: RoleHeld, action: str, by: str) -> None:
    after = {"role": held.role, "entity": held.entity.ref, "with_districts": held.with_districts}
    audit.log_change(
        by=by, action=action, subject_type="staff", subject_ref=str(held.user_id), after=after
    )
