from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from mailings import tokens
from mailings.appeals.models.appeal import Appeal, Content

CHUNK = 10_000  # people at most; a batch stands within one


class Chunk(models.Model):
    """A part of the frozen list, in sending order: what is prepared in one transaction."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    first_seq = models.PositiveIntegerField(help_text=_("The number of its first message."))
    donor_ids = ArrayField(models.BigIntegerField())
    # Those whose address somebody else on the list had too when it was frozen.
    sharing = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    # Whether these people agreed to be chosen and asked by what we know of them.
    targeted = models.BooleanField(default=False)
    prepared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["appeal", "number"], name="chunk_once_per_appeal"),
        ]
        indexes = [
            models.Index(
                fields=["appeal", "number"], condition=Q(prepared_at=None), name="chunk_waiting"
            )
        ]


class Wave(models.Model):
    """A part of an appeal that is let go at once, and what the gate before the next one saw."""

    class State(models.TextChoices):
        HELD = "held", _("Waits")
        RELEASED = "released", _("Let go")
        STOPPED = "stopped", _("Stopped at the gate")

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="waves")
    number = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=60, blank=True)
    seen = models.JSONField(default=dict, help_text=_("The rates that the gate judged by."))
    excused = models.JSONField(
        default=dict,
        db_default={},
        help_text=_("The figures that a person looked at who let it go on after the gate's stop."),
    )
    recall_id = models.CharField(
        max_length=80, blank=True, help_text=_("Under which the sender can throw it away.")
    )

    class Meta:
        constraints = [
            UniqueConstraint(fields=["appeal", "number"], name="wave_once_per_appeal"),
            CheckConstraint(
                condition=Q(state__in=["held", "released", "stopped"]), name="wave_state_known"
            ),
        ]


class Batch(models.Model):
    """One request to the sender: at most a thousand people with one content and one kind of host.

    Times are real time. `fence` is drawn anew for every try: an answer that comes to an older try
    changes nothing.
    """

    class State(models.TextChoices):
        HELD = "held", _("Waits for its wave")
        READY = "ready", _("To be sent")
        POSTING = "posting", _("Being sent")
        ACCEPTED = "accepted", _("Taken over by the sender")
        REFUSED = "refused", _("Refused by the sender")
        IN_DOUBT = "in_doubt", _("In doubt")
        SPLIT = "split", _("Split in two")
        CANCELLED = "cancelled", _("Cancelled")

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="batches")
    wave = models.ForeignKey(Wave, null=True, on_delete=models.PROTECT, related_name="batches")
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="halves")
    family = models.CharField(max_length=12, help_text=_("gmail, microsoft, yahoo, apple, other"))
    first_seq = models.PositiveIntegerField(help_text=_("Its place in the sending order."))
    people = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.HELD)
    not_before = models.DateTimeField(null=True)
    fence = models.UUIDField(null=True, unique=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sender = models.CharField(max_length=20, blank=True)
    recall_id = models.CharField(max_length=80, blank=True, help_text=_("The sender's batch id."))
    send_at = models.DateTimeField(null=True, help_text=_("Until when the sender holds it."))
    reference = models.CharField(max_length=120, blank=True, help_text=_("The sender's name."))
    posted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    noted_at = models.DateTimeField(null=True, help_text=_("When its people were noted as mailed."))
    sent = models.PositiveIntegerField(
        default=0, help_text=_("People in the request, after those left out at the last look.")
    )

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(
                    state__in=[
                        "held", "ready", "posting", "accepted", "refused", "in_doubt", "split",
                        "cancelled",
                    ]
                ),
                name="batch_state_known",
            ),
            CheckConstraint(
                condition=~Q(state="posting")
                | Q(fence__isnull=False, lease_until__isnull=False, posted_at__isnull=False),
                name="batch_posting_has_a_lease",
            ),
            CheckConstraint(condition=Q(people__lte=1000), name="batch_at_most_a_thousand"),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["appeal", "first_seq"], condition=Q(state="ready"), name="batch_ready"
            ),
            models.Index(fields=["lease_until"], condition=Q(state="posting"), name="batch_leases"),
            models.Index(fields=["appeal", "state"], name="batch_by_state"),
            models.Index(
                fields=["posted_at"],
                condition=Q(state="accepted", noted_at=None),
                name="batch_not_noted",
            ),
        ]


class Payload(models.Model):
    """Addresses and values of a batch's people, sealed in one body; gone some days after the end.

    The body is Brotli of a JSON list of seqs, a line break, and what `senders.packing` makes of
    each person's address and values, these in the order of the content's tags.
    """

    batch = models.OneToOneField(
        Batch, on_delete=models.PROTECT, primary_key=True, related_name="payload"
    )
    sealed = models.BinaryField()


class Message(models.Model):
    """The mail to one donor: one per appeal and donor, and one per appeal and address.

    Its name outside the house is a token of (appeal, seq). It is never deleted and changes in two
    ways only: it gets an outcome, once, when it is not sent; and a split moves it to a half.
    Without foreign keys in the database: a million rows are written at once, and neither donors,
    batches nor appeals are ever deleted.
    """

    class Outcome(models.TextChoices):
        SENT = "", _("To be sent, or sent")
        NO_ADDRESS = "no_address", _("No address")
        SHARED = "shared", _("Another person with the same address gets it")
        SUPPRESSED = "suppressed", _("The address must not be mailed")
        NO_BASIS = "no_basis", _("No legal basis")
        CAPPED = "capped", _("Has got enough mail lately")
        GAVE = "gave", _("Gave in the meantime")
        HOLDOUT = "holdout", _("Left out to compare with")
        REFUSED = "refused", _("Refused by the sender")
        CANCELLED = "cancelled", _("The appeal was cancelled")

    pk = models.CompositePrimaryKey("appeal_id", "seq")
    appeal = models.ForeignKey(
        Appeal, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    seq = models.PositiveIntegerField()
    donor_id = models.BigIntegerField()
    email_key = models.BinaryField(null=True)
    batch_id = models.BigIntegerField(null=True)
    content_id = models.BigIntegerField(null=True)
    targeted = models.BooleanField(default=False)
    tracked = models.BooleanField(
        default=False, help_text=_("Its links name the message, not the appeal alone.")
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["appeal", "donor_id"], name="message_once_per_donor"),
            UniqueConstraint(
                fields=["appeal", "email_key"],
                condition=Q(email_key__isnull=False),
                name="message_once_per_address",
            ),
            CheckConstraint(
                condition=~Q(outcome="") | Q(batch_id__isnull=False, email_key__isnull=False),
                name="message_sent_has_batch_and_address",
            ),
        ]

    @property
    def token(self) -> str:
        """What names it outside the house."""
        return tokens.make(tokens.Token(tokens.Purpose.GIVE, self.appeal_id, self.seq))


class Bucket(models.Model):
    """A token bucket that survives restarts: how many mails may leave now, in all or to a family.

    Real time. Taken from with the row locked.
    """

    name = models.CharField(max_length=40, primary_key=True)
    level = models.FloatField()
    filled_at = models.DateTimeField()
