"""A month closed: who signed what, how the checklist stood, the pack, and who opened it again."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref
from fundraise.reporting.books.models.exports import BookExport


class MonthSignature(models.Model):
    """Somebody answers for a line of the checklist that is not green, as it stood then."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    key = models.CharField(max_length=100)
    status = models.CharField(max_length=14)
    expected = models.BigIntegerField()
    actual = models.BigIntegerField()
    comment = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(comment=""), name="month_signature_says_why"),
            CheckConstraint(condition=Q(by__startswith="staff:"), name="month_signature_is_named"),
            CheckConstraint(condition=Q(first_day__day=1), name="month_signature_of_a_month"),
        ]
        indexes = [models.Index(fields=["entity", "first_day"], name="month_signature_of")]


class Closing(models.Model):
    """A month that was closed, with its checklist as it stood; again when it was opened since."""

    class State(models.TextChoices):
        CLOSED = "closed", _("Shut")
        REOPENED = "reopened", _("Opened again")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="closings")
    first_day = models.DateField()
    number = models.PositiveSmallIntegerField(help_text=_("Which time the month was closed."))
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLOSED)
    lines = models.JSONField(help_text=_("The checklist with its signatures; nothing of a person."))
    export = models.OneToOneField(
        BookExport, null=True, on_delete=models.PROTECT, related_name="closing"
    )
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=60)
    packed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "first_day", "number"], name="closing_number_once"),
            UniqueConstraint(
                fields=["entity", "first_day"],
                condition=Q(state="closed"),
                name="closing_one_stands",
            ),
            CheckConstraint(condition=Q(first_day__day=1), name="closing_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}"


class PackFile(models.Model):
    """A file of a closed month's pack, as it was made. Holds no person."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="pack")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["closing", "name"], name="pack_file_once"),
            CheckConstraint(
                condition=Q(size__gt=0) & Q(sha256__regex="^[0-9a-f]{64}$"),
                name="pack_file_holds_something",
            ),
        ]


class Reopening(models.Model):
    """Somebody asks to open a closed month again; another person says yes or no."""

    class State(models.TextChoices):
        ASKED = "asked", _("Awaits a second person")
        AGREED = "agreed", _("Opened again")
        REFUSED = "refused", _("Refused by the second person")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="reopenings")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    why = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["closing"], condition=Q(state="asked"), name="reopening_one_at_a_time"
            ),
            CheckConstraint(condition=~Q(why=""), name="reopening_says_why"),
            CheckConstraint(
                condition=Q(state="asked", answered_by="", answered_at=None)
                | Q(state__in=["agreed", "refused"], answered_at__isnull=False)
                & ~Q(answered_by="")
                & ~Q(answered_by=F("asked_by")),
                name="reopening_by_two",
            ),
        ]
