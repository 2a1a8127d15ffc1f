"""Addresses that must not be mailed, and why. The table outlives the people: it holds hashes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donors.models.donor import SOURCE, Donor
from fundraise.campaigns.models import Campaign
from fundraise.refs import new_ref


class Suppression(models.Model):
    """One reason why one address gets no bulk mail: none at all, no appeals, none of one campaign.

    The address stands as its keyed hash (the same bytes as ContactPoint.value_hash), without a
    donor: it holds for everybody who shares the address and for whoever was forgotten. A row is
    never edited or deleted (the database refuses), only lifted, once, with a reason; a complaint
    only by the person's own written wish.
    """

    class Reason(models.TextChoices):
        """In the order of weight: the first that stands is the one that is told."""

        ERASED = "erased", _("Was forgotten")
        DECEASED = "deceased", _("Has died")
        COMPLAINT = "complaint", _("Called our mail spam")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        STAFF = "staff", _("Noted by staff")
        INVALID = "invalid", _("Is no address")
        BOUNCE = "bounce", _("Mail comes back")
        BLOCKED = "blocked", _("Refuses our mail")

    class Scope(models.TextChoices):
        ALL = "all", _("All mail that is not about the donor's own gift")
        APPEALS = "appeals", _("All appeals")
        CAMPAIGN = "campaign", _("The appeals of one campaign")

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    email_key = models.BinaryField()
    scope = models.CharField(max_length=10, choices=Scope.choices)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=15, choices=Reason.choices)
    source = models.CharField(max_length=80)
    event = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=500, blank=True)
    wish = models.CharField(max_length=200, blank=True)
    # A rotation of the look-up keys writes the row of a living donor's address again under the new
    # key: the same fact, lifted together.
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email_key", "scope", "campaign", "reason"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
                name="suppression_once_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(scope="campaign", campaign__isnull=False)
                | Q(scope__in=["all", "appeals"], campaign__isnull=True),
                name="suppression_scope_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    reason__in=[
                        "erased", "deceased", "complaint", "unsubscribed", "staff", "invalid",
                        "bounce", "blocked",
                    ]
                ),
                name="suppression_reason_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source__regex=SOURCE), name="suppression_source_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by="", why="", wish="")
                | Q(lifted_at__isnull=False) & ~Q(lifted_by="") & ~Q(why=""),
                name="suppression_lifted_by_somebody_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(reason="complaint") | Q(lifted_at=None) | ~Q(wish=""),
                name="suppression_complaint_lifted_by_the_persons_wish",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["-created_at"], name="suppression_by_time"),
            models.Index(
                fields=["reason", "-created_at"],
                condition=Q(lifted_at=None),
                name="suppression_by_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"suppression {self.ref}"

    @property
    def state(self) -> str:
        """Whether it holds: standing or lifted."""
        return "standing" if self.lifted_at is None else "lifted"


class MailWish(models.Model):
    """A donor wants to hear less often: at most one appeal in so many days.

    Looked at beside the house's own cap (settings.APPEAL_CAP_MAILS) when an appeal is prepared.
    """

    donor = models.OneToOneField(
        Donor, on_delete=models.PROTECT, primary_key=True, related_name="mail_wish"
    )
    every_days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__gte=1, every_days__lte=366), name="mail_wish_within_a_year"
            ),
            models.CheckConstraint(
                condition=Q(source__regex=SOURCE), name="mail_wish_source_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"one in {self.every_days} days"


class Difference(models.Model):
    """Where SendGrid's lists and ours differed last night; made anew every night."""

    class Kind(models.TextChoices):
        MISSING_THERE = "missing_there", _("SendGrid no longer holds it back")
        HELD_THERE = "held_there", _("Lifted here, and SendGrid still holds it back")

    suppression = models.ForeignKey(Suppression, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    list = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["missing_there", "held_there"]),
                name="suppression_difference_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
