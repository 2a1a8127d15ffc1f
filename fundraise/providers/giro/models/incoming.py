"""Files from Bankgirot as they came, their rows and what became of each."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.pledges.models import Collection, Mandate
from fundraise.providers.giro.models.agreement import Agreement
from fundraise.refs import new_ref


class InFile(models.Model):
    """A file as it came, sealed (crypto context "giro-in:<sha256>"), once for its bytes.

    `kind` and `agreement` are empty where it could not be recognised. A refused file keeps why:
    a code of `autogiro.errors` (or of ours: other_bankgiro, other_customer, not_a_report), line and
    column, and the words' values, which never repeat what stands in the file.
    """

    class State(models.TextChoices):
        STORED = "stored", _("Stored")
        APPLIED = "applied", _("Worked in")
        REFUSED = "refused", _("Refused")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agreement = models.ForeignKey(
        Agreement, null=True, on_delete=models.PROTECT, related_name="in_files"
    )
    kind = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=160, blank=True)
    sha256 = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    size = models.PositiveIntegerField()
    via = models.CharField(max_length=10, help_text="transport, page or command")
    taken_by = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    keep_until = models.DateField()
    written_on = models.DateField(null=True, help_text="The day that stands in it.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.STORED)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    line = models.PositiveIntegerField(default=0)
    column = models.PositiveSmallIntegerField(default=0)
    values = models.JSONField(default=dict)
    remarks = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    rows_number = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="How many rows had which result.")
    ours_ore = models.BigIntegerField(default=0)
    unknown_ore = models.BigIntegerField(default=0)
    other_ore = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False, agreement__isnull=False)
                | Q(state="refused", applied_at=None) & ~Q(reason="")
                | Q(state="stored", applied_at=None),
                name="giro_in_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(state="stored"), name="giro_in_waiting"
            ),
            models.Index(fields=["agreement", "-received_at"], name="giro_in_by_day"),
        ]

    def __str__(self) -> str:
        return f"autogiro file {self.ref}"


class InRow(models.Model):
    """A record of a file and its result.

    `key` is the row's meaning, without the day on which a report was written, and `nth` its place
    among rows of the same meaning in its file: a row that comes again in another file is `already`,
    two true identical rows stay two. Of another system's rows neither number nor name is kept.
    """

    class Result(models.TextChoices):
        APPLIED = "applied", _("Worked in")
        ALREADY = "already", _("Known before")
        UNKNOWN = "unknown", _("Nobody's: waits for a person")
        OTHER = "other", _("Another system's")
        CONFLICT = "conflict", _("Does not fit: waits for a person")
        NOTED = "noted", _("Noted")

    file = models.ForeignKey(InFile, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=2, help_text="The record's code; empty: register.")
    key = models.BinaryField(max_length=16)
    nth = models.PositiveSmallIntegerField(default=0)
    payer_number = models.CharField(max_length=16, blank=True)
    code = models.CharField(max_length=10, blank=True)
    amount_ore = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    result = models.CharField(max_length=8, choices=Result.choices)
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    collection = models.ForeignKey(
        Collection, null=True, on_delete=models.PROTECT, related_name="in_rows"
    )

    class Meta:
        constraints = [
            UniqueConstraint(fields=["file", "line"], name="giro_row_line_once"),
            UniqueConstraint(
                fields=["key", "nth"], condition=~Q(result="already"), name="giro_row_means_once"
            ),
        ]


class Deposit(models.Model):
    """What moved on our bank account: TK15 in, TK16 and TK17 out; the bank's line has its serial.

    Its sum is ours, another system's, nobody's, and that of rows which a file before had, together.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="deposits")
    row = models.OneToOneField(InRow, on_delete=models.PROTECT, related_name="deposit")
    code = models.CharField(max_length=2)
    day = models.DateField()
    serial = models.PositiveIntegerField(help_text="0: nothing was approved.")
    number = models.PositiveIntegerField()
    amount_ore = models.BigIntegerField()
    ours_ore = models.BigIntegerField()
    unknown_ore = models.BigIntegerField()
    other_ore = models.BigIntegerField()
    known_ore = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(
                    amount_ore=models.F("ours_ore")
                    + models.F("unknown_ore")
                    + models.F("other_ore")
                    + models.F("known_ore")
                ),
                name="giro_deposit_is_the_sum_of_its_rows",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "day"], name="giro_deposit_by_day")]


class OtherFile(models.Model):
    """The rows of another system on the same bankgiro, as a file of the same kind to pass on."""

    source = models.OneToOneField(
        InFile, on_delete=models.PROTECT, primary_key=True, related_name="others"
    )
    name = models.CharField(max_length=160)
    sealed = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    rows_number = models.PositiveIntegerField()
    amount_ore = models.BigIntegerField()
    left_at = models.DateTimeField(null=True, help_text="When it was put into the folder.")
