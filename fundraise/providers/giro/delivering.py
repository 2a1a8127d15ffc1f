"""Files leave the house: by a folder, by SFTP or by hand, each once, or it is said to be in doubt.

A file is committed as being delivered before anything is put anywhere. A process that dies after
that leaves a row that nobody delivers again by itself: the next run looks what the folder shows,
and what that can't settle waits for a person. Leases are real time, deadlines the house's clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q

from fundraise import clock, crypto
from fundraise import seal as environment
from fundraise.audit import services as audit
from fundraise.jobs import services as jobs
from fundraise.providers.giro.models import OutFile
from fundraise.providers.transport.base import (
    Delivery,
    NameTaken,
    Seen,
    Transport,
    TransportError,
)
from fundraise.providers.transport.chosen import transport as chosen_transport

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=15)  # longer than any delivery takes
DOUBT, FAILED, LATE = "giro-file-doubt", "giro-delivery-failed", "giro-file-late"
SYSTEM = "system:autogiro"
State = OutFile.State


class FileError(Exception):
    """The file can't be moved so. Codes: not_waiting, not_ready, not_doubt, too_late, left,
    left_at, mandates, gone: nothing was changed; fetched, left_late: it is in doubt now."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def deliver_due() -> dict[str, int]:
    """Deliver what is ready, and look after what was being delivered when a process died."""
    transport = chosen_transport()
    counts = {"delivered": 0, "doubt": 0}
    if transport is None:
        return counts
    environment.check()
    for file in OutFile.objects.filter(
        state=State.DELIVERING, delivering_since__lt=clock.real_now() - LEASE
    ):
        counts["doubt"] += look_after(file, transport) == State.DOUBT
    for file in _ready():
        if is_late(file, clock.now()):
            _ring_late(file)
        else:
            counts["delivered"] += deliver(file, transport) == State.DELIVERED
    return counts


def _ready() -> list[OutFile]:
    """In the order in which they were made: Bankgirot takes orders as they come."""
    files = OutFile.objects.filter(state=State.READY, agreement__by_hand=False, fetched_at=None)
    return list(files.order_by("built_at", "pk"))


def is_late(file: OutFile, now: datetime) -> bool:
    """Whether the file would do something else now than what it was made for."""
    return file.deadline is not None and now >= file.deadline


def deliver(file: OutFile, transport: Transport, *, by: str = SYSTEM) -> str:
    """Deliver one ready file; returns its state after it. Whoever comes second does nothing.

    What a person has fetched may be at the bank already, and is theirs to deliver.
    """
    taken = OutFile.objects.filter(pk=file.pk, state=State.READY, fetched_at=None).update(
        state=State.DELIVERING, delivering_since=clock.real_now(), tries=F("tries") + 1
    )
    if not taken:
        return str(OutFile.objects.values_list("state", flat=True).get(pk=file.pk))
    content = _content(file)
    try:
        came_of = transport.deliver(file.name, content)
    except NameTaken:
        return _doubt(file, "name_taken")
    except TransportError as error:
        return _failed(file, error)
    if came_of is Delivery.UNKNOWN:
        return _doubt(file, "answer_lost")
    return _delivered(file, State.DELIVERING, by)


def look_after(file: OutFile, transport: Transport) -> str:
    """A process died while it delivered this file: what does the folder show?"""
    try:
        seen = transport.look(file.name, _content(file))
    except TransportError as error:
        log.warning("giro_look_failed", file=str(file.ref), error=str(error))
        return State.DELIVERING
    if seen is Seen.THERE:
        return _delivered(file, State.DELIVERING, SYSTEM)
    if seen is Seen.HALF:  # it never got its name, so nobody has taken it
        _move(file, State.DELIVERING, State.READY)
        return State.READY
    return _doubt(file, "gone" if seen is Seen.GONE else "name_taken")


def _delivered(file: OutFile, old: str, by: str, at: datetime | None = None) -> str:
    _move(file, old, State.DELIVERED, delivered_at=at or clock.now(), delivered_by=by, note="")
    for code in (DOUBT, FAILED, LATE):
        jobs.resolve_alarms(code, subject=str(file.ref))
    return State.DELIVERED


def _doubt(file: OutFile, note: str, old: str = State.DELIVERING) -> str:
    _move(file, old, State.DOUBT, note=note)
    jobs.raise_alarm(
        DOUBT, str(file.ref), f"nobody knows whether {file.name} arrived at Bankgirot ({note})"
    )
    return State.DOUBT


def _failed(file: OutFile, error: TransportError) -> str:
    """Nothing was delivered: it is tried again, and somebody is told."""
    _move(file, State.DELIVERING, State.READY, note="transport")
    jobs.raise_alarm(FAILED, str(file.ref), f"{file.name} could not be delivered: {error}")
    return State.READY


def _ring_late(file: OutFile) -> None:
    jobs.raise_alarm(
        LATE, str(file.ref), f"{file.name} did not leave before its cut-off and was held back"
    )


