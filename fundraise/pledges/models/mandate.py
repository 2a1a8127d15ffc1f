"""The permission to draw: its number, its account, the text that was agreed to and its proof."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models.pledge import Pledge
from fundraise.refs import new_ref
from fundraise.states import Transition


class PayerRange(models.Model):
    """The payer numbers that are ours on an entity's bankgiro number.

    Rows of a report with a number outside it belong to another system on the same number, often the
    member register. The bounds are of the whole number, its check digit included.
    """

    entity = models.OneToOneField(
        LegalEntity, on_delete=models.PROTECT, primary_key=True, related_name="payer_range"
    )
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(first__gt=0, last__gt=F("first"), last__lt=10**16),
                name="payer_range_within_sixteen_digits",
            ),
        ]


class MandateWording(models.Model):
    """The mandate's text, word for word as Bankgirot has it, one version at a time.

    Only the payee's particulars are filled in ({payee}, {org_number}, {bankgiro}, {address}).
    """

    class Variant(models.TextChoices):
        PERSON = "person", _("Private person")
        ORGANISATION = "organisation", _("Organisation with a bank account")
        BANKGIRO = "bankgiro", _("Organisation with a bankgiro number")

    variant = models.CharField(max_length=12, choices=Variant.choices)
    language = models.CharField(max_length=2)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    source = models.CharField(max_length=200, help_text=_("Where the words come from."))
    valid_from = models.DateField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["variant", "language", "version"], name="mandate_wording_version_once"
            ),
        ]


class Mandate(models.Model):
    """A permission to draw on one account or card, for one pledge.

    Account and identity number are sealed for this mandate (crypto context "mandate:<ref>:account"
    and ":identity"), with keyed hashes beside them for look-up. A payer number is never given
    again by us, but a payer may give it again in the Internet bank; a bankgiro number is its own
    payer number and rests while Bankgirot has it in quarantine. `pledge` is empty only for a
    mandate of the Internet bank that nobody has named a sum for.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Not signed yet")
        RECEIVED = "received", _("From the Internet bank, to be answered")
        CREATED = "created", _("To be sent to the bank")
        SENT = "sent", _("Sent to the bank")
        ACTIVE = "active", _("Approved")
        RETIRING = "retiring", _("Being replaced")
        ENDING = "ending", _("Being ended")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("It is over")

    class Origin(models.TextChoices):
        PAGE = "page", _("Donation page")
        PAPER = "paper", _("Paper")
        INTERNET_BANK = "internet_bank", _("Internet bank")
        REGISTER = "register", _("Bankgirot's register")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="mandates")
    pledge = models.ForeignKey(Pledge, null=True, on_delete=models.PROTECT, related_name="mandates")
    method = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices)
    origin = models.CharField(max_length=13, choices=Origin.choices, default=Origin.PAGE)
    variant = models.CharField(
        max_length=12,
        choices=MandateWording.Variant.choices,
        default=MandateWording.Variant.PERSON,
    )
    payer_number = models.CharField(max_length=16, null=True)
    account_sealed = models.BinaryField(null=True)
    account_hash = models.BinaryField(max_length=80, null=True)
    account_hint = models.CharField(
        max_length=60, blank=True, help_text=_("The bank's name and the last digits; never all.")
    )
    identity_sealed = models.BinaryField(null=True)
    identity_hash = models.BinaryField(max_length=80, null=True)
    customer_ref = models.CharField(
        max_length=120, blank=True, help_text=_("The provider's name for the payer (cards).")
    )
    method_ref = models.CharField(
        max_length=120, blank=True, help_text=_("The provider's name for the saved card.")
    )
    card_expires_on = models.DateField(null=True)
    wording = models.ForeignKey(MandateWording, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text=_("When it was last put into a file."))
    decided_at = models.DateTimeField(null=True, help_text=_("The bank's yes or no."))
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True, help_text=_("The bank's own day of the end."))
    end_wanted_at = models.DateTimeField(null=True, help_text=_("When the revocation reached us."))
    reason = models.CharField(
        max_length=30, blank=True, help_text=_("The codes of the last answer, as 42+05, or ours.")
    )

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(
                    state__in=[
                        "draft",
                        "received",
                        "created",
                        "sent",
                        "active",
                        "retiring",
                        "ending",
                        "refused",
                        "ended",
                    ]
                ),
                name="mandate_state_known",
            ),
            CheckConstraint(
                condition=~Q(method="autogiro") | Q(payer_number__regex=r"^[1-9][0-9]{0,15}$"),
                name="mandate_autogiro_has_payer_number",
            ),
            CheckConstraint(
                condition=Q(pledge__isnull=False) | Q(origin__in=["internet_bank", "register"]),
                name="mandate_without_pledge_came_from_the_bank",
            ),
            UniqueConstraint(
                fields=["entity", "payer_number"],
                condition=~Q(variant="bankgiro") & ~Q(origin="internet_bank"),
                name="mandate_payer_number_never_again",
            ),
            UniqueConstraint(
                fields=["entity", "payer_number"],
                condition=~Q(state__in=["refused", "ended"]),
                name="mandate_payer_number_once_at_a_time",
            ),
            UniqueConstraint(
                fields=["pledge"],
                condition=Q(state="active"),
                name="mandate_one_draws_per_pledge",
            ),
            UniqueConstraint(
                fields=["pledge"],
                condition=Q(state__in=["draft", "created", "sent"]),
                name="mandate_one_waits_per_pledge",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "method"]),
            models.Index(fields=["account_hash"]),
            models.Index(fields=["identity_hash"]),
        ]

    def __str__(self) -> str:
        return f"mandate {self.ref}"


class MandateTransition(Transition):
    """One step of a mandate's state; `reason` holds the bank's codes as 04+32."""

    subject_field = "mandate"
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="transitions")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["mandate", "to_state", "event_id"],
                condition=~Q(event_id=""),
                name="mandate_transition_once_per_event",
            ),
        ]


class Signature(models.Model):
    """How a mandate was signed, and the proof of it (sealed, context "mandate:<ref>:signature")."""

    class Way(models.TextChoices):
        TICK = "tick", _("Ticked on the page")
        MAIL_LINK = "mail_link", _("Ticked, and confirmed by mail")
        BANKID = "bankid", _("BankID")
        PAPER = "paper", _("On paper")
        INTERNET_BANK = "internet_bank", _("In the Internet bank")
        CARD = "card", _("By the first card gift")

    mandate = models.OneToOneField(
        Mandate, on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )
    way = models.CharField(max_length=13, choices=Way.choices)
    signed_at = models.DateTimeField()
    evidence_sealed = models.BinaryField(null=True, help_text=_("JSON: what proves it."))
    scan_sealed = models.BinaryField(null=True, help_text=_("A paper mandate as it was scanned."))
    scan_type = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=60)
