from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mailings.appeals.models.appeal import Appeal


class Fate(models.Model):
    """What became of one message: when each thing was first true of it, and nothing else.

    A set of facts, never a "last status": the earliest time of each stands, so that events may come
    twice, late and in any order. `human_…` and `machine_…` are a judgement over all visits and
    opens of the message, made anew when one more is known; they decide nothing. Without foreign
    keys, as messages are. Written through `services/fates.py` alone.
    """

    pk = models.CompositePrimaryKey("appeal_id", "seq")
    appeal = models.ForeignKey(
        Appeal, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    seq = models.PositiveIntegerField()
    content_id = models.BigIntegerField(null=True, help_text=_("Whose words it was."))
    processed_at = models.DateTimeField(null=True)
    deferred_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)
    unsubscribed_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    human_click_at = models.DateTimeField(null=True)
    machine_click_at = models.DateTimeField(null=True)
    human_open_at = models.DateTimeField(null=True)
    machine_open_at = models.DateTimeField(null=True)
    bounce_class = models.CharField(max_length=12, blank=True, help_text=_("Why it came back."))
    block_class = models.CharField(max_length=12, blank=True, help_text=_("Why it was refused."))
    drop_reason = models.CharField(max_length=12, blank=True)
    click_confidence = models.CharField(
        max_length=6, blank=True, help_text=_("How sure the human click is: low, medium, high.")
    )

    class Meta:
        indexes = [
            # The rows behind a number, where they are few.
            models.Index(
                fields=["appeal", "seq"],
                condition=models.Q(bounced_at__isnull=False)
                | models.Q(blocked_at__isnull=False)
                | models.Q(dropped_at__isnull=False)
                | models.Q(complained_at__isnull=False)
                | models.Q(unsubscribed_at__isnull=False)
                | models.Q(replied_at__isnull=False),
                name="fate_trouble",
            ),
            models.Index(
                fields=["appeal", "human_click_at"],
                condition=models.Q(human_click_at__isnull=False),
                name="fate_human_click",
            ),
        ]


class FateCount(models.Model):
    """How many messages of an appeal's content a fact was first true of in an hour.

    Moved by a trigger on `Fate`, by rows that really changed: the figures of a million messages are
    a handful of rows.
    """

    pk = models.CompositePrimaryKey("appeal_id", "content_id", "fact", "hour")
    appeal = models.ForeignKey(
        Appeal, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    content_id = models.BigIntegerField(help_text=_("0: not known."))
    fact = models.CharField(max_length=13)
    hour = models.DateTimeField()
    messages = models.IntegerField()
