"""A file that was looked at is put away: what it brought goes, the file itself stays as it came."""

from __future__ import annotations

from django.db import transaction

from fundraise.audit import services as audit
from fundraise.reconciliation.inbox.leaning import forget_rows
from fundraise.reconciliation.inbox.storing import InboxError
from fundraise.reconciliation.models import StatementFile

State = StatementFile.State


@transaction.atomic
def drop(file_id: int, *, by: str) -> StatementFile:
    """Nothing of it was booked. Raises InboxError: booked, not_read."""
    file = StatementFile.objects.select_for_update(no_key=True).defer("sealed").get(pk=file_id)
    if file.state == State.BOOKED:
        raise InboxError("booked")
    if file.state != State.READ:
        raise InboxError("not_read")
    forget_rows(file, by=by)
    file.state = State.DROPPED
    file.save(update_fields=["state"])
    audit.log_change(
        by=by,
        action="statement_file.dropped",
        subject_type="statement_file",
        subject_ref=file.ref,
        after={"kind": file.kind, "rows": file.new_lines},
    )
    return file


@transaction.atomic
def read_again(file_id: int, *, by: str) -> StatementFile:
    """A refused or dropped file is stored once more, to be read anew (a setting was mended).

    Raises InboxError("booked") for any other.
    """
    file = StatementFile.objects.select_for_update(no_key=True).defer("sealed").get(pk=file_id)
    if file.state not in {State.REFUSED, State.DROPPED}:
        raise InboxError("booked")
    file.state, file.reason, file.at, file.facts = State.STORED, "", "", {}
    file.new_lines = file.known_lines = file.new_items = file.known_items = 0
    file.in_ore = file.out_ore = 0
    file.save(
        update_fields=["state", "reason", "at", "facts", "new_lines", "known_lines", "new_items",
                       "known_items", "in_ore", "out_ore"]
    )  # fmt: skip
    audit.log_change(
        by=by,
        action="statement_file.read_again",
        subject_type="statement_file",
        subject_ref=file.ref,
    )
    return file
