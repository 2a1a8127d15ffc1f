"""What a person enters: sums from elsewhere, gifts in kind, cash collections, facts of a year."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.models import Match
from fundraise.refs import new_ref
from fundraise.reporting.party.lines import TYPED


class Entered(models.Model):
    """Something that somebody entered. It is not changed; withdrawn, it stays to be seen."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class TypedSum(Entered):
    """A sum of a year that our books do not hold, or that parts what they hold under one account.

    `in_books`: the sum is a part of an account of ours and only says which line it belongs to.
    """

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="typed_sums")
    year = models.PositiveSmallIntegerField()
    line = models.CharField(max_length=24)
    amount_ore = models.BigIntegerField()
    in_books = models.BooleanField(default=False)
    source = models.CharField(max_length=120, help_text=_("Where the sum stands."))
    voucher = models.CharField(max_length=60, help_text=_("The voucher or paper that shows it."))
    what = models.CharField(max_length=120, blank=True, help_text=_("What other income is."))
    tickets = models.PositiveIntegerField(null=True)
    ticket_price_ore = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(amount_ore__gt=0), name="typed_sum_above_zero"),
            CheckConstraint(condition=Q(line__in=sorted(TYPED)), name="typed_sum_line_known"),
            CheckConstraint(
                condition=~Q(line="lottery")
                | Q(tickets__isnull=False, ticket_price_ore__isnull=False),
                name="typed_sum_lottery_has_tickets",
            ),
            CheckConstraint(
                condition=~Q(line="other_income") | ~Q(what=""), name="typed_sum_other_says_what"
            ),
            CheckConstraint(
                condition=~Q(source="") & ~Q(voucher=""), name="typed_sum_has_source_and_voucher"
            ),
        ]
        indexes = [models.Index(fields=["entity", "year"], name="typed_sum_of_year")]


class GiftInKind(Entered):
    """Goods or a service at their true value (17 §): never money, never on the thermometer."""

    class Form(models.TextChoices):
        GOODS = "goods", _("Goods")
        SERVICE = "service", _("Service")

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="gifts_in_kind")
    given_on = models.DateField()
    donor = models.ForeignKey(
        Donor, null=True, on_delete=models.PROTECT, related_name="gifts_in_kind"
    )
    form = models.CharField(max_length=7, choices=Form.choices)
    value_ore = models.BigIntegerField()
    description = models.CharField(max_length=200)
    voucher = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(value_ore__gt=0), name="in_kind_value_above_zero"),
            CheckConstraint(condition=Q(form__in=["goods", "service"]), name="in_kind_form_known"),
            CheckConstraint(condition=~Q(description=""), name="in_kind_says_what"),
        ]
        indexes = [models.Index(fields=["entity", "given_on"], name="in_kind_of_year")]


class CashCollection(models.Model):
    """The slip of a cash collection; its money is one gift of nobody, booked once.

    Two people counted; their names are sealed. `line` is the bank's that shows the notes paid in,
    while it stands; where no bank is followed here, `deposit_ref` names it.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(
        LegalEntity, on_delete=models.PROTECT, related_name="cash_collections"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="cash_collections"
    )
    gift = models.OneToOneField(Gift, on_delete=models.PROTECT, related_name="cash_collection")
    held_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    amount_ore = models.BigIntegerField()
    counters_sealed = models.BinaryField()
    slip = models.CharField(max_length=60, help_text=_("The number or mark on the paper slip."))
    line = models.ForeignKey(Match, null=True, on_delete=models.PROTECT, related_name="collections")
    deposit_ref = models.CharField(max_length=80, null=True, unique=True)
    deposited_on = models.DateField(null=True)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "slip"], name="collection_slip_once"),
            CheckConstraint(condition=Q(amount_ore__gt=0), name="collection_above_zero"),
            CheckConstraint(condition=~Q(place="") & ~Q(slip=""), name="collection_has_place"),
        ]


class WithinParty(models.Model):
    """An organisation among the donors that is of the party or a side organisation of it."""

    donor = models.OneToOneField(
        Donor, on_delete=models.PROTECT, primary_key=True, related_name="within_party"
    )
    marked_by = models.CharField(max_length=60)
    marked_at = models.DateTimeField()


class YearFacts(models.Model):
    """What 25 § asks of an entity in a year: does it always file, and how many members has it."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="party_years")
    year = models.PositiveSmallIntegerField()
    always_files = models.BooleanField(default=True)
    members = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["entity", "year"], name="year_facts_once")]
