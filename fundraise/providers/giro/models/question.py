"""What a person has to decide: the human queue of autogiro."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.pledges.models import Collection, Mandate
from fundraise.providers.giro.models.agreement import Agreement
from fundraise.providers.giro.models.incoming import InFile
from fundraise.refs import new_ref


class Question(models.Model):
    """One row that no rule could place, or one difference between a register and ours.

    `subject` tells the same question asked again (by a newer extract) from a new one.
    """

    class Kind(models.TextChoices):
        PAYER = "payer", _("A payer number of ours that nobody has")
        DRAW = "draw", _("A draw that we did not send")
        SUM = "sum", _("Another sum than we asked for")
        CODE = "code", _("A code that no rule knows")
        MOVED = "moved", _("A draw was moved to another day")
        TWICE = "twice", _("Money for a draw that was paid before")
        E_MANDATE = "e_mandate", _("A mandate of the Internet bank with a number that is in use")
        REGISTER_MISSING = "r_missing", _("Ours, but not in Bankgirot's register")
        REGISTER_EXTRA = "r_extra", _("In Bankgirot's register, but not ours")
        REGISTER_DIFFERENT = "r_different", _("Otherwise in Bankgirot's register")
        WATCH_MISSING = "w_missing", _("A draw of ours that does not wait at Bankgirot")
        WATCH_EXTRA = "w_extra", _("A draw waits at Bankgirot that is not ours")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SOLVED = "solved", _("Solved")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="questions")
    file = models.ForeignKey(InFile, on_delete=models.PROTECT, related_name="questions")
    line = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    subject = models.CharField(max_length=80)
    payer_number = models.CharField(max_length=16, blank=True)
    code = models.CharField(max_length=10, blank=True)
    amount_ore = models.BigIntegerField(null=True, help_text="Money that lies in suspense.")
    day = models.DateField(null=True)
    differs = models.CharField(max_length=60, blank=True, help_text="account, identity, state")
    mandate = models.ForeignKey(
        Mandate, null=True, on_delete=models.PROTECT, related_name="questions"
    )
    collection = models.ForeignKey(
        Collection, null=True, on_delete=models.PROTECT, related_name="questions"
    )
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    solved_by = models.CharField(max_length=60, blank=True)
    how = models.CharField(max_length=20, blank=True, help_text="A code: what was done.")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["agreement", "kind", "subject"],
                condition=Q(state="open"),
                name="giro_question_open_once",
            ),
            CheckConstraint(
                condition=Q(state="open", solved_at=None)
                | Q(state="solved", solved_at__isnull=False) & ~Q(how=""),
                name="giro_question_solved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "asked_at"], condition=Q(state="open"), name="giro_question_open"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.ref}"