def _move(file: OutFile, old: str, new: str, **changes: object) -> bool:
    return bool(OutFile.objects.filter(pk=file.pk, state=old).update(state=new, **changes))


# --- What people do -------------------------------------------------------------------------------
def approve(file_id: int, *, by: str) -> OutFile:
    """Totals were looked at: the file may leave. Raises FileError("not_waiting")."""
    with transaction.atomic():
        file = _for_change(file_id)
        if not _move(file, State.WAITING, State.READY, approved_at=clock.now(), approved_by=by):
            raise FileError("not_waiting")
        _log(file, "approved", by)
    return file


def content_of(file_id: int, *, by: str) -> tuple[str, bytes]:
    """Name and bytes, the same each time. Every fetch is logged, and the first one of a file that
    is ready is stored with it: from then on it may be at the bank.

    Raises FileError: not_ready (it waits for approval, the folder has it, or it is in doubt), left
    (withdrawn), gone (its bytes were kept as long as the law wants). Of one that was delivered this
    gives a copy.
    """
    with transaction.atomic():
        file = _for_change(file_id)
        if file.state not in {State.READY, State.DELIVERED}:
            raise FileError("left" if file.state == State.WITHDRAWN else "not_ready")
        if not file.sealed:
            raise FileError("gone")
        if file.state == State.READY and file.fetched_at is None:
            OutFile.objects.filter(pk=file.pk).update(fetched_at=clock.now(), fetched_by=by)
            _log(file, "fetched", by)
        audit.log_read(
            by=by,
            subject_type="giro_file",
            subject_ref=file.ref,
            purpose="giro.download",
        )
        return file.name, _content(file)


def mark_delivered_by_hand(file_id: int, *, by: str, left_at: datetime | None = None) -> bool:
    """A person has left it at the bank, now or at `left_at`. False when it was marked before.

    Raises FileError: not_ready (it waits for approval, or the folder has it), left_at (before it
    was there to fetch, or to come), left (withdrawn), too_late (its cut-off has passed and nobody
    has fetched it); left_late (it was left after its cut-off, so that the bank must be asked what
    it does with it: it is in doubt now).
    """
    at = left_at or clock.now()
    with transaction.atomic():
        file = _for_change(file_id)
        if file.state == State.DELIVERED:
            return False
        if file.state != State.READY:
            raise FileError("left" if file.state == State.WITHDRAWN else "not_ready")
        if not _to_the_minute(file.fetched_at or file.built_at) <= at <= clock.now():
            raise FileError("left_at")
        late = is_late(file, at)
        if late and file.fetched_at is None:
            raise FileError("too_late")
        if late:
            doubt_fetched(file, "left_late", by)
        else:
            _delivered(file, State.READY, by, at)
            _log(file, "delivered", by)
    if late:
        raise FileError("left_late")
    return True


def _to_the_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def doubt_fetched(file: OutFile, note: str, by: str) -> None:
    """A file, locked, that somebody has fetched: nobody knows whether the bank has it."""
    _doubt(file, note, State.READY)
    _log(file, "doubted", by)


def settle_doubt(file_id: int, *, arrived: bool, by: str) -> None:
    """A person has asked the bank: it arrived, or it did not and is delivered again.

    What was fetched of it is then said to be gone: it is as one that nobody has fetched, which is
    fetched anew or withdrawn. Raises FileError("not_doubt").
    """
    with transaction.atomic():
        file = _for_change(file_id)
        if file.state != State.DOUBT:
            raise FileError("not_doubt")
        if arrived:
            _delivered(file, State.DOUBT, by)
        else:
            _move(file, State.DOUBT, State.READY, note="again", fetched_at=None, fetched_by="")
            jobs.resolve_alarms(DOUBT, subject=str(file.ref))
        _log(file, "arrived" if arrived else "did_not_arrive", by)


def answered(file_ids: set[int]) -> int:
    """Bankgirot has answered orders of these files: those in doubt did arrive, and those that
    somebody has fetched and not said to have left."""
    found = OutFile.objects.filter(pk__in=file_ids).filter(
        Q(state__in=[State.DOUBT, State.DELIVERING])
        | Q(state=State.READY, fetched_at__isnull=False)
    )
    return sum(_delivered(file, file.state, "system:bank") != "" for file in found)


def _for_change(file_id: int) -> OutFile:
    return OutFile.objects.select_for_update(no_key=True).get(pk=file_id)


def _log(file: OutFile, what: str, by: str) -> None:
    audit.log_change(
        by=by,
        action=f"giro_file.{what}",
        subject_type="giro_file",
        subject_ref=file.ref,
        after={"kind": file.kind, "count": file.orders_number, "amount_ore": file.sum_ore},
    )


def _content(file: OutFile) -> bytes:
    return crypto.unseal(bytes(file.sealed), context=f"giro-out:{file.ref}")
