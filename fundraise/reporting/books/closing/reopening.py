"""Opening a closed month again: asked with a reason, done when a second person agrees."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fundraise import clock
from fundraise.audit import reasons
from fundraise.ledger import entities
from fundraise.ledger.models import Period
from fundraise.ledger.services import set_period
from fundraise.reporting.books.closing.services import ClosingError, state_of
from fundraise.reporting.books.exporting import lock
from fundraise.reporting.books.models import Closing, Reopening
from fundraise.staff import approvals

KIND = "period_reopen"  # of what a second person is asked about


@transaction.atomic
def ask(closing_id: int, *, by: str, why: str) -> Reopening:
    """Ask a second person. Raises ClosingError: comment, personal, locked, not_closed, open.

    A month whose SIE file is made is locked for good: what was wrong in it is corrected in the
    first open month.
    """
    if not why.strip():
        raise ClosingError("comment")
    if reasons.tell_of_a_person(why):
        raise ClosingError("personal")
    closing = _closed(closing_id)
    if closing.reopenings.filter(state=Reopening.State.ASKED).exists():
        raise ClosingError("open")
    asked = Reopening.objects.create(
        closing=closing, why=why.strip()[:200], asked_at=clock.now(), asked_by=by
    )
    approvals.ask(KIND, asked.ref, closing.entity, by=by)
    _log(asked, "period.reopen.asked", by, why)
    return asked


@transaction.atomic
def agree(ref: UUID, *, by: str, why: str = "") -> None:
    """The second person says yes, and the month takes journals again.

    Raises ClosingError: same_person, not_waiting, personal, locked, not_closed.
    """
    asked = _answered(ref, by, why)
    closing = _closed(asked.closing_id)
    set_period(closing.entity, month=closing.first_day, state=Period.State.OPEN, by=by)
    Closing.objects.filter(pk=closing.pk).update(state=Closing.State.REOPENED)
    _end(asked, Reopening.State.AGREED, by, why)


@transaction.atomic
def refuse(ref: UUID, *, by: str, why: str) -> None:
    """The second person says no. Raises ClosingError: same_person, not_waiting, personal."""
    _end(_answered(ref, by, why), Reopening.State.REFUSED, by, why)


def _answered(ref: UUID, by: str, why: str) -> Reopening:
    if reasons.tell_of_a_person(why):
        raise ClosingError("personal")
    asked = Reopening.objects.select_for_update(of=("self",)).get(ref=ref)
    if asked.asked_by == by:
        raise ClosingError("same_person")
    if asked.state != Reopening.State.ASKED:
        raise ClosingError("not_waiting")
    return asked


def _end(asked: Reopening, state: Reopening.State, by: str, why: str) -> None:
    asked.state, asked.answered_at, asked.answered_by = state, clock.now(), by
    asked.save(update_fields=["state", "answered_at", "answered_by"])
    agreed = state == Reopening.State.AGREED
    approvals.close(KIND, asked.ref, yes=agreed, by=by, why=why)
    _log(asked, "period.reopened" if agreed else "period.reopen.refused", by, why)


def _closed(closing_id: int) -> Closing:
    closing = Closing.objects.get(pk=closing_id)
    closing.entity = lock(closing.entity)
    state = state_of(closing.entity, closing.first_day)
    if state == Period.State.LOCKED:
        raise ClosingError("locked")
    if state != Period.State.CLOSED or closing.state != Closing.State.CLOSED:
        raise ClosingError("not_closed")
    return closing


def _log(asked: Reopening, action: str, by: str, why: str) -> None:
    entity = asked.closing.entity
    after = {"month": asked.closing.first_day, "entity": entity.ref}
    entities.log_change(by, action, entity, after, why)
