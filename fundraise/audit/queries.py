"""Reads of the log."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from fundraise.audit.models import ChangeLine, ReadLine


def changes_of(subject_type: str, subject_ref: str | UUID) -> QuerySet[ChangeLine]:
    """What happened to a record, newest first."""
    lines = ChangeLine.objects.filter(subject_type=subject_type, subject_ref=str(subject_ref))
    return lines.order_by("-id")


def reads_of(subject_type: str, subject_ref: str | UUID) -> QuerySet[ReadLine]:
    """Who looked at a record, newest first."""
    lines = ReadLine.objects.filter(subject_type=subject_type, subject_ref=str(subject_ref))
    return lines.order_by("-id")
