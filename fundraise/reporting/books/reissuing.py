"""Fetching a file: the first time freely, once more when a second person agrees. The bytes are the
same each time."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from fundraise import clock
from fundraise.audit import reasons
from fundraise.audit import services as audit
from fundraise.reporting.books.exporting import lock
from fundraise.reporting.books.models import BookExport, BookFetch, BookReissue
from fundraise.staff import approvals

KIND = "sie_reissue"  # of what a second person is asked about
SAME_FETCH = timedelta(minutes=10)  # an answer that was lost on the way is no second issue


class ReissueError(ValueError):
    """The file is not given out, or not asked for.

    `code`: again (it was fetched: ask), open (it is asked for already), first (nobody has fetched
    it yet: no need to ask), same_person, not_waiting, personal, damaged.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def fetch(export_id: int, *, by: str) -> bytes:
    """The file's bytes, and a note of who has them. Raises ReissueError: again, damaged."""
    export = _locked(export_id)
    last = export.fetches.order_by("-pk").first()
    agreed = export.reissues.filter(state=BookReissue.State.AGREED).first()
    is_same = last is not None and last.by == by and clock.now() - last.at < SAME_FETCH
    if last is not None and agreed is None and not is_same:
        raise ReissueError("again")
    content = bytes(export.content)
    if hashlib.sha256(content).hexdigest() != export.sha256:
        raise ReissueError("damaged")
    if last is not None and agreed is not None:
        agreed.state = BookReissue.State.FETCHED
        agreed.save(update_fields=["state"])
        note_fetch(export, by=by, reissue=agreed)
    elif last is None:
        note_fetch(export, by=by)
    return content


def note_fetch(export: BookExport, *, by: str, reissue: BookReissue | None = None) -> None:
    """Write down, in the caller's transaction, that somebody has the file now."""
    BookFetch.objects.create(export=export, reissue=reissue, at=clock.now(), by=by)
    audit.log_change(
        by=by,
        action="books.reissued" if reissue else "books.fetched",
        subject_type="book_export",
        subject_ref=export.ref,
        after={"sha256": export.sha256},
    )


@transaction.atomic
def ask(export_id: int, *, by: str, why: str) -> BookReissue:
    """Ask a second person. Raises ReissueError: first, open, personal."""
    if reasons.tell_of_a_person(why):
        raise ReissueError("personal")
    export = _locked(export_id)
    if not export.fetches.exists():
        raise ReissueError("first")
    waiting = [BookReissue.State.ASKED, BookReissue.State.AGREED]
    if export.reissues.filter(state__in=waiting).exists():
        raise ReissueError("open")
    reissue = BookReissue.objects.create(
        export=export, why=why[:200], asked_at=clock.now(), asked_by=by
    )
    approvals.ask(KIND, reissue.ref, export.entity, by=by)
    _log(reissue, "books.reissue.asked", by, why)
    return reissue


def agree(ref: UUID, *, by: str, why: str = "") -> None:
    """The second person says yes. Raises ReissueError: same_person, not_waiting, personal."""
    _answer(ref, BookReissue.State.AGREED, by=by, why=why)


def refuse(ref: UUID, *, by: str, why: str) -> None:
    """The second person says no. Raises ReissueError: same_person, not_waiting, personal."""
    _answer(ref, BookReissue.State.REFUSED, by=by, why=why)


@transaction.atomic
def _answer(ref: UUID, state: BookReissue.State, *, by: str, why: str) -> None:
    if reasons.tell_of_a_person(why):
        raise ReissueError("personal")
    reissue = BookReissue.objects.select_for_update(of=("self",)).get(ref=ref)
    if reissue.asked_by == by:
        raise ReissueError("same_person")
    if reissue.state != BookReissue.State.ASKED:
        raise ReissueError("not_waiting")
    reissue.state, reissue.answered_at, reissue.answered_by = state, clock.now(), by
    reissue.save(update_fields=["state", "answered_at", "answered_by"])
    agreed = state == BookReissue.State.AGREED
    approvals.close(KIND, reissue.ref, yes=agreed, by=by, why=why)
    _log(reissue, "books.reissue.agreed" if agreed else "books.reissue.refused", by, why)


def _locked(export_id: int) -> BookExport:
    """The file, with its entity locked: nobody may lock a row that nobody may change."""
    export = BookExport.objects.get(pk=export_id)
    export.entity = lock(export.entity)
    return export


def _log(reissue: BookReissue, action: str, by: str, why: str) -> None:
    audit.log_change(
        by=by,
        action=action,
        subject_type="book_export",
        subject_ref=reissue.export.ref,
        reason=why,
    )
