from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundraise.refs import new_ref

CODE = r"^[a-z][a-z0-9_]*$"
# Where a row comes from: a code, and what it names when it names one thing ("gift:<ref>").
SOURCE = r"^[a-z][a-z0-9_]*(:[A-Za-z0-9-]+)?$"


class Donor(models.Model):
    """A person or an organisation that gives, has given or may give.

    The name is encrypted with the donor's own key, so that SQL can find it by its exact hash only:
    no list is ordered by name in the database.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    class Language(models.TextChoices):
        SWEDISH = "sv"
        ENGLISH = "en"

    class Status(models.TextChoices):
        ACTIVE = "active"
        RESTRICTED = "restricted"  # kept, and not used (GDPR Art. 18)
        ERASED = "erased"  # forgotten: the row stays for the books, nothing in it is a person

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    language = models.CharField(max_length=2, choices=Language.choices)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ACTIVE)
    source = models.CharField(max_length=80)
    name_sealed = models.BinaryField(null=True)
    name_hash = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    died_on = models.DateField(null=True, help_text=_("The day of death."))
    no_contact_at = models.DateTimeField(
        null=True, help_text=_("Since when the donor wants no contact at all.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["person", "organisation"]), name="donor_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["sv", "en"]), name="donor_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "restricted", "erased"]),
                name="donor_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source__regex=SOURCE), name="donor_source_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(
                    status="erased",
                    name_sealed__isnull=True,
                    name_hash__isnull=True,
                    erased_at__isnull=False,
                )
                | ~Q(status="erased")
                & Q(
                    name_sealed__isnull=False,
                    name_hash__isnull=False,
                    erased_at__isnull=True,
                ),
                name="donor_has_a_name_until_erased",
            ),
            models.CheckConstraint(
                condition=Q(died_on=None) | ~Q(kind="organisation"), name="donor_who_died_lived"
            ),
        ]
        indexes = [
            models.Index(fields=["name_hash"], name="donor_by_name"),
            # Who must not be written to: few, and looked for before each mail leaves.
            models.Index(
                fields=["id"],
                condition=~Q(status="active")
                | Q(died_on__isnull=False)
                | Q(no_contact_at__isnull=False),
                name="donor_left_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"donor {self.ref}"


class DonorKey(models.Model):
    """The donor's data key, wrapped by a master key.

    In a table of its own without foreign keys, because ordinary backups leave its rows out:
    `pg_dump --exclude-table-data=keyring_donor_key`. A row deleted here is forgotten in them too.
    """

    donor_id = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField()
    key_id = models.CharField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "keyring_donor_key"
        indexes = [models.Index(fields=["key_id", "donor_id"], name="donor_key_by_master_key")]
