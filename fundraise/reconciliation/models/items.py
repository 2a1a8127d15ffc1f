"""What is matched: one payer's money within a line, and what it was matched to."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.models import Journal, LegalEntity
from fundraise.providers.giro.models import Deposit
from fundraise.providers.models import Payout
from fundraise.reconciliation.models.accounts import BankAccount
from fundraise.reconciliation.models.files import Line, Statement
from fundraise.reconciliation.models.kinds import Kind
from fundraise.reconciliation.models.rules import RuleVersion
from fundraise.refs import new_ref


class Item(models.Model):
    """The smallest sum that is one event. A line without parts is one item; a batch has many.

    An item of a file of details alone (camt.054) has no line until its statement comes. A split
    item keeps its parts (`part_of`), which together are its sum; only items without parts are
    matched. Parts that were joined again stay and count no more. `said` is sealed with the file's
    key: payer, message. `payer_key` is the keyed hash of the payer's account or phone, by which an
    alias is found.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not looked at")
        MATCHED = "matched", _("Matched")
        SUGGESTED = "suggested", _("Suggested")
        UNKNOWN = "unknown", _("Unknown")
        SPLIT = "split", _("Split")
        JOINED = "joined", _("Joined again")

    # Their sum is told by other items: a whole's by its parts, a joined part's by its whole.
    TOLD_BY_OTHERS = (State.SPLIT, State.JOINED)

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="items")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="items")
    line = models.ForeignKey(Line, null=True, on_delete=models.PROTECT, related_name="items")
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    batch_ref = models.CharField(
        max_length=80, blank=True, help_text="The bank's name for the line it belongs to."
    )
    at = models.CharField(max_length=40)
    booked_on = models.DateField()
    amount_ore = models.BigIntegerField()
    bank_ref = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=40, blank=True, help_text="OCR or message code.")
    code = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=16, default="bank", help_text=_("How it was paid."))
    is_return = models.BooleanField(default=False)
    said = models.BinaryField(null=True, help_text="Payer and message, sealed.")
    payer_key = models.BinaryField(max_length=80, null=True)
    payer_country = models.CharField(
        max_length=2, blank=True, help_text="Of the payer's address, two letters."
    )
    account_country = models.CharField(
        max_length=2, blank=True, default="", db_default="",
        help_text="Of the payer's account, two letters.",
    )  # fmt: skip
    fingerprint = models.BinaryField(max_length=16)
    nth = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.NEW)
    suspense_journal = models.OneToOneField(
        Journal, null=True, on_delete=models.PROTECT, related_name="parked_item"
    )
    parked = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("How often it was put into suspense.")
    )
    note = models.CharField(max_length=200, blank=True, help_text="Staff's, about no person.")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["account", "fingerprint", "nth"], name="item_once"),
            CheckConstraint(condition=~Q(amount_ore=0), name="item_moves_money"),
            CheckConstraint(
                condition=~Q(state="joined") | Q(part_of__isnull=False, suspense_journal=None),
                name="item_joined_is_a_part_and_lies_nowhere",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "booked_on"], name="item_by_day"),
            models.Index(
                fields=["account", "state", "booked_on"],
                condition=Q(state__in=["new", "suggested", "unknown"]),
                name="item_open",
            ),
            models.Index(
                fields=["account", "batch_ref"],
                condition=Q(line=None) & ~Q(batch_ref=""),
                name="item_without_line",
            ),
            models.Index(
                fields=["payer_key"], condition=Q(payer_key__isnull=False), name="item_by_payer"
            ),
            models.Index(fields=["bank_ref"], condition=~Q(bank_ref=""), name="item_by_bank_ref"),
        ]


class Match(models.Model):
    """What an item is, by a rule or a person; a suggestion until it is taken.

    Nothing is changed afterwards: an undone match stays with who and why, and its journal is
    reversed. `evidence` holds codes and sums ("ocr", "amount", "alias"), nothing of a person.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        STANDS = "stands", _("Stands")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Undone")
        STALE = "stale", _("No longer true")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="matches")
    state = models.CharField(max_length=9, choices=State.choices)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    rule = models.ForeignKey(
        RuleVersion, null=True, on_delete=models.PROTECT, related_name="matches"
    )
    evidence = models.JSONField(default=dict)
    donor = models.ForeignKey(Donor, null=True, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    entity = models.ForeignKey(
        LegalEntity,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose money it is, where it is another's than the account's.",
    )
    gift = models.ForeignKey(Gift, null=True, on_delete=models.PROTECT, related_name="bank_matches")
    makes_gift = models.BooleanField(default=False, help_text="The gift was made by the match.")
    payout = models.ForeignKey(
        Payout, null=True, on_delete=models.PROTECT, related_name="bank_matches"
    )
    deposit = models.ForeignKey(
        Deposit, null=True, on_delete=models.PROTECT, related_name="bank_matches"
    )
    refund = models.ForeignKey(
        Refund, null=True, on_delete=models.PROTECT, related_name="bank_matches"
    )
    other_item = models.ForeignKey(
        Item, null=True, on_delete=models.PROTECT, related_name="+", help_text="Own transfer."
    )
    journal = models.OneToOneField(
        Journal, null=True, on_delete=models.PROTECT, related_name="match"
    )
    why = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            UniqueConstraint(
                fields=["item"], condition=Q(state="stands"), name="match_one_stands_per_item"
            ),
            UniqueConstraint(
                fields=["gift"],
                condition=Q(state="stands", kind="gift", gift__isnull=False),
                name="match_gift_has_one_item",
            ),
            UniqueConstraint(
                fields=["refund"],
                condition=Q(state="stands", kind="refund", refund__isnull=False),
                name="match_refund_has_one_item",
            ),
            CheckConstraint(
                condition=Q(state__in=["suggested", "stands"], ended_at=None)
                | Q(state__in=["refused", "undone", "stale"], ended_at__isnull=False),
                name="match_ended_is_named",
            ),
            CheckConstraint(
                condition=~Q(kind="payout") | Q(payout__isnull=False), name="match_payout_named"
            ),
            CheckConstraint(
                condition=~Q(kind="autogiro") | Q(deposit__isnull=False),
                name="match_deposit_named",
            ),
            CheckConstraint(
                condition=Q(other_item=None) | ~Q(other_item=F("item")),
                name="match_two_items",
            ),
        ]
        indexes = [
            models.Index(fields=["item", "state"], name="match_by_item"),
            models.Index(fields=["payout"], condition=Q(payout__isnull=False), name="match_payout"),
            models.Index(
                fields=["deposit"], condition=Q(deposit__isnull=False), name="match_deposit"
            ),
            models.Index(
                fields=["made_at"], condition=Q(state="suggested"), name="match_suggested"
            ),
            models.Index(
                fields=["kind", "made_at"],
                condition=Q(state="stands") & ~Q(kind="gift"),
                name="match_of_kind",
            ),
        ]
