"""Whose books, which accounts, and the journals in them.

A journal is one numbered voucher; each entry in it names a debit account, a credit account and a
sum above zero, so that every journal balances by construction. Journals and entries are written by
one door only, the database function `ledger_post` (migration 0002), and by nothing afterwards: the
app role has no right to insert, change or delete them, and triggers refuse the owner too.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

from fundraise.refs import new_ref


class LegalEntity(models.Model):
    """Whose books they are: the party, or a district of it with books of its own."""

    class Kind(models.TextChoices):
        PARTY = "party"
        UNION = "union"
        CHARITY = "charity"

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    org_number = models.CharField(max_length=13)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PARTY)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="districts"
    )
    phone = models.CharField(max_length=30)
    email = models.EmailField()
    address = models.CharField(max_length=200, blank=True)
    statement_text = models.CharField(
        max_length=22, help_text="What the donor's bank statement will say."
    )
    tax_reduction = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "legal entities"

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """An account of an entity's books; the code finds it by role, people by number (BAS)."""

    class Role(models.TextChoices):
        BANK = "bank"
        STRIPE = "stripe"
        PAYOUT_IN_TRANSIT = "payout_in_transit"
        GIRO_CLEARING = "giro_clearing"
        CASH = "cash"
        GIFTS = "gifts"
        FEES = "fees"
        SUSPENSE = "suspense"
        REPAY = "repay"
        MEMBERSHIP = "membership"
        PUBLIC_SUPPORT = "public_support"
        SALES = "sales"
        LOTTERY = "lottery"
        LOAN = "loan"
        WITHIN_PARTY = "within_party"
        INTEREST = "interest"
        OTHER_INCOME = "other_income"
        OWN_TRANSFER = "own_transfer"
        OWED_TO_ENTITY = "owed_to_entity"
        OWED_BY_ENTITY = "owed_by_entity"
        OPENING = "opening"
        OTHER = ""  # found by its number only: a second bank account, an account of the chart

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="accounts")
    number = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "number"], name="account_number_once_per_entity"),
            UniqueConstraint(
                fields=["entity", "role"],
                condition=~Q(role=""),
                name="account_role_once_per_entity",
            ),
            CheckConstraint(
                condition=Q(number__gte=1000, number__lte=9999), name="account_number_four_digits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Dimension(models.Model):
    """What an entry is for besides its account; kind is the SIE dimension number."""

    class Kind(models.IntegerChoices):
        DISTRICT = 1
        CAMPAIGN = 6

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="dimensions")
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "kind", "code"], name="dimension_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Series(models.Model):
    """A row of journals numbered by themselves, from 1 each year."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="series")
    code = models.CharField(max_length=4)
    name = models.CharField(max_length=60)
    already_exported = models.BooleanField(
        default=False,
        help_text="Its journals stand in the bookkeeping program already: never in a 4I file.",
    )

    class Meta:
        verbose_name_plural = "series"
        constraints = [UniqueConstraint(fields=["entity", "code"], name="series_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SeriesCounter(models.Model):
    """The last number given in a series and year; locked while a number is given."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["series", "year"], name="counter_once_per_year")]


class ChainHead(models.Model):
    """The end of an entity's hash chain; its row lock puts the entity's journals in one order."""

    entity = models.OneToOneField(LegalEntity, on_delete=models.PROTECT, primary_key=True)
    position = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32, default=bytes(32))


class Period(models.Model):
    """A month of an entity's books. A month without a row is open."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"
        LOCKED = "locked"

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="periods")
    first_day = models.DateField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "first_day"], name="period_once_per_month"),
            CheckConstraint(condition=Q(first_day__day=1), name="period_begins_on_the_first"),
            CheckConstraint(
                condition=Q(state__in=["open", "closed", "locked"]), name="period_state_known"
            ),
        ]


class Journal(models.Model):
    """One numbered voucher. Three dates: when it happened, in which books' day, when written."""

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(unique=True)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT)
    series = models.ForeignKey(Series, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    event_date = models.DateField()
    accounting_date = models.DateField()
    registered_at = models.DateTimeField()
    text = models.CharField(max_length=120)
    source = models.CharField(max_length=120, help_text="kind:id of the event, once per entity")
    document = models.CharField(max_length=120, blank=True, help_text="where the raw proof lies")
    by = models.CharField(max_length=60)
    reversal_of = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    position = models.BigIntegerField(help_text="place in the entity's hash chain")
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the contents")
    hash = models.BinaryField(max_length=32, help_text="SHA-256 of the hash before and the digest")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["series", "year", "number"], name="journal_number_once"),
            UniqueConstraint(fields=["entity", "source"], name="journal_source_once"),
            UniqueConstraint(fields=["entity", "position"], name="journal_position_once"),
            CheckConstraint(condition=Q(number__gt=0), name="journal_number_from_one"),
            CheckConstraint(
                condition=Q(year=F("accounting_date__year")), name="journal_year_of_its_date"
            ),
        ]
        indexes = [models.Index(fields=["entity", "accounting_date"])]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


class Entry(models.Model):
    """One movement of a journal: so many öre from the credit account to the debit account."""

    id = models.BigAutoField(primary_key=True)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    line = models.PositiveSmallIntegerField()
    debit_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    credit_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount_ore = models.BigIntegerField()
    campaign = models.ForeignKey(Dimension, null=True, on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(Dimension, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            UniqueConstraint(fields=["journal", "line"], name="entry_line_once"),
            CheckConstraint(condition=Q(amount_ore__gt=0), name="entry_amount_above_zero"),
            CheckConstraint(
                condition=~Q(debit_account=F("credit_account")), name="entry_two_accounts"
            ),
        ]


class Checkpoint(models.Model):
    """How far a whole proof found all books in order; a limited proof begins there. Append-only."""

    made_at = models.DateTimeField()
    marks = models.JSONField(help_text="The last row number of each table of settings.PROOF_MARKS.")
    seal = models.BinaryField(max_length=32, help_text="SHA-256 of all that it says.")

    class Meta:
        constraints = [
            CheckConstraint(condition=Exact(Length("seal"), 32), name="checkpoint_seal_is_a_hash")
        ]


class CheckpointHead(models.Model):
    """An entity's last journal that a checkpoint covers, and what all journals up to it add up to.

    `sums` are rows of debit account, credit account, campaign (or null) and öre, in rising order.
    """

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="heads")
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    sums = models.JSONField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["checkpoint", "entity"], name="checkpoint_once_per_entity"),
            CheckConstraint(condition=Q(position__gt=0), name="checkpoint_holds_a_journal"),
            CheckConstraint(condition=Exact(Length("hash"), 32), name="checkpoint_hash_is_a_hash"),
        ]
