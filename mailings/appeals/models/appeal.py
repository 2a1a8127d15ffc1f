from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.campaigns.models import Campaign
from fundraise.refs import new_ref
from fundraise.states import Transition


class Appeal(models.Model):
    """One ask to one audience, with a source of its own: a mail, or a file of letters.

    Until it is scheduled everything may change; from then on the words, the people and the options
    stand as they were approved, and `criteria` keeps what chose the people.
    """

    class Kind(models.TextChoices):
        MAIL = "mail", _("Mail")
        LETTER = "letter", _("Letter")
        JOURNEY = "journey", _("Step of a journey")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        PREPARING = "preparing", _("Being prepared")
        SENDING = "sending", _("Being sent")
        PAUSED = "paused", _("Paused")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="appeals")
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.MAIL)
    title = models.CharField(max_length=90, help_text=_("For staff; no receiver sees it."))
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    purpose = models.CharField(max_length=40, default="appeals", help_text=_("A legal basis."))
    # Who gets it: a version of a segment, or the frozen people of an earlier appeal.
    segment_version = models.ForeignKey(
        "segments.SegmentVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    people_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="reminders"
    )
    criteria = models.JSONField(
        default=dict, help_text=_("What chose the people, as it was when they were frozen.")
    )
    without_recent_days = models.PositiveSmallIntegerField(
        default=14, help_text=_("Leave out who gave to the campaign in so many days; 0: nobody.")
    )
    without_monthly = models.BooleanField(
        default=True, help_text=_("Leave out who gives every month.")
    )
    drop_givers = models.BooleanField(
        default=True, help_text=_("Leave out who gives before the mail leaves.")
    )
    holdout_percent = models.PositiveSmallIntegerField(
        default=0, help_text=_("So many of a hundred get nothing, to measure what the appeal adds.")
    )
    # When: the clock on the wall that was chosen, its zone, and the instant it means.
    zone = models.CharField(max_length=40, default="Europe/Stockholm")
    local_time = models.CharField(max_length=16, blank=True, help_text=_("2026-12-01T18:03"))
    send_at = models.DateTimeField(null=True)
    cool_off_until = models.DateTimeField(null=True, help_text=_("Nothing leaves before."))
    quiet_reason = models.CharField(
        max_length=200, blank=True, help_text=_("Why it may be sent in quiet hours.")
    )
    priority = models.PositiveSmallIntegerField(
        default=5, help_text=_("1 goes first, also where a person may not get more mail.")
    )
    ignores_cap = models.BooleanField(default=False)
    first_wave = models.PositiveIntegerField(
        default=2000, help_text=_("People in the first wave at least; 0: all at once.")
    )
    # Two people: above a set size, and in quiet hours.
    needs_second = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=60, blank=True)
    approved_by = models.CharField(max_length=60, blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="copies"
    )
    edition = models.PositiveIntegerField(
        default=1, help_text=_("Counts saves, so that two open pages don't overwrite each other.")
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)
    scheduled_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    prepared_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    paused_for = models.CharField(max_length=40, blank=True, help_text=_("A code: who or what."))
    frozen = models.PositiveIntegerField(default=0, help_text=_("People in the frozen list."))

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(
                    state__in=[
                        "draft", "scheduled", "preparing", "sending", "paused", "finished",
                        "cancelled",
                    ]
                ),
                name="appeal_state_known",
            ),
            CheckConstraint(
                condition=Q(kind__in=["mail", "letter", "journey"]), name="appeal_kind_known"
            ),
            CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | Q(send_at__isnull=False, scheduled_at__isnull=False) & ~Q(local_time=""),
                name="appeal_scheduled_has_zone_and_instant",
            ),
            CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("asked_by")),
                name="appeal_second_person_is_another",
            ),
            CheckConstraint(
                condition=Q(needs_second=False)
                | ~Q(approved_by="")
                | Q(state__in=["draft", "scheduled", "cancelled"]),
                name="appeal_leaves_after_the_second_person",
            ),
            CheckConstraint(
                condition=Q(state__in=["finished", "cancelled"], ended_at__isnull=False)
                | ~Q(state__in=["finished", "cancelled"]) & Q(ended_at=None),
                name="appeal_ended_has_time",
            ),
            CheckConstraint(
                condition=~Q(state__in=["sending", "finished"])
                | Q(frozen_at__isnull=False, prepared_at__isnull=False),
                name="appeal_sent_was_prepared",
            ),
            CheckConstraint(condition=Q(holdout_percent__lte=50), name="appeal_holdout_is_a_part"),
            CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=9), name="appeal_priority_one_to_nine"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "send_at"], name="appeal_due"),
            models.Index(fields=["campaign", "created_at"], name="appeal_of_campaign"),
        ]

    def __str__(self) -> str:
        return self.title


class AppealTransition(Transition):
    """One step of an appeal, by whom and why."""

    subject_field = "appeal"
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="transitions")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["appeal", "to_state", "event_id"],
                condition=~Q(event_id=""),
                name="appeal_transition_once_per_event",
            ),
        ]


class Variant(models.Model):
    """One version under test: A alone where nothing is tested."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="variants")
    letter = models.CharField(max_length=1)
    share = models.PositiveSmallIntegerField(default=1, help_text=_("Parts of the whole."))

    class Meta:
        constraints = [
            UniqueConstraint(fields=["appeal", "letter"], name="variant_letter_once"),
            CheckConstraint(condition=Q(letter__in=["A", "B", "C", "D"]), name="variant_a_to_d"),
        ]

    def __str__(self) -> str:
        return self.letter


class Content(models.Model):
    """A variant's words in one language: what was written, and what it was compiled to.

    `html`, `text` and `subject` of the compiled form hold tags `-fr_<name>-`; `tags` is their
    order in every message's values. Frozen with the appeal (the database refuses a change).
    """

    class Language(models.TextChoices):
        SWEDISH = "sv", _("Swedish")
        ENGLISH = "en", _("English")

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="contents")
    language = models.CharField(max_length=2, choices=Language.choices)
    subject = models.CharField(max_length=150, blank=True)
    preheader = models.CharField(max_length=150, blank=True)
    blocks = models.JSONField(default=list)
    text_edited = models.TextField(blank=True, help_text=_("Empty: made from the blocks."))
    text_basis = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of the made text that was edited.")
    )
    from_name = models.CharField(max_length=70, blank=True)
    from_email = models.CharField(max_length=254, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    edition = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)
    # Compiled at save, once for everybody.
    compiled_subject = models.TextField(blank=True)
    compiled_html = models.TextField(blank=True)
    compiled_text = models.TextField(blank=True)
    tags = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    compiled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["variant", "language"], name="content_once_per_language"),
            CheckConstraint(condition=Q(language__in=["sv", "en"]), name="content_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.language}"


class Link(models.Model):
    """Where link n of a content leads. Mails hold our own address; the target may be mended."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="links")
    number = models.PositiveSmallIntegerField()
    target = models.URLField(max_length=2000)
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["content", "number"], name="link_number_once"),
            CheckConstraint(condition=Q(number__gte=1), name="link_numbers_begin_at_one"),
        ]
