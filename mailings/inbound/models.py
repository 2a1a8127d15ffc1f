"""Mail that comes in: kept as it came, and what of it waits for a person."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise.refs import new_ref


class InboundMail(models.Model):
    """One post of a mail to us: the raw bytes sealed, and what became of it. Real time."""

    class State(models.TextChoices):
        STORED = "stored", _("Waits")
        DONE = "done", _("Worked on")
        PARKED = "parked", _("Can't be read")

    class Sort(models.TextChoices):
        """What it was, once it has been read."""

        REPLY = "reply", _("Written by a person")
        UNSUBSCRIBE = "unsubscribe", _("An unsubscribe by mail")
        AWAY = "away", _("Answered by a machine")
        REPORT = "report", _("A mail server's report")
        OURS = "ours", _("Our own mail that came back")
        TWIN = "twin", _("Came before")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    sha256 = models.BinaryField(max_length=32, unique=True)
    letter_sha256 = models.BinaryField(max_length=32, null=True, unique=True)
    sealed = models.BinaryField(null=True)
    content_type = models.CharField(max_length=200)
    is_cut = models.BooleanField(default=False)
    state = models.CharField(max_length=6, choices=State.choices, default=State.STORED)
    sort = models.CharField(max_length=11, choices=Sort.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    keep_until = models.DateField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) & ~Q(sort="")
                | Q(state__in=["stored", "parked"], done_at=None, sort=""),
                name="inbound_mail_done_says_what_it_was",
            ),
            CheckConstraint(
                condition=Q(sealed__isnull=False) | ~Q(state="stored"),
                name="inbound_mail_forgotten_only_when_read",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="stored"), name="inbound_mail_waits"
            ),
            models.Index(
                fields=["keep_until"], condition=Q(sealed__isnull=False), name="inbound_mail_ends"
            ),
        ]


class Reply(models.Model):
    """What somebody wrote to us, for a person to read by `due_at` and act on.

    Sender, subject and text are sealed together and forgotten some time after it is closed. `donor`
    is who it seems to be from, `matched` how that was found; staff may say otherwise.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits")
        CLOSED = "closed", _("Done")
        APART = "apart", _("Set apart")

    class Hint(models.TextChoices):
        """What the words seem to ask for; decides nothing but the order."""

        DECEASED = "deceased", _("Somebody has died?")
        STOP_GIFT = "stop_gift", _("Wants to stop a gift?")
        UNSUBSCRIBE = "unsubscribe", _("Wants no more mail?")
        GAVE = "gave", _("Has given already?")
        ADDRESS = "address", _("Has a new address?")

    class Matched(models.TextChoices):
        MAIL = "mail", _("by the mail that was answered, from its own address")
        QUOTED = "quoted", _("by the mail that was answered, from another address")
        ADDRESS = "address", _("by the address")
        STAFF = "staff", _("by staff")

    class Outcome(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        STOPPED = "stopped", _("The gift was stopped")
        DECEASED = "deceased", _("The death was noted")
        GAVE = "gave", _("Has given already")
        ANSWERED = "answered", _("Answered")
        NOTHING = "nothing", _("Nothing to do")
        FORGOTTEN = "forgotten", _("Whoever wrote it was forgotten")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    mail = models.OneToOneField(InboundMail, on_delete=models.PROTECT, related_name="reply")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    hint = models.CharField(max_length=11, choices=Hint.choices, blank=True)
    words_sealed = models.BinaryField(null=True)
    email_key = models.BinaryField(null=True)
    appeal_id = models.BigIntegerField(null=True)
    seq = models.PositiveIntegerField(null=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, null=True, related_name="+")
    matched = models.CharField(max_length=7, choices=Matched.choices, blank=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                & ~Q(outcome="")
                & ~Q(closed_by="")
                | Q(state__in=["open", "apart"], closed_at=None, outcome="", closed_by=""),
                name="reply_closed_by_somebody_with_an_outcome",
            ),
            CheckConstraint(
                condition=Q(donor=None, matched="") | Q(donor__isnull=False) & ~Q(matched=""),
                name="reply_donor_says_how_it_was_found",
            ),
            CheckConstraint(
                condition=Q(appeal_id=None, seq=None)
                | Q(appeal_id__isnull=False, seq__isnull=False),
                name="reply_names_a_whole_message",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="reply_due"),
            models.Index(fields=["-at"], name="reply_by_time"),
            models.Index(
                fields=["closed_at"],
                condition=Q(words_sealed__isnull=False, state="closed"),
                name="reply_to_forget",
            ),
        ]

    def __str__(self) -> str:
        return f"reply {self.ref}"
