"""What others call: take a file in, whoever brings it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from fundraise.audit import services as audit
from fundraise.providers.giro import inbox as giro
from fundraise.providers.giro import reading as giro_reading
from fundraise.providers.giro.models import InFile
from fundraise.reconciliation.inbox import dropping, reading, recognising
from fundraise.reconciliation.inbox.storing import content_of, store
from fundraise.reconciliation.models import BankAccount, StatementFile

AUTOGIRO = "autogiro"
GLANCED = 20_000  # bytes that tell a file of Bankgirot's
State = StatementFile.State


def take_in(
    content: bytes,
    *,
    by: str,
    name: str = "",
    via: str = "page",
    entities: Collection[int] | None = None,
    account: BankAccount | None = None,
) -> StatementFile:
    """Keep a file and read it: `read`, or `refused` with its place. Nothing is booked.

    The same bytes again give the same file. `account` is for a file that names none; `entities`
    are whose it may be (None: anybody's): a file of another's too is refused whole. A file of
    autogiro's is handed to autogiro's inbox and is booked there.
    Raises storing.InboxError: empty, too_large.
    """
    file = _looked_at_by(store(content, by=by, name=name, via=via), entities, by)
    if file.state != State.STORED:
        return file
    if _is_autogiros(content):
        return _hand_over(file, content, by, account, entities)
    read = reading.read(file, content, chosen=account, only=entities)
    audit.log_change(
        by=by,
        action="statement_file.taken_in",
        subject_type="statement_file",
        subject_ref=file.ref,
        after={"kind": read.kind, "state": read.state, "via": via},
    )
    return read


def _looked_at_by(file: StatementFile, entities: Collection[int] | None, by: str) -> StatementFile:
    """What was refused for others is looked at anew for those of these entities."""
    theirs = entities is None or file.entity_id in entities
    if file.state != State.REFUSED or theirs:
        return file
    with transaction.atomic():
        return dropping.read_again(file.pk, by=by)


def read_stored(
    file: StatementFile,
    *,
    account: BankAccount | None = None,
    entities: Collection[int] | None = None,
) -> StatementFile:
    """Read a file that is stored and was not read: the process that took it in was lost."""
    content = content_of(StatementFile.objects.get(pk=file.pk))
    if _is_autogiros(content):
        return _hand_over(file, content, file.taken_by, account, entities)
    return reading.read(file, content, chosen=account, only=entities)


def _is_autogiros(content: bytes) -> bool:
    kind, _day = giro_reading.glance(content[:GLANCED])
    return kind in giro_reading.ORDER


def _hand_over(
    file: StatementFile,
    content: bytes,
    by: str,
    account: BankAccount | None,
    entities: Collection[int] | None,
) -> StatementFile:
    """Autogiro's own inbox keeps it, works it in, and asks what it must ask; not another's file."""
    changes: dict[str, object] = {"entity": recognising.whose(account, entities)}
    if entities is not None and not giro.is_within(content, entities):
        changes |= {"kind": AUTOGIRO, "state": State.REFUSED, "reason": "other_entity"}
    else:
        changes |= _handed_over(giro.take_in(content, by=by, name=file.name, via=file.via))
    StatementFile.objects.filter(pk=file.pk, state=State.STORED).update(**changes)
    return StatementFile.objects.defer("sealed").get(pk=file.pk)


def _handed_over(taken: InFile) -> dict[str, object]:
    """What a bank's file says of what autogiro's inbox made of it."""
    refused = taken.state == InFile.State.REFUSED
    said: dict[str, object] = {
        "kind": AUTOGIRO,
        "importer": taken.kind[:40],
        "state": State.REFUSED if refused else State.DROPPED,
        "reason": taken.reason if refused else "",
        "at": f"line {taken.line}, column {taken.column}" if refused else "",
        "facts": {"giro_file": str(taken.ref)},
    }
    if taken.agreement is not None:
        said["entity"] = taken.agreement.account.entity_id
    return said
