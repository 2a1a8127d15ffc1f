from __future__ import annotations

from django.db import models
from django.db.models import Q

from donors.models.donor import SOURCE, Donor


class ContactPoint(models.Model):
    """An e-mail address, phone number or postal address of a donor.

    Unique for each donor and only indexed across donors: couples share an address.
    """

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        POSTAL = "postal"

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed"
        CONFIRMED = "confirmed"  # the donor answered from it, or staff saw proof
        BOUNCING = "bouncing"

    id = models.BigAutoField(primary_key=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value_sealed = models.BinaryField()
    value_hash = models.BinaryField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.UNCONFIRMED)
    is_primary = models.BooleanField(default=False)
    source = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # Of a postal address, in the clear: roughly where it is, so that people can be chosen by place.
    postcode = models.CharField(max_length=20, blank=True, default="", db_default="")
    town = models.CharField(max_length=100, blank=True, default="", db_default="")
    country = models.CharField(max_length=2, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["donor", "kind", "value_hash"], name="contact_point_once_per_donor"
            ),
            models.UniqueConstraint(
                fields=["donor", "kind"],
                condition=Q(is_primary=True),
                name="contact_point_one_primary_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["email", "phone", "postal"]),
                name="contact_point_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["unconfirmed", "confirmed", "bouncing"]),
                name="contact_point_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="contact_point_confirmed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="unconfirmed") | Q(confirmed_at__isnull=True),
                name="contact_point_unconfirmed_has_no_time",
            ),
            models.CheckConstraint(
                condition=Q(source__regex=SOURCE), name="contact_point_source_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(kind="postal") | Q(postcode="", town="", country=""),
                name="contact_point_place_is_of_a_postal_address",
            ),
        ]
        indexes = [models.Index(fields=["kind", "value_hash"], name="contact_point_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
