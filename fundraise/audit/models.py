"""Who changed what, and who looked. Append-only: the database refuses UPDATE, DELETE and TRUNCATE.

A line names its actor as `staff:<id>`, `key:<prefix>` (a key of the API), `system:<task>` or
`donor:<ref>`, and its subject by type and ref. It holds no personal data: names of fields that
changed, and values that are codes.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

ACTOR = r"^(staff:[A-Za-z0-9_.-]+|system:[a-z0-9_.-]+|donor:[0-9a-f-]{32,36}|key:[a-z0-9]{8})$"
DOTTED = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$"
CODE = r"^[a-z][a-z0-9_.]*$"


class ChangeLine(models.Model):
    """One change, with what was before and after it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    action = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=64)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(by__regex=ACTOR), name="change_actor_is_named"),
            models.CheckConstraint(condition=Q(action__regex=DOTTED), name="change_action_dotted"),
            models.CheckConstraint(
                condition=Q(subject_type__regex=CODE), name="change_subject_type_is_a_code"
            ),
            models.CheckConstraint(condition=~Q(subject_ref=""), name="change_has_a_subject"),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_ref", "at"], name="change_by_subject"),
            models.Index(fields=["by", "at"], name="change_by_actor"),
            models.Index(fields=["at"], name="change_by_time"),
        ]


class ReadLine(models.Model):
    """One look at records of a kind: at one of them (ref), or at many at once (a count)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=100)
    count = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(by__regex=ACTOR), name="read_actor_is_named"),
            models.CheckConstraint(
                condition=Q(subject_type__regex=CODE), name="read_subject_type_is_a_code"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="read_has_a_purpose"),
            models.CheckConstraint(condition=Q(count__gte=0), name="read_count_not_negative"),
            models.CheckConstraint(
                condition=Q(subject_ref="") | Q(count=1), name="read_of_one_counts_one"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_ref", "at"], name="read_by_subject"),
            models.Index(fields=["by", "at"], name="read_by_actor"),
        ]
