"""The daily proof as it came out: which identity, what was expected, what was found."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class ProofRun(models.Model):
    """All identities of a day, tried once: by night or because somebody asked."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    day = models.DateField(help_text="The day whose end is proved.")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["-day", "-began_at"], name="proof_run_newest")]


class ProofLine(models.Model):
    """One identity of one source. `waiting` has the day a file is expected, never a difference."""

    class Status(models.TextChoices):
        OK = "ok", _("Agrees")
        DIFFERS = "differs", _("Differs")
        WAITING = "waiting", _("Waits for a file")
        NOT_APPLICABLE = "not_applicable", _("Does not apply")

    run = models.ForeignKey(ProofRun, on_delete=models.CASCADE, related_name="lines")
    entity = models.ForeignKey(
        LegalEntity,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: it concerns the whole house.",
    )
    letter = models.CharField(max_length=1, help_text="A to H.")
    source = models.CharField(max_length=120, help_text="Which account or thing.")
    name = models.CharField(max_length=200, blank=True, help_text="As verify_books says it.")
    note = models.CharField(max_length=300, blank=True)
    expected = models.BigIntegerField(default=0)
    actual = models.BigIntegerField(default=0)
    status = models.CharField(max_length=14, choices=Status.choices)
    waiting_for = models.CharField(max_length=80, blank=True)
    due_on = models.DateField(null=True)
    rows = models.JSONField(default=list, help_text="Where to look: kind:ref, at most 100.")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["run", "letter", "entity", "source"],
                nulls_distinct=False,
                name="proof_line_once",
            ),
            CheckConstraint(
                condition=~Q(status="ok") | Q(expected=models.F("actual")),
                name="proof_ok_has_no_difference",
            ),
            CheckConstraint(
                condition=~Q(status="waiting") | Q(due_on__isnull=False),
                name="proof_waits_for_a_day",
            ),
            CheckConstraint(condition=Q(letter__in=list("ABCDEFGH")), name="proof_letter_known"),
        ]

    @property
    def difference(self) -> int:
        """Actual less expected: öre, or a number of rows."""
        return self.actual - self.expected
