"""What came back, as it came; what it means for a message is `appeals.Fate`."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _


class EventPost(models.Model):
    """One post of the sender's: the raw bytes, sealed, and whether they were worked on.

    Times are real time. Nothing points here, and nothing is read from here but by the parser: it is
    deleted when `keep_until` has passed.
    """

    class State(models.TextChoices):
        STORED = "stored", _("Waits")
        DONE = "done", _("Worked on")
        PARKED = "parked", _("Can't be read")

    account = models.CharField(max_length=40)
    sha256 = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.STORED)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    events = models.PositiveIntegerField(null=True, help_text=_("How many it holds."))
    strange = models.PositiveIntegerField(
        default=0, help_text=_("Of those: of a kind nobody knows, or not readable.")
    )
    received_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    keep_until = models.DateField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state__in=["stored", "done", "parked"]), name="event_post_state_known"
            ),
            CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | ~Q(state="done") & Q(done_at=None),
                name="event_post_done_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], condition=Q(state="stored"), name="event_post_waits"
            ),
            models.Index(fields=["keep_until"], name="event_post_ends"),
        ]


class MailEvent(models.Model):
    """One event, once by the sender's id (its hash is the key), without any address.

    The sender may tell one event again under another id: what counts is the fate, which such a twin
    does not change. `appeal_id` and `seq` are empty for mail that follows from one event and for
    what could not be tied to a message.
    """

    class Kind(models.TextChoices):
        PROCESSED = "processed", _("Taken over by the sender")
        DEFERRED = "deferred", _("Put off by the receiver's host")
        DELIVERED = "delivered", _("Delivered")
        BOUNCED = "bounced", _("Came back")
        BLOCKED = "blocked", _("Refused by the receiver's host")
        DROPPED = "dropped", _("Left out by the sender")
        COMPLAINED = "complained", _("Called spam")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        RESUBSCRIBED = "resubscribed", _("Took an unsubscription back")
        OPEN = "open", _("Opened")
        CLICK = "click", _("Clicked")
        STRANGE = "strange", _("Of a kind nobody knows")

    id = models.UUIDField(primary_key=True, editable=False)
    appeal_id = models.BigIntegerField(null=True)
    seq = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    code = models.CharField(max_length=12, blank=True, help_text=_("Why, or whose machine."))
    link = models.PositiveSmallIntegerField(null=True)
    mail = models.UUIDField(null=True, help_text=_("Of a mail about one event: its name."))
    post_id = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["appeal_id", "seq"],
                condition=Q(kind__in=["open", "click"]),
                name="mail_event_visits",
            ),
            models.Index(
                fields=["mail"], condition=Q(mail__isnull=False), name="mail_event_of_mail"
            ),
            models.Index(fields=["at"], name="mail_event_by_time"),
        ]


class Arrival(models.Model):
    """Somebody or something came through a link of an appeal's mail; nothing else follows from it.

    `seq` 0: a link that names the appeal alone. What asked is kept as a code (`sign`), never its
    address or its words.
    """

    appeal_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    extra = models.PositiveSmallIntegerField(default=0, help_text=_("Whose words; of the token."))
    link = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    beacon = models.BooleanField(
        default=False, help_text=_("Our page was shown and said so: a browser that runs scripts.")
    )
    sign = models.CharField(max_length=12, blank=True, help_text=_("What gives a machine away."))

    class Meta:
        indexes = [models.Index(fields=["appeal_id", "seq", "at"], name="arrival_of_message")]


class ToJudge(models.Model):
    """A message of which something more is known; gone when its visits are judged anew."""

    appeal_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
