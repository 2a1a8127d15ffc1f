from __future__ import annotations

from django.db import models
from django.db.models import Q

from donors.models.donor import CODE, SOURCE, Donor

ACTIVE = Q(withdrawn_at__isnull=True, objection_at__isnull=True, ended_at__isnull=True)
REFUSED = Q(withdrawn_at__isnull=False) | Q(objection_at__isnull=False)


class ConsentWording(models.Model):
    """The words a donor agreed to. Never edited (the database refuses): new words, new version."""

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=40)
    version = models.IntegerField()
    text_sv = models.TextField()
    text_en = models.TextField()
    from_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "version"], name="wording_version_once_per_purpose"
            ),
            # The target of the foreign key that ties a consent to words for its own purpose.
            models.UniqueConstraint(fields=["id", "purpose"], name="wording_and_its_purpose"),
            models.CheckConstraint(
                condition=Q(purpose__regex=CODE), name="wording_purpose_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="wording_versions_begin_at_one"
            ),
            models.CheckConstraint(
                condition=~Q(text_sv="") & ~Q(text_en=""), name="wording_in_both_languages"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"


class LegalBasis(models.Model):
    """Why we may do one thing with a donor's data. A row is never edited, only ended, once.

    Three ends: the donor withdrew a consent, the donor objected, or it simply ended (a membership
    that ran out, a consent renewed with newer words). The first two are a refusal: it stands, for
    the purpose and whatever the basis, until the donor consents anew (donors.queries.allowed).
    """

    class Purpose(models.TextChoices):
        """The purposes this package knows; settings.LEGAL_BASES may name more."""

        REGISTER = "register"
        APPEALS = "appeals"
        NEWSLETTER = "newsletter"
        RECEIPTS = "receipts"

    class Basis(models.TextChoices):
        CONSENT = "consent"
        MEMBERSHIP = "membership"
        REGULAR_CONTACT = "regular_contact"

    id = models.BigAutoField(primary_key=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="legal_bases")
    purpose = models.CharField(max_length=40)
    basis = models.CharField(max_length=20, choices=Basis.choices)
    source = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    # A consent: what was agreed to, when, and what shows it (the hash of a form's token, a paper's
    # number; never an address, an IP or a name).
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT, null=True)
    given_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    # A membership or regular contact: when the person was told, and whether they said no.
    informed_on = models.DateField(null=True)
    objection_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["donor", "purpose", "basis"],
                condition=ACTIVE,
                name="basis_one_active",
            ),
            models.CheckConstraint(
                condition=Q(purpose__regex=CODE), name="basis_purpose_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(source__regex=SOURCE), name="basis_source_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["consent", "membership", "regular_contact"]),
                name="basis_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(basis="consent")
                | Q(wording__isnull=False, given_at__isnull=False) & ~Q(proof=""),
                name="basis_consent_has_proof",
            ),
            models.CheckConstraint(
                condition=Q(basis="consent")
                | Q(
                    wording__isnull=True, given_at__isnull=True, proof="", withdrawn_at__isnull=True
                ),
                name="basis_only_consent_is_given",
            ),
            models.CheckConstraint(
                condition=Q(basis="consent") | Q(informed_on__isnull=False),
                name="basis_relation_was_informed",
            ),
            models.CheckConstraint(
                condition=~Q(basis="consent")
                | Q(informed_on__isnull=True, objection_at__isnull=True),
                name="basis_consent_is_withdrawn_not_objected",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, end_reason__regex=CODE),
                name="basis_end_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["purpose", "donor"], name="basis_by_purpose"),
            # Who has said no: few, and looked for before each mail leaves.
            models.Index(
                fields=["purpose", "donor"],
                condition=Q(withdrawn_at__isnull=False) | Q(objection_at__isnull=False),
                name="basis_refused",
            ),
            # What has ended since a moment, for the same look.
            models.Index(
                fields=["ended_at"], condition=Q(ended_at__isnull=False), name="basis_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.basis} for {self.purpose} {self.pk}"
