from __future__ import annotations

from django.db import models
from django.db.models import Q

from donors.models.donor import SOURCE, Donor


class Identity(models.Model):
    """A personal identity number or an organisation number, and why we hold it.

    A personal number may be held for a mandate, a control statement or the party-finance report
    (lag 2018:218, 3 kap. 10 §) and not for an ordinary gift: the reason is kept beside it, and the
    row goes when the reason ends. Two records of one person are found by the hash, so it is not
    unique across donors.
    """

    class Kind(models.TextChoices):
        PERSONAL = "personal_number"
        ORGANISATION = "organisation_number"

    class Reason(models.TextChoices):
        MANDATE = "mandate"
        CONTROL_STATEMENT = "control_statement"
        PARTY_REPORT = "party_report"

    id = models.BigAutoField(primary_key=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value_sealed = models.BinaryField()
    value_hash = models.BinaryField()
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    source = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["donor", "kind"], name="identity_one_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["personal_number", "organisation_number"]),
                name="identity_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["mandate", "control_statement", "party_report"])
                | Q(kind="organisation_number", reason=""),
                name="identity_personal_number_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(source__regex=SOURCE), name="identity_source_is_a_code"
            ),
        ]
        indexes = [models.Index(fields=["kind", "value_hash"], name="identity_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
