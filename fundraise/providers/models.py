"""Those who move the money: accounts, attempts, their events, payouts and balance lines."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Collection, Mandate, Pledge
from fundraise.refs import new_ref

CODE = r"^[a-z0-9_]*$"  # a provider's code: no words, and nothing of a person


class Account(models.Model):
    """An account with a provider, owned by a legal entity. Secrets stay in the environment."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="accounts_with")
    provider = models.CharField(max_length=20, help_text=_("A key of settings.PROVIDERS."))
    slug = models.SlugField(max_length=40, help_text=_("Stands in the webhook's address."))
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True, help_text=_("Takes new gifts."))
    settings_prefix = models.CharField(
        max_length=40, blank=True, help_text=_("STRIPE reads STRIPE_SECRET_KEY and its kin.")
    )
    external_id = models.CharField(
        max_length=60,
        blank=True,
        help_text=_("acct_… at Stripe, the number at Swish, the giro number of gifts by hand."),
    )
    livemode = models.BooleanField(default=False)
    pulled_until = models.DateTimeField(null=True, help_text=_("How far the nightly pull came."))

    class Meta:
        constraints = [
            UniqueConstraint(fields=["provider", "slug"], name="provider_account_slug_once"),
            UniqueConstraint(
                fields=["entity", "provider"],
                condition=Q(is_active=True),
                name="provider_account_one_takes_gifts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Attempt(models.Model):
    """One try to collect a gift; the key is stored before the provider is called."""

    class State(models.TextChoices):
        CREATED = "created", _("Created")
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        CLOSED = "closed", _("Closed")

    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="attempts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="attempts")
    pledge = models.ForeignKey(
        Pledge,
        null=True,
        on_delete=models.PROTECT,
        related_name="attempts",
        help_text=_("Whose first gift it is: the card is saved for the next ones."),
    )
    number = models.PositiveSmallIntegerField()
    idempotency_key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.CREATED)
    request = models.BinaryField(
        help_text=_("What was asked, sealed: the same key, the same words.")
    )
    session_id = models.CharField(max_length=120, null=True, unique=True)
    intent_id = models.CharField(max_length=120, null=True, unique=True)
    url = models.TextField(blank=True, help_text=_("Where the giver pays."))
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, help_text=_("When the provider was last asked."))
    expires_at = models.DateTimeField(null=True)
    declines = models.PositiveSmallIntegerField(default=0)
    last_decline = models.CharField(
        max_length=60,
        blank=True,
        db_default="",
        help_text=_("The provider's code of the last decline: for staff, never shown to givers."),
    )
    suspect = models.BooleanField(
        default=False, help_text=_("Declined as fraud, or during an attack: no real giver's no.")
    )

    class Meta:
        constraints = [
            UniqueConstraint(fields=["gift", "number"], name="attempt_number_once_per_gift"),
            UniqueConstraint(
                fields=["gift"],
                condition=Q(state__in=["created", "open"]),
                name="attempt_one_open_per_gift",
            ),
            CheckConstraint(
                condition=~Q(state="open") | Q(session_id__isnull=False),
                name="attempt_open_has_session",
            ),
            CheckConstraint(
                condition=Q(last_decline__regex=CODE), name="attempt_decline_is_a_code"
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"])]


class KeptCard(models.Model):
    """Where a mandate's card is kept: the account whose customer it belongs to."""

    mandate = models.OneToOneField(
        Mandate, on_delete=models.PROTECT, primary_key=True, related_name="kept_card"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="kept_cards")
    warned_of = models.DateField(
        null=True, help_text=_("The expiry that the donor was told of beforehand.")
    )
    forgotten_at = models.DateTimeField(
        null=True, help_text=_("When the provider was asked to forget the payer, and had.")
    )


class CardPage(models.Model):
    """The provider's page about a pledge's card: a new one, or a draw that its bank asks about.

    `request` is what was asked, with refs and no person: the same key, the same words.
    """

    class State(models.TextChoices):
        CREATED = "created", _("Created")
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CLOSED = "closed", _("Closed")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="card_pages")
    collection = models.ForeignKey(
        Collection,
        null=True,
        on_delete=models.PROTECT,
        related_name="card_pages",
        help_text=_("The draw that is paid on it; empty for a page that only saves a card."),
    )
    also = models.ManyToManyField(
        Pledge, related_name="+", help_text=_("Other pledges of the donor that follow.")
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="card_pages")
    idempotency_key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.CREATED)
    request = models.JSONField()
    session_id = models.CharField(max_length=120, null=True, unique=True)
    url = models.TextField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    declines = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["pledge", "collection"],
                condition=Q(state__in=["created", "open"]),
                nulls_distinct=False,
                name="card_page_one_open",
            ),
            CheckConstraint(
                condition=~Q(state="open") | Q(session_id__isnull=False),
                name="card_page_open_has_session",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"])]


class Pause(models.Model):
    """Card gifts closed by staff: of one account, or of the whole house (no account)."""

    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=200)
    paused_at = models.DateTimeField()
    paused_by = models.CharField(max_length=100)
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["account"],
                condition=Q(resumed_at=None),
                nulls_distinct=False,
                name="provider_pause_open_once",
            ),
            CheckConstraint(condition=~Q(reason=""), name="provider_pause_has_reason"),
            CheckConstraint(
                condition=Q(resumed_at=None, resumed_by="")
                | Q(resumed_at__isnull=False) & ~Q(resumed_by=""),
                name="provider_pause_end_is_named",
            ),
        ]


