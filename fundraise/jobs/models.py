"""What the house does by itself: scheduled jobs, their runs, alarms; the seal and the clock."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.refs import new_ref

TAKEN_UP_IN = timedelta(seconds=30)


class Job(models.Model):
    """A scheduled job as it was last seen; lateness is read from here, not from the runs."""

    name = models.CharField(max_length=60, primary_key=True)
    first_seen_at = models.DateTimeField()
    last_done_at = models.DateTimeField(null=True)


class JobRun(models.Model):
    """One run of a job. Times are real time: a played-forward clock makes no job late."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state="running", finished_at=None)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
                name="job_run_finished_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "-started_at"], name="job_run_by_name"),
            models.Index(fields=["started_at"], name="job_run_by_age"),
        ]


class Work(models.Model):
    """Long work that somebody asked for: how far it has come, and how it ended.

    A worker holds it under a lease that each step renews; `tries` fences off a worker that was
    thought dead. Arguments are codes and ids, never personal data. Times are real time.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a worker")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    kind = models.CharField(max_length=40, help_text="A key of settings.WORK.")
    asked_by = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    place = models.CharField(max_length=200, help_text="The page that shows it.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    code = models.CharField(max_length=60, blank=True, help_text="Why it failed.")
    tries = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="When who asked was shown the end.")
    once = models.BooleanField(default=False, help_text="Not beside another of the same.")

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at=None)
                | Q(state__in=["done", "failed", "stopped"], ended_at__isnull=False),
                name="work_ended_has_time",
            ),
            CheckConstraint(
                condition=~Q(state="running") | Q(leased_until__isnull=False),
                name="work_running_has_lease",
            ),
            UniqueConstraint(
                fields=["kind", "arguments"],
                condition=Q(once=True, ended_at=None),
                name="work_under_way_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["leased_until"],
                condition=Q(state__in=["waiting", "running"]),
                name="work_unended",
            ),
            models.Index(fields=["asked_by", "-created_at"], name="work_by_asker"),
        ]

    @property
    def percent(self) -> int | None:
        """How much is done, of a hundred; None while nobody knows how much there is."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def is_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.ended_at is not None

    @property
    def waits_long(self) -> bool:
        """Whether no worker has taken it up: none runs, or all are busy."""
        since = clock.real_now() - TAKEN_UP_IN
        return self.state == self.State.WAITING and self.created_at < since

    @property
    def lost_its_worker(self) -> bool:
        """Whether the worker that had it is gone; another takes it up."""
        until = self.leased_until
        running = self.state == self.State.RUNNING
        return running and until is not None and until < clock.real_now()

    @property
    def is_left_lying(self) -> bool:
        """Whether nobody does it, though somebody should."""
        return self.waits_long or self.lost_its_worker


class Alarm(models.Model):
    """Something that a person must look at; open until what raised it is well again."""

    code = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    text = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["code", "subject"],
                condition=Q(resolved_at=None),
                name="alarm_open_once",
            ),
        ]


class EnvironmentSeal(models.Model):
    """The mode and address that this database belongs to (fundraise/seal.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mode = models.CharField(max_length=4)
    base_url = models.CharField(max_length=200)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(id=1), name="environment_seal_one_row"),
            CheckConstraint(
                condition=Q(mode__in=["demo", "test", "live"]), name="environment_seal_mode_known"
            ),
        ]


class HouseOpening(models.Model):
    """That somebody opened the house for live gifts at an address, and how each line stood then.

    Written once, read by fundraise/seal.py. An opened house stays open: closing is the kill switch.
    """

    base_url = models.CharField(max_length=200, unique=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=100)
    lines = models.JSONField(help_text="Each line of the go-live page: green, or signed.")


class ClockOffset(models.Model):
    """How far the product's clock is ahead of real time in demo and test mode."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [CheckConstraint(condition=Q(id=1), name="clock_offset_one_row")]
