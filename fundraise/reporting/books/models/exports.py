"""The register of SIE files: each file as it went, the journals in it, and who fetched it."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import Journal, LegalEntity
from fundraise.refs import new_ref


class BookExport(models.Model):
    """One SIE file. Never changed or deleted; its bytes hold no person."""

    class Kind(models.TextChoices):
        SIE_4I = "sie4i", _("SIE 4I")
        SIE_4E = "sie4e", _("SIE 4E")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="book_exports")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.PositiveIntegerField(help_text=_("From 1 for each legal entity."))
    from_day = models.DateField()
    to_day = models.DateField()
    first_position = models.BigIntegerField(help_text=_("Place in the hash chain."))
    last_position = models.BigIntegerField()
    journals = models.PositiveIntegerField()
    vouchers = models.PositiveIntegerField()
    sum_ore = models.BigIntegerField(help_text=_("All debits, which are all credits."))
    numbers = models.JSONField(help_text=_("For each series: first and last number, and how many."))
    changes = models.JSONField(default=list, help_text=_("Texts that CP437 can't hold: where, …"))
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "number"], name="book_export_number_once"),
            CheckConstraint(condition=Q(kind__in=["sie4i", "sie4e"]), name="book_export_kind"),
            CheckConstraint(
                condition=Q(from_day__lte=F("to_day"))
                & Q(from_day__year=F("to_day__year"))
                & Q(first_position__lte=F("last_position")),
                name="book_export_span",
            ),
            CheckConstraint(
                condition=Q(journals__gt=0, vouchers__gt=0, sum_ore__gt=0, size__gt=0)
                & Q(sha256__regex="^[0-9a-f]{64}$"),
                name="book_export_holds_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def file_name(self) -> str:
        """What the file is called: .si is read into a program, .se is whole books."""
        ending = "se" if self.kind == self.Kind.SIE_4E else "si"
        days = f"{self.from_day:%Y%m%d}-{self.to_day:%Y%m%d}"
        return f"{self.entity.slug}-{days}-{self.number}.{ending}"


class ExportedJournal(models.Model):
    """A journal that stands in a 4I file: in one, and in no other."""

    journal = models.OneToOneField(
        Journal, primary_key=True, on_delete=models.PROTECT, related_name="exported"
    )
    export = models.ForeignKey(BookExport, on_delete=models.PROTECT, related_name="members")
    voucher = models.PositiveIntegerField(help_text=_("Which #VER of the file, from 1."))

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(voucher__gt=0), name="exported_voucher_from_one")
        ]


class BookReissue(models.Model):
    """Somebody asks for a file once more; another person says yes or no."""

    class State(models.TextChoices):
        ASKED = "asked", _("Awaits a second person")
        AGREED = "agreed", _("May be fetched once more")
        REFUSED = "refused", _("Refused by the second person")
        FETCHED = "fetched", _("Fetched")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    export = models.ForeignKey(BookExport, on_delete=models.PROTECT, related_name="reissues")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    why = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["export"],
                condition=Q(state__in=["asked", "agreed"]),
                name="book_reissue_one_at_a_time",
            ),
            CheckConstraint(
                condition=Q(state="asked", answered_by="", answered_at=None)
                | Q(state__in=["agreed", "refused", "fetched"], answered_at__isnull=False)
                & ~Q(answered_by="")
                & ~Q(answered_by=F("asked_by")),
                name="book_reissue_by_two",
            ),
            CheckConstraint(condition=~Q(why=""), name="book_reissue_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.export} {self.state}"


class BookFetch(models.Model):
    """A file that somebody fetched: the first time, or as an agreed reissue."""

    export = models.ForeignKey(BookExport, on_delete=models.PROTECT, related_name="fetches")
    reissue = models.ForeignKey(BookReissue, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        verbose_name_plural = "book fetches"
