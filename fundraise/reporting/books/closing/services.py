"""The doors of a month: sign a line, close, make the SIE file, pack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Max

from fundraise import clock
from fundraise.audit import reasons
from fundraise.ledger import entities
from fundraise.ledger.models import LegalEntity, Period
from fundraise.ledger.services import set_period
from fundraise.reporting.books import exporting
from fundraise.reporting.books.closing import packing
from fundraise.reporting.books.closing.checks import Line, checklist
from fundraise.reporting.books.exporting import ExportError, last_day, lock
from fundraise.reporting.books.models import Closing, MonthSignature


class ClosingError(ValueError):
    """Nothing was changed.

    `code`: not_over, not_open (it is closed already), unsettled (a line is neither green nor
    signed), changed (the line is not what the page showed), green, comment, personal, not_named (a
    key or the system can't answer for a line), not_closed, locked, open, same_person, not_waiting.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def state_of(entity: LegalEntity, first_day: date) -> str:
    """open, closed or locked."""
    row = Period.objects.filter(entity=entity, first_day=first_day).first()
    return row.state if row else Period.State.OPEN


@transaction.atomic
def sign(
    entity: LegalEntity, first_day: date, key: str, *, shown: str, comment: str, by: str
) -> None:
    """Answer for a line that is not green, as the page showed it (`shown`: see `stamp`).

    Raises ClosingError: not_open, not_named, comment, personal, changed, green.
    """
    _check_signer(by, comment)
    entity = lock(entity)
    line = _to_sign(entity, first_day, key, shown)
    MonthSignature.objects.create(
        entity=entity,
        first_day=first_day,
        key=line.key,
        status=line.status,
        expected=line.expected,
        actual=line.actual,
        comment=comment.strip()[:300],
        at=clock.now(),
        by=by,
    )
    after = {"month": first_day, "line": line.key.partition(":")[0], "entity": entity.ref}
    entities.log_change(by, "period.signed", entity, after, comment)


def _check_signer(by: str, comment: str) -> None:
    if not by.startswith("staff:"):
        raise ClosingError("not_named")
    if not comment.strip():
        raise ClosingError("comment")
    if reasons.tell_of_a_person(comment):
        raise ClosingError("personal")


def _to_sign(entity: LegalEntity, first_day: date, key: str, shown: str) -> Line:
    """The line of an open month, as whoever signs saw it."""
    if state_of(entity, first_day) != Period.State.OPEN:
        raise ClosingError("not_open")
    line = next((one for one in checklist(entity, first_day) if one.key == key), None)
    if line is None or stamp(line) != shown:
        raise ClosingError("changed")
    if line.is_green:
        raise ClosingError("green")
    return line


def stamp(line: Line) -> str:
    """What a line said, for a form to carry."""
    return f"{line.status}/{line.expected}/{line.actual}"


def close(entity: LegalEntity, first_day: date, *, by: str, with_sie: bool = False) -> Closing:
    """Freeze a month: journals fall on the first open one then. With `with_sie` its SIE 4I file is
    made too, which locks it. A worker makes its pack.

    Raises ClosingError: not_over, not_open, unsettled; ExportError when the file can't be made.
    Nothing is changed then.
    """
    with transaction.atomic():
        entity = lock(entity)
        if clock.today() <= last_day(first_day):
            raise ClosingError("not_over")
        if state_of(entity, first_day) != Period.State.OPEN:
            raise ClosingError("not_open")
        set_period(entity, month=first_day, state=Period.State.CLOSED, by=by)
        # Nothing can be booked into the month until this commits: the ledger's lock is held.
        lines = checklist(entity, first_day)
        if not all(line.is_settled for line in lines):
            raise ClosingError("unsettled")
        closing = Closing.objects.create(
            entity=entity,
            first_day=first_day,
            number=_next_number(entity, first_day),
            lines=list(_frozen(lines)),
            closed_at=clock.now(),
            closed_by=by,
        )
        after = {"month": first_day, "entity": entity.ref}
        entities.log_change(by, "period.closed", entity, after)
        if with_sie:
            make_file(closing, by=by)
        packing.ask_for_pack(closing, by=by)
    return closing


def make_file(closing: Closing, *, by: str) -> None:
    """The SIE 4I file of a closed month, which locks it; also when all of it left before.

    Raises ExportError when the file can't be made, ClosingError not_closed.
    """
    with transaction.atomic():
        entity = lock(closing.entity)
        closing.refresh_from_db()
        first, last = closing.first_day, last_day(closing.first_day)
        if state_of(entity, first) != Period.State.CLOSED:
            raise ClosingError("not_closed")
        try:
            closing.export = exporting.export_4i(entity, first, last, by=by)
            closing.save(update_fields=["export"])
        except ExportError as error:
            if error.code not in {"exported", "nothing"}:
                raise
            exporting.lock_closed_months(entity, first, last, by=by)


def _frozen(lines: Iterable[Line]) -> Iterable[dict[str, object]]:
    for line in lines:
        signature = line.signature
        yield {
            "key": line.key,
            "expected": line.expected,
            "actual": line.actual,
            "status": line.status,
            "money": line.money,
            "name": line.name,
            "day": line.day.isoformat() if line.day else "",
            "comment": signature.comment if signature else "",
            "by": signature.by if signature else "",
            "at": signature.at.isoformat() if signature else "",
        }


def _next_number(entity: LegalEntity, first_day: date) -> int:
    rows = Closing.objects.filter(entity=entity, first_day=first_day)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
