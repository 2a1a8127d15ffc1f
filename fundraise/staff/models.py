"""Which role somebody has, for which legal entity, and who gave it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from fundraise.ledger.models import LegalEntity
from fundraise.staff.roles import Role


class RoleHeld(models.Model):
    """A role that somebody has, or had, for a legal entity. Never deleted, only ended."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles_held"
    )
    role = models.CharField(max_length=12, choices=Role.choices)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    with_districts = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["user", "role", "entity"],
                condition=Q(ended_at=None),
                name="role_held_once_per_entity",
            ),
            CheckConstraint(condition=Q(role__in=Role.values), name="role_known"),
            CheckConstraint(
                condition=Q(ended_at=None, ended_by="")
                | Q(ended_at__isnull=False) & ~Q(ended_by=""),
                name="role_end_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.entity_id}"
