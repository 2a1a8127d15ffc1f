"""Files as they came, the statements in them and the lines of those."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import Journal, LegalEntity
from fundraise.reconciliation.models.accounts import BankAccount
from fundraise.refs import new_ref


class StatementFile(models.Model):
    """A file as it came, sealed (context "statement:<sha256>"), once for its bytes.

    `read`: its lines are there to look at and nothing is booked. `booked`: a person, or the folder
    it was fetched from, said Import. `dropped`: looked at and put away; its new lines went with it.
    A refused file keeps a code of formats.base.FormatError (or of ours) and the place.
    """

    class State(models.TextChoices):
        STORED = "stored", _("Stored")
        READ = "read", _("Looked at, not booked")
        BOOKED = "booked", _("Booked")
        REFUSED = "refused", _("Refused")
        DROPPED = "dropped", _("Put away")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(
        LegalEntity, null=True, on_delete=models.PROTECT, related_name="statement_files"
    )
    kind = models.CharField(max_length=20, blank=True, help_text="formats.base.Kind")
    importer = models.CharField(max_length=40, blank=True, help_text="Reader and version.")
    name = models.CharField(max_length=160, blank=True)
    media_type = models.CharField(max_length=60, blank=True)
    sha256 = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    size = models.PositiveIntegerField()
    row_key = models.BinaryField(null=True, help_text="Sealed key of what its rows say.")
    via = models.CharField(max_length=10, help_text="page, command, folder or api")
    taken_by = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    keep_until = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.STORED)
    reason = models.CharField(max_length=40, blank=True)
    at = models.CharField(max_length=60, blank=True, help_text="Where in the file.")
    facts = models.JSONField(default=dict, help_text="Of the reason; nothing of a person.")
    new_lines = models.PositiveIntegerField(default=0)
    known_lines = models.PositiveIntegerField(default=0)
    new_items = models.PositiveIntegerField(default=0)
    known_items = models.PositiveIntegerField(default=0)
    in_ore = models.BigIntegerField(default=0)
    out_ore = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    booked_at = models.DateTimeField(null=True)
    booked_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="")
                | Q(state="booked", booked_at__isnull=False)
                | Q(state__in=["stored", "read", "dropped"], booked_at=None),
                name="statement_file_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(state__in=["stored", "read"]),
                name="statement_file_waiting",
            ),
        ]


class Statement(models.Model):
    """One account over some days, from its opening to its closing balance, where the file says.

    `before` is the statement whose closing balance is this one's opening: the chain. One without is
    the account's first, or stands behind a gap (an exception in the queue).
    """

    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="statements")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    external_id = models.CharField(max_length=80, blank=True)
    sequence = models.BigIntegerField(null=True)
    page = models.BigIntegerField(null=True, help_text="Of a statement that comes in several.")
    from_day = models.DateField()
    to_day = models.DateField()
    opening_ore = models.BigIntegerField(null=True)
    closing_ore = models.BigIntegerField(null=True)
    details_only = models.BooleanField(default=False, help_text="camt.054: no balance.")
    before = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="after")

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(to_day__gte=F("from_day")), name="statement_days_in_order"),
            CheckConstraint(
                condition=Q(opening_ore=None, closing_ore=None)
                | Q(opening_ore__isnull=False, closing_ore__isnull=False),
                name="statement_balances_both",
            ),
        ]
        indexes = [models.Index(fields=["account", "to_day"], name="statement_by_day")]


class Line(models.Model):
    """One movement of the account as the bank booked it.

    `fingerprint` is a keyed hash of what the bank says of it (its own reference where there is one,
    else day, sum, text and balance), `nth` its place among equal ones: a line that comes again in
    another file is known, two true identical lines stay two. `said` is sealed with its file's key.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="lines")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    at = models.CharField(max_length=40)
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    amount_ore = models.BigIntegerField()
    balance_ore = models.BigIntegerField(null=True)
    bank_ref = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40, blank=True)
    said = models.BinaryField(null=True, help_text="Its text, sealed.")
    fingerprint = models.BinaryField(max_length=16)
    nth = models.PositiveSmallIntegerField(default=0)
    other_books = models.BooleanField(default=False, help_text="Not ours: summed, not booked.")
    journal = models.OneToOneField(
        Journal, null=True, on_delete=models.PROTECT, related_name="bank_line"
    )

    class Meta:
        constraints = [
            UniqueConstraint(fields=["account", "fingerprint", "nth"], name="line_once"),
            CheckConstraint(condition=~Q(amount_ore=0), name="line_moves_money"),
            CheckConstraint(
                condition=Q(other_books=False) | Q(journal=None),
                name="line_of_other_books_unbooked",
            ),
        ]
        indexes = [models.Index(fields=["account", "booked_on"], name="line_by_day")]
