"""The doors of the log. Call them inside the transaction of the change, so that both or none stand.

No personal data: `before` and `after` take field names as keys and codes, numbers, truth values,
dates and refs as values. Text that is not a code (it has a space, an @, looks like a phone or an
identity number) is kept as "(not kept)": the line still says that the field changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine

NOT_KEPT = "(not kept)"
SAFE_TEXT = re.compile(r"[A-Za-z0-9_.:/-]{0,100}")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PERSON_LIKE = re.compile(r"\+?[0-9][0-9-]{7,}[0-9]")

Kept = str | int | bool | None | list["Kept"] | dict[str, "Kept"]


def log_change(
    *,
    by: str,
    action: str,
    subject_type: str,
    subject_ref: str | UUID,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Write one change: `by` as in models.py, `action` dotted, as "donor.consent.given"."""
    ChangeLine.objects.create(
        at=clock.now(),
        by=by,
        action=action,
        subject_type=subject_type,
        subject_ref=str(subject_ref),
        before=kept(before or {}),
        after=kept(after or {}),
        reason=reason[:500],
    )


def log_changes(
    *,
    by: str,
    action: str,
    subject_type: str,
    subject_refs: Iterable[str | UUID],
    after: Mapping[str, object] | None = None,
) -> None:
    """Write the same change of many records, a line for each, in few statements."""
    at, what = clock.now(), kept(after or {})
    lines = (
        ChangeLine(
            at=at,
            by=by,
            action=action,
            subject_type=subject_type,
            subject_ref=str(ref),
            after=what,
        )
        for ref in subject_refs
    )
    ChangeLine.objects.bulk_create(lines, batch_size=1000)


def log_read(
    *, by: str, subject_type: str, subject_ref: str | UUID = "", purpose: str, count: int = 1
) -> None:
    """Write that somebody looked at one record, or at `count` of them without a ref (an export)."""
    ReadLine.objects.create(
        at=clock.now(),
        by=by,
        subject_type=subject_type,
        subject_ref=str(subject_ref),
        purpose=purpose,
        count=count,
    )


def log_reads(
    *, by: str, subject_type: str, subject_refs: Iterable[str | UUID], purpose: str
) -> None:
    """One line for each record shown on a page: "who saw this donor" must have an answer."""
    at = clock.now()
    ReadLine.objects.bulk_create(
        ReadLine(at=at, by=by, subject_type=subject_type, subject_ref=str(ref), purpose=purpose)
        for ref in subject_refs
    )


def kept(value: object) -> Kept:
    """The value as the log keeps it. Raises TypeError on what JSON has no word for."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date | UUID):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, str):
        return value if _is_code(value) else NOT_KEPT
    if isinstance(value, Mapping):
        return {str(key): kept(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [kept(inner) for inner in value]
    raise TypeError(f"the log does not keep a {type(value).__name__}")


def _is_code(text: str) -> bool:
    if ISO_DATE.fullmatch(text):
        return True
    return SAFE_TEXT.fullmatch(text) is not None and PERSON_LIKE.fullmatch(text) is None
