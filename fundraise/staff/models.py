"""Which role somebody has, for which legal entity, and who gave it; what two people agree to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref
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


WITHDRAWN = "system:withdrawn"  # stands where the second person would, had there been one


class Approval(models.Model):
    """Something dangerous that a second person is asked about, and the one answer it got.

    It knows its subject by kind and ref alone: what is asked about lives above this package. No
    open question stands twice, and who asked never answers: the database refuses both.
    """

    class Answer(models.TextChoices):
        OPEN = ""
        YES = "yes"
        NO = "no"

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    kind = models.CharField(max_length=20, help_text="A key of fundraise.staff.approvals.KINDS.")
    subject_ref = models.UUIDField()
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer.choices, blank=True, default="")
    answered_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["kind", "subject_ref"],
                condition=Q(answer=""),
                name="approval_asked_once_at_a_time",
            ),
            CheckConstraint(
                condition=~Q(answered_by=F("asked_by")), name="approval_by_another_person"
            ),
            # A key asks in the name of whoever made it, or that person could answer.
            CheckConstraint(
                condition=~Q(asked_by__startswith="key:") & ~Q(answered_by__startswith="key:"),
                name="approval_between_people",
            ),
            CheckConstraint(
                condition=Q(answer="", answered_by="", answered_at=None)
                | Q(answer__in=["yes", "no"], answered_at__isnull=False) & ~Q(answered_by=""),
                name="approval_answer_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["entity"], condition=Q(answer=""), name="approval_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_ref}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.answer == self.Answer.OPEN

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back before anybody answered."""
        return self.answered_by == WITHDRAWN


class LastCode(models.Model):
    """The last step of time whose code somebody's app was let in with: no code is good twice."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    step = models.BigIntegerField()

    class Meta:
        constraints = [CheckConstraint(condition=Q(step__gt=0), name="last_code_step_positive")]

    def __str__(self) -> str:
        return str(self.step)
