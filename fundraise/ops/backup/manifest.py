"""What lies beside each dump: when, of what, how much, and the digests that it is whole by."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path

from fundraise.ops.backup.errors import BackupError

FORMAT = 1
NAME = "manifest.json"
ORDINARY, KEYS = "ordinary", "keys"
DATABASE_FILE, KEYS_FILE, MEDIA_FILE = "database.dump", "keys.dump", "media.tar"
FOLDER = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
FILE_OF = {ORDINARY: DATABASE_FILE, KEYS: KEYS_FILE}


@dataclass(frozen=True)
class Manifest:
    """docs/operations.md has what each field means."""

    id: str
    kind: str
    at: str
    seal: str
    server: int
    program: int
    migrations: list[str]
    rows: dict[str, int]
    left_out: list[str]
    heads: dict[str, list[str]] = field(default_factory=dict)
    books: dict[str, object] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


def write(folder: Path, manifest: Manifest) -> None:
    """Seal a folder of dumps with its manifest."""
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True, ensure_ascii=False)
    path = folder / NAME
    path.write_text(text + "\n", encoding="utf-8")
    sync(path)


def read(folder: Path, kind: str) -> Manifest:
    """The manifest of a folder whose files are as it says. Raises BackupError."""
    manifest = _parsed(folder / NAME)
    if manifest.kind != kind:
        raise BackupError(f"{folder} holds a backup of the kind {manifest.kind}, not {kind}.")
    if FILE_OF[kind] not in manifest.files:
        raise BackupError(f"{folder / NAME} names no {FILE_OF[kind]}.")
    for name, (digest, _size) in manifest.files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise BackupError(f"{path} is missing: the backup is not whole.")
        if sha256_of(path) != digest:
            raise BackupError(f"{path} is not as it was written: its digest differs.")
    return manifest


def _parsed(path: Path) -> Manifest:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        known = {one.name for one in fields(Manifest)}
        if found.get("format") != FORMAT:
            raise BackupError(f"{path} is of a format not known here.")
        return Manifest(**{name: value for name, value in found.items() if name in known})
    except FileNotFoundError:
        raise BackupError(f"{path} is missing: name the folder of one backup.") from None
    except (ValueError, TypeError, AttributeError, OSError):
        raise BackupError(f"{path} is not a manifest.") from None


def files_of(folder: Path) -> dict[str, list[str]]:
    """The digest and size of every file."""
    return {
        path.name: [sha256_of(path), str(path.stat().st_size)]
        for path in sorted(folder.iterdir())
        if path.name != NAME
    }


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(folder: Path, into: Path) -> int:
    """The files of a folder in one archive; their number. Pictures are small already."""
    with tarfile.open(into, "w") as archive:
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        for path in paths:
            archive.add(path, arcname=str(path.relative_to(folder)))
    sync(into)
    return len(paths)


def unpack(archive: Path, into: Path) -> None:
    """Put the files back; nothing of it may lie outside the folder. Raises BackupError.

    By hand: the filters of tarfile came with Python 3.11.4, and Debian has 3.11.2.
    """
    into.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as opened:
        for member in opened:
            path = into / member.name
            body = opened.extractfile(member) if member.isfile() else None
            if body is None or not path.resolve().is_relative_to(into.resolve()):
                raise BackupError(f"{archive.name} holds what no backup of ours has.")
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(body, file)


def sync(path: Path) -> None:
    """On the disk before the folder gets its name."""
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