class ProviderEvent(models.Model):
    """What a provider told us, as it came (sealed), once. Nothing has a foreign key to it."""

    class State(models.TextChoices):
        STORED = "stored", _("Stored")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Not for us")
        FAILED = "failed", _("Needs a person")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="events")
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120, blank=True)
    body = models.BinaryField(help_text=_("Raw bytes, sealed with a key of their own."))
    sha256 = models.BinaryField(max_length=32)
    via = models.CharField(max_length=8, default="webhook", help_text=_("webhook or pull"))
    state = models.CharField(max_length=7, choices=State.choices, default=State.STORED)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    keep_until = models.DateField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["account", "event_id"], name="provider_event_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="stored"), name="provider_event_waiting"
            ),
            models.Index(fields=["keep_until"]),
        ]


class Payout(models.Model):
    """What a provider sends to the bank in one sum (below zero when it draws from the bank)."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payouts")
    provider_ref = models.CharField(max_length=120, unique=True)
    amount_ore = models.BigIntegerField()
    state = models.CharField(max_length=12)
    arrives_on = models.DateField()
    trace_id = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    failure_code = models.CharField(
        max_length=60, blank=True, db_default="", help_text=_("Why it failed, in its words.")
    )
    lines_complete = models.BooleanField(default=False)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(failure_code__regex=CODE), name="payout_failure_is_a_code"),
        ]


class BalanceLine(models.Model):
    """One line of a provider's balance (Stripe: balance transaction), kept once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="balance_lines")
    provider_ref = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40, help_text=_("Stripe's reporting category."))
    amount_ore = models.BigIntegerField()
    fee_ore = models.BigIntegerField()
    source_id = models.CharField(max_length=120, blank=True)
    payout = models.ForeignKey(
        Payout, null=True, on_delete=models.PROTECT, related_name="balance_lines"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["account", "source_id"],
                condition=Q(kind="payout") & ~Q(source_id=""),
                name="balance_line_payout_once",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "created_at"]),
            models.Index(
                fields=["source_id"], condition=~Q(source_id=""), name="balance_line_by_source"
            ),
        ]

    @property
    def net_ore(self) -> int:
        """What the line did to the balance."""
        return self.amount_ore - self.fee_ore


class BalanceSnapshot(models.Model):
    """What a provider said our balance was, and when it was asked."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="snapshots")
    at = models.DateTimeField()
    balance_ore = models.BigIntegerField(help_text=_("Available and pending together."))
    last_line = models.CharField(max_length=120, blank=True)
