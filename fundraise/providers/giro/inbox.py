"""Files from Bankgirot: kept as they came, recognised, worked in once, or refused with a reason.

The same bytes are one file. A file is stored before it is read, so nothing that came is lost; it is
worked in in one transaction, so that half a file never stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, time

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F

from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from fundraise.providers.autogiro.errors import FormatError
from fundraise.providers.giro import calendar, passing, reading
from fundraise.providers.giro.applying import whole
from fundraise.providers.giro.models import InFile, OtherFile, OutFile
from fundraise.providers.giro.reading import NotOurs, Ours
from fundraise.providers.transport.base import Transport, TransportError
from fundraise.providers.transport.chosen import transport as chosen_transport

log = structlog.get_logger(__name__)

KEPT_YEARS = 7  # after the year in which it came: bookkeeping act 7:2
REFUSED, FAILED, PICK_UP = "giro-file-refused", "giro-file-failed", "giro-pick-up-failed"
MOST_TRIES = 20
LARGEST = 200_000_000
State = InFile.State


def take_in(content: bytes, *, by: str, name: str = "", via: str = "page") -> InFile:
    """Keep a file and work it in. The same bytes again give the same file, and change nothing.

    Raises ValueError when it is empty or larger than any file of Bankgirot's.
    """
    file = store(content, by=by, name=name, via=via)
    if file.state == State.STORED:
        work_in(file)
        file.refresh_from_db()
    return file


def store(content: bytes, *, by: str, name: str = "", via: str = "transport") -> InFile:
    """Keep a file as it came, once."""
    if not content.strip() or len(content) > LARGEST:
        raise ValueError("no file of Bankgirot's")
    digest = hashlib.sha256(content).digest()
    known = InFile.objects.filter(sha256=digest).first()
    if known is not None:
        return known
    now = clock.now()
    try:
        with transaction.atomic():
            return InFile.objects.create(
                name=name[:160],
                sha256=digest,
                sealed=crypto.seal(content, context=f"giro-in:{digest.hex()}"),
                size=len(content),
                via=via,
                taken_by=by,
                received_at=now,
                keep_until=date(clock.local_date(now).year + KEPT_YEARS, 12, 31),
            )
    except IntegrityError:  # somebody dropped it at the same time
        return InFile.objects.get(sha256=digest)


def is_within(content: bytes, entities: Collection[int]) -> bool:
    """Whether every part of a file is of these legal entities; what can't be read is kept, refused,
    with its reason."""
    try:
        parts = reading.read(content).parts
    except (FormatError, NotOurs):
        return True
    return all(agreement.account.entity_id in entities for agreement, _section in parts)


def content_of(file: InFile) -> bytes:
    """The bytes as they came."""
    return crypto.unseal(bytes(file.sealed), context=f"giro-in:{bytes(file.sha256).hex()}")


def work_in(file: InFile) -> bool:
    """Read a stored file and apply it, or refuse it. False when it was neither (it is tried again).

    What is wrong with the file itself is said with line, column and reason and changes nothing.
    """
    try:
        ours = reading.read(content_of(file))
    except FormatError as error:
        remark = error.remark
        _refuse(file, remark.code, remark.line, remark.column, dict(remark.values))
        return True
    except NotOurs as error:
        _refuse(file, error.code, error.line, 0, {})
        return True
    try:
        _apply(file, ours)
    except Exception as error:  # whatever it was, the file waits and nothing of it stands
        _note_failure(file, error)
        return False
    passing.leave(file.pk)
    return True


def _apply(file: InFile, ours: Ours) -> None:
    with transaction.atomic():
        locked = InFile.objects.select_for_update(no_key=True).get(pk=file.pk)
        if locked.state != State.STORED:
            return
        whole.apply(locked, ours)
    for code in (REFUSED, FAILED):
        jobs.resolve_alarms(code, subject=str(file.ref))


def _refuse(file: InFile, code: str, line: int, column: int, values: dict[str, str]) -> None:
    moved = InFile.objects.filter(pk=file.pk, state=State.STORED).update(
        state=State.REFUSED, reason=code, line=line, column=column, values=values
    )
    if moved:
        jobs.raise_alarm(
            REFUSED, str(file.ref), f"a file from Bankgirot was refused whole: {code}, line {line}"
        )


def _note_failure(file: InFile, error: Exception) -> None:
    InFile.objects.filter(pk=file.pk).update(tries=F("tries") + 1, error=describe(error)[:200])
    log.warning("giro_file_failed", file=str(file.ref), exc_info=error)
    jobs.raise_alarm(FAILED, str(file.ref), "a file from Bankgirot could not be worked in")


def try_again(file: InFile, *, by: str) -> InFile:
    """A person has mended what a refused file was refused for (a setting): read it once more.

    A file that is not refused, now that its row is looked at, stays as it is.
    """
    with transaction.atomic():
        again = InFile.objects.filter(pk=file.pk, state=State.REFUSED).update(
            state=State.STORED, reason="", line=0, column=0, values={}, tries=0
        )
        if again:
            audit.log_change(
                by=by,
                action="giro_file.read_again",
                subject_type="giro_file",
                subject_ref=file.ref,
            )
    if again:
        work_in(file)
    file.refresh_from_db()
    return file


# --- What comes by itself -------------------------------------------------------------------------
def pick_up() -> int:
    """Fetch what lies in the folder, store it, and let the folder know. How many are new."""
    transport = chosen_transport()
    if transport is None:
        return 0
    try:
        names = transport.incoming()
    except TransportError as error:
        jobs.raise_alarm(PICK_UP, "transport", f"the folder could not be read: {error}")
        return 0
    return sum(_fetch(transport, name) for name in names)


def _fetch(transport: Transport, name: str) -> bool:
    try:
        content = transport.fetch(name)
        is_new = not InFile.objects.filter(sha256=hashlib.sha256(content).digest()).exists()
        store(content, by="system:transport", name=name)
        transport.taken(name, content)
    except (TransportError, ValueError) as error:
        jobs.raise_alarm(PICK_UP, name[:120], f"a file could not be fetched: {error}")
        return False
    jobs.resolve_alarms(PICK_UP, subject=name[:120])
    return is_new


def work_in_waiting() -> int:
    """Work in what is stored: by the day that stands in it, mandates before money."""
    waiting = InFile.objects.filter(state=State.STORED, tries__lt=MOST_TRIES)
    found = [(_place(file), file) for file in waiting.order_by("pk")]
    return sum(work_in(file) for _place, file in sorted(found, key=lambda pair: pair[0]))


def _place(file: InFile) -> tuple[date, int, int]:
    """Where in the order a file belongs; a broken one is last, its reading says why."""
    kind, written_on = reading.glance(content_of(file))
    if kind not in reading.ORDER:
        return (date.max, 0, file.pk)
    return (written_on or date.max, reading.ORDER.index(kind), file.pk)


def prune(today: date) -> int:
    """The bytes of files whose retention has run out go; that they came and left, stays."""
    old = InFile.objects.filter(keep_until__lt=today).exclude(sealed=b"").update(sealed=b"")
    begins = date(today.year - KEPT_YEARS, 1, 1)
    others = OtherFile.objects.filter(source__received_at__lt=calendar.at(begins, time()))
    sent = OutFile.objects.filter(day__lt=begins)
    return old + sum(rows.exclude(sealed=b"").update(sealed=b"") for rows in (others, sent))
