"""Lists of gifts from before the start, and which gifts came with each."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class EarlierList(models.Model):
    """A list that somebody brought in. Its body is sealed (context "earlier/<ref>") and goes when
    the list is booked, thrown away or left lying."""

    class State(models.TextChoices):
        READ = "read", _("Not booked yet")
        BOOKING = "booking", _("Being booked")
        BOOKED = "booked", _("Booked")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Reversed")
        THROWN = "thrown", _("Thrown away")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="earlier_lists")
    campaign = models.ForeignKey(
        Campaign, null=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("Whose thermometer they count in; none when it is empty."),
    )  # fmt: skip
    channel = models.CharField(max_length=16, help_text=_("Where the list says no way."))
    state = models.CharField(max_length=7, choices=State.choices, default=State.READ)
    columns = models.JSONField(help_text=_("What each column holds."))
    body = models.BinaryField(null=True)
    keep_until = models.DateField()
    gifts = models.PositiveIntegerField(default=0)
    sum_ore = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    booked_at = models.DateTimeField(null=True)
    booked_by = models.CharField(max_length=60, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state__in=["read", "booking"]) | Q(body=None),
                name="earlier_list_forgets_its_body",
            ),
            CheckConstraint(
                condition=Q(state__in=["read", "booking", "thrown"]) | Q(booked_at__isnull=False),
                name="earlier_list_booked_has_time",
            ),
            CheckConstraint(
                condition=~Q(state__in=["undoing", "undone"]) | ~Q(why=""),
                name="earlier_list_undone_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class EarlierMember(models.Model):
    """A gift that came with a list."""

    gift = models.OneToOneField(
        Gift, primary_key=True, on_delete=models.PROTECT, related_name="earlier"
    )
    list = models.ForeignKey(EarlierList, on_delete=models.PROTECT, related_name="members")
