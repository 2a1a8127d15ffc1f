from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from donors.models.donor import CODE, Donor
from fundraise.refs import new_ref


class ImportRun(models.Model):
    """One member list on its way in: the file sealed, what was decided about it, how far it is.

    `body` is under a key of its own and goes when `keep_until` has passed; hash, counts, who and
    when stay. `columns` and `terms` hold what staff chose and no cell of the file.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded"  # columns and terms are being chosen
        CHECKING = "checking"  # the dry run is under way
        CHECKED = "checked"  # what would happen is known; nothing has happened
        IMPORTING = "importing"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class FileKind(models.TextChoices):
        CSV = "csv"
        XLSX = "xlsx"

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file_kind = models.CharField(max_length=4, choices=FileKind.choices)
    file_size = models.IntegerField()
    sha256 = models.BinaryField()
    body = models.BinaryField(null=True)
    keep_until = models.DateField()
    sheet = models.SmallIntegerField(default=0)
    columns = models.JSONField(default=list)
    terms = models.JSONField(default=dict)
    by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows_total = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    # Whoever works on it renews the lease; a dead worker's is taken over when it has run out.
    lease_until = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "uploaded", "checking", "checked", "importing", "done", "failed",
                        "cancelled",
                    ]
                ),
                name="import_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(file_kind__in=["csv", "xlsx"]), name="import_file_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False) | Q(state__in=["done", "failed", "cancelled"]),
                name="import_has_its_file_until_ended",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | ~Q(state__in=["done", "failed", "cancelled"]) & Q(finished_at__isnull=True),
                name="import_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(rows_done__gte=0, rows_done__lte=F("rows_total")),
                name="import_rows_done_within_total",
            ),
            models.CheckConstraint(
                condition=Q(error="") | Q(state="failed", error__regex=CODE),
                name="import_error_is_a_code",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["checking", "importing"]),
                name="import_under_way",
            ),
            models.Index(
                fields=["keep_until"], condition=Q(body__isnull=False), name="import_file_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.ref}"

    @property
    def source(self) -> str:
        """What the rows it made say of where they come from."""
        return f"import:{self.ref}"

    @property
    def left_out(self) -> int:
        """How many rows wait for somebody or are wrong."""
        return sum(self.counts.get(outcome, 0) for outcome in ("person", "error"))


class ImportRow(models.Model):
    """What one row of the file became, or would become: codes and ids, no cell of it."""

    class Outcome(models.TextChoices):
        CREATED = "created"
        ADDED = "added"
        UNCHANGED = "unchanged"
        PERSON = "person"  # somebody has to look; nothing was changed
        ERROR = "error"

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    line = models.IntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=20, blank=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["created", "added", "unchanged"])
                | Q(outcome__in=["person", "error"]) & ~Q(code=""),
                name="import_row_that_waits_says_why",
            ),
        ]
        indexes = [models.Index(fields=["run", "outcome", "line"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.line}: {self.outcome}"


class ForgottenAddress(models.Model):
    """The keyed hash of a forgotten donor's e-mail address, and nothing else of the donor.

    An older member list would bring the person back; so a row with this address waits for a person
    to look. It can't be turned into an address, and can't be made anew under another look-up key.
    """

    id = models.BigAutoField(primary_key=True)
    value_hash = models.BinaryField(unique=True)
    at = models.DateField()

    def __str__(self) -> str:
        return f"forgotten address {self.pk}"
