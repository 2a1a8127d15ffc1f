"""The doors of files taken out: asked for, made, kept, fetched, deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import F

from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.jobs.models import Work
from fundraise.reporting.exports.models import ExportRecord

CHUNK = 1_000_000
LENGTH = 4  # bytes before each chunk


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be taken out."""

    table: str
    chosen: Mapping[str, str]
    columns: Sequence[str]
    format: str
    language: str
    personal: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What a file came to."""

    rows: int
    sums: Mapping[str, int]
    size: int
    sha256: bytes


@transaction.atomic
def ask(asked: Asked, *, by: str) -> ExportRecord:
    """Note that somebody takes a list out, before the first row is read."""
    record = ExportRecord.objects.create(
        by=by,
        table=asked.table,
        chosen=dict(asked.chosen),
        columns=list(asked.columns),
        format=asked.format,
        language=asked.language,
        personal=asked.personal,
        asked_at=clock.now(),
    )
    after = {"list": asked.table, "format": asked.format, "chosen": dict(asked.chosen)}
    _log(by, "export.asked", record, after)
    return record


def tie(record: ExportRecord, work: Work) -> None:
    """The work that makes the file."""
    ExportRecord.objects.filter(pk=record.pk).update(work=work)


@transaction.atomic
def finish(record: ExportRecord, made: Made, *, key: bytes | None = None) -> None:
    """Note what the file came to; with a `key` it is kept until it expires."""
    now = clock.now()
    expires_at = now + timedelta(hours=settings.EXPORT_KEPT_HOURS) if key else None
    ExportRecord.objects.filter(pk=record.pk).update(
        made_at=now,
        rows=made.rows,
        sums=dict(made.sums),
        size=made.size,
        sha256=made.sha256,
        key=key,
        expires_at=expires_at,
    )
    _log(record.by, "export.made", record, {"rows": made.rows, "sha256": made.sha256.hex()})
    if record.personal:
        audit.log_read(
            by=record.by, subject_type="donor", purpose=f"export:{record.table}", count=made.rows
        )


def place(record: ExportRecord) -> Path:
    """Where a kept file lies."""
    return Path(settings.EXPORT_DIR) / f"{record.ref}.sealed"


def keep(record: ExportRecord, file: IO[bytes]) -> bytes:
    """Encrypt a file to its place, chunk by chunk; the wrapped key that opens it."""
    data_key, path = crypto.new_data_key(), place(record)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = path.with_suffix(".new")
    file.seek(0)
    with scratch.open("wb") as out:
        for number, plain in enumerate(iter(lambda: file.read(CHUNK), b"")):
            sealed = crypto.encrypt_with(data_key, plain, context=_context(record, number))
            out.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
    scratch.replace(path)
    return crypto.wrap(data_key, context=str(record.ref))


def is_kept(record: ExportRecord) -> bool:
    """Whether there should be a file to fetch."""
    expires = record.expires_at
    return record.key is not None and expires is not None and expires > clock.now()


def is_whole(record: ExportRecord) -> bool:
    """Whether the kept file is to the byte the one that was made; read through to its end."""
    digest = hashlib.sha256()
    try:
        for plain in _opened(record, crypto.unwrap(_key(record), context=str(record.ref))):
            digest.update(plain)
    except (OSError, crypto.CryptoError):
        return False
    return digest.digest() == bytes(record.sha256 or b"")


@transaction.atomic
def spoil(record: ExportRecord, *, by: str) -> bool:
    """Take a damaged file away so that it can be made again; False when another did so first."""
    row = ExportRecord.objects.select_for_update().get(pk=record.pk)
    if row.key is None or row.sha256 != record.sha256:
        return False
    nothing = dict.fromkeys(("made_at", "rows", "size", "sha256", "key", "expires_at"))
    ExportRecord.objects.filter(pk=row.pk).update(**nothing, sums={})
    place(row).unlink(missing_ok=True)
    _log(by, "export.damaged", row, {"list": row.table})
    return True


@transaction.atomic
def fetch(record: ExportRecord, *, by: str) -> Iterator[bytes] | None:
    """The kept file's bytes for who asked for it; None when it is another's or has expired."""
    row = ExportRecord.objects.select_for_update().get(pk=record.pk)
    if row.by != by or not is_kept(row) or not place(row).is_file():
        return None
    ExportRecord.objects.filter(pk=row.pk).update(fetched=F("fetched") + 1)
    _log(by, "export.fetched", row, {"list": row.table})
    return _opened(row, crypto.unwrap(_key(row), context=str(row.ref)))


def _key(record: ExportRecord) -> bytes:
    return bytes(record.key or b"")


def _opened(record: ExportRecord, data_key: bytes) -> Iterator[bytes]:
    with place(record).open("rb") as file:
        number = 0
        while head := file.read(LENGTH):
            sealed = file.read(int.from_bytes(head, "big"))
            yield crypto.decrypt_with(data_key, sealed, context=_context(record, number))
            number += 1


def forget_expired() -> int:
    """Delete kept files whose time has passed, their keys first; how many."""
    now, number = clock.now(), 0
    for row in ExportRecord.objects.filter(key__isnull=False, expires_at__lte=now):
        ExportRecord.objects.filter(pk=row.pk).update(key=None)
        place(row).unlink(missing_ok=True)
        number += 1
    _sweep_leftovers()
    return number


def _sweep_leftovers() -> None:
    """Files without a row that can open them: a process died while it wrote them."""
    folder = Path(settings.EXPORT_DIR)
    kept = {place(row).name for row in ExportRecord.objects.filter(key__isnull=False)}
    oldest = clock.real_now() - timedelta(hours=2)
    for path in folder.glob("*") if folder.is_dir() else []:
        if path.name not in kept and path.stat().st_mtime < oldest.timestamp():
            path.unlink(missing_ok=True)


def _context(record: ExportRecord, number: int) -> str:
    return f"export/{record.ref}/{number}"


def _log(by: str, action: str, record: ExportRecord, after: Mapping[str, object]) -> None:
    audit.log_change(
        by=by, action=action, subject_type="export", subject_ref=record.ref, after=after
    )
