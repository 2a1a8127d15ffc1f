"""Files that the bank leaves in a folder, or on its SFTP server: fetched, stored, read and booked.

What is fetched is stored before the folder is told; a file that can't be read rings, and stays
where everybody sees it, refused.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from fundraise.jobs import services as jobs
from fundraise.providers.transport.base import Transport, TransportError
from fundraise.providers.transport.checked import DIRECTORY, SFTP
from fundraise.providers.transport.directory import DirectoryTransport
from fundraise.reconciliation.inbox import booking_files, doors
from fundraise.reconciliation.inbox.storing import InboxError, store
from fundraise.reconciliation.models import StatementFile

PICK_UP, REFUSED = "bank-pick-up-failed", "bank-file-refused"
BY = "system:bank"
FOLDER = "folder"
State = StatementFile.State


def transport() -> Transport | None:
    """As BANK_TRANSPORT says; nothing is ever delivered to the bank by it."""
    into = settings.BANK_IN_DIR
    settle, keep = settings.BANK_SETTLE_SECONDS, settings.BANK_TAKEN == "leave"
    if settings.BANK_TRANSPORT == DIRECTORY:
        return DirectoryTransport(Path(into), Path(into), settle=settle, keep=keep)
    if settings.BANK_TRANSPORT != SFTP:
        return None
    # Only where it is used: the library takes its time to load.
    from fundraise.providers.transport.sftp import Server, SftpTransport

    server = Server(
        host=settings.BANK_SFTP_HOST,
        port=settings.BANK_SFTP_PORT,
        user=settings.BANK_SFTP_USER,
        host_keys=tuple(settings.BANK_SFTP_HOST_KEY),
        key_file=Path(settings.BANK_SFTP_KEY_PATH),
        connect_seconds=settings.AUTOGIRO_SFTP_CONNECT_SECONDS,
        act_seconds=settings.AUTOGIRO_SFTP_ACT_SECONDS,
    )
    return SftpTransport(server, into, into, settle=settle, keep=keep)


def pick_up() -> int:
    """Fetch what lies there and store it. How many are new."""
    found = transport()
    if found is None:
        return 0
    try:
        names = found.incoming()
    except TransportError as error:
        jobs.raise_alarm(PICK_UP, "transport", f"the bank's folder could not be read: {error}")
        return 0
    jobs.resolve_alarms(PICK_UP, subject="transport")
    return sum(_fetch(found, name) for name in names)


def _fetch(found: Transport, name: str) -> bool:
    try:
        content = found.fetch(name)
        digest = hashlib.sha256(content).digest()
        is_new = not StatementFile.objects.filter(sha256=digest).exists()
        store(content, by=BY, name=name, via=FOLDER)
        found.taken(name, content)
    except (TransportError, InboxError) as error:
        jobs.raise_alarm(PICK_UP, name[:120], f"a bank's file could not be fetched: {error}")
        return False
    jobs.resolve_alarms(PICK_UP, subject=name[:120])
    return is_new


def work_in() -> dict[str, int]:
    """Read what is stored, book what came by itself, and finish what a lost process left."""
    counts = {"read": 0, "booked": 0, "refused": 0}
    for file in StatementFile.objects.filter(state=State.STORED).defer("sealed").order_by("pk"):
        read = doors.read_stored(file)
        counts["read"] += 1
        if read.state == State.REFUSED and read.via == FOLDER:
            counts["refused"] += 1
            jobs.raise_alarm(
                REFUSED, str(read.ref), f"a bank's file was refused: {read.reason} at {read.at}"
            )
    came = StatementFile.objects.filter(state=State.READ, via=FOLDER).defer("sealed")
    for file in came.order_by("pk"):
        booking_files.book(file.pk, by=BY)
        counts["booked"] += 1
    jobs.resolve_alarms(REFUSED, but=_still_refused())
    for file in booking_files.unfinished():
        booking_files.finish(file)
    return counts


def _still_refused() -> set[str]:
    rows = StatementFile.objects.filter(state=State.REFUSED, via=FOLDER)
    return {str(ref) for ref in rows.values_list("ref", flat=True)}
