"""A charity's own tables: control statements as they were filed, costs, and money used."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise.campaigns.models import Fund
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class SpecificationNumber(models.Model):
    """The number (570) of a giver's statement: a correction with it replaces the right one."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "donor"], name="specification_once_per_donor"),
            UniqueConstraint(fields=["entity", "number"], name="specification_number_once"),
            CheckConstraint(condition=Q(number__gt=0), name="specification_from_one"),
        ]


class ControlList(models.Model):
    """One version of a year's list of control statements (KU65), as it was filed."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="control_lists")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    total_kronor = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "year", "version"], name="control_list_once"),
        ]


class ControlRow(models.Model):
    """One giver's statement; the identity number stays with the donor, sealed."""

    list = models.ForeignKey(ControlList, on_delete=models.PROTECT, related_name="rows")
    specification = models.PositiveIntegerField()
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="+")
    kronor = models.BigIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["list", "specification"], name="control_row_once"),
            CheckConstraint(condition=Q(kronor__gt=0), name="control_row_above_zero"),
        ]


class ControlLeftOut(models.Model):
    """A giver without a statement in a version: too young for gifts to lower the tax."""

    list = models.ForeignKey(ControlList, on_delete=models.PROTECT, related_name="left_out")
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["list", "donor"], name="control_left_out_once")]


class NumberAsk(models.Model):
    """A giver was asked, once a year, for the number that a control statement wants."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="number_asks")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    declined = models.BooleanField(default=False, help_text=_("Wants no control statement."))

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "year", "donor"], name="number_asked_once_a_year"),
            CheckConstraint(
                condition=Q(declined=False) | Q(answered_at__isnull=False),
                name="number_ask_declined_is_answered",
            ),
        ]


class InReturn(models.Model):
    """What a giver got for one gift, such as a dinner: its value lowers nobody's tax."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="in_return")
    value_ore = models.BigIntegerField()
    what = models.CharField(max_length=120)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["gift"], condition=Q(withdrawn_at=None), name="in_return_once_per_gift"
            ),
            CheckConstraint(condition=Q(value_ore__gt=0), name="in_return_above_zero"),
            CheckConstraint(condition=~Q(what=""), name="in_return_says_what"),
        ]


class Cost(models.Model):
    """What fundraising or administration cost beside the fees in our books."""

    class Kind(models.TextChoices):
        FUNDRAISING = "fundraising", _("Fundraising")
        ADMINISTRATION = "administration", _("Administration")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="charity_costs")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=14, choices=Kind.choices)
    amount_ore = models.BigIntegerField()
    source = models.CharField(max_length=120)
    voucher = models.CharField(max_length=60)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(amount_ore__gt=0), name="charity_cost_above_zero"),
        ]


class FundSpend(models.Model):
    """Money used for a fund, with the voucher that shows it."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="spent")
    spent_on = models.DateField()
    amount_ore = models.BigIntegerField()
    voucher = models.CharField(max_length=60)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(amount_ore__gt=0), name="fund_spend_above_zero"),
        ]
