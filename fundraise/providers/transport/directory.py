"""Files by way of folders: what a bank's own program, or a mount, carries further. Plain Python."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fundraise import clock
from fundraise.providers.transport.base import (
    LARGEST,
    TAKEN,
    Delivery,
    NameTaken,
    Seen,
    TransportError,
    checked_name,
    is_incoming,
    other_name,
    temporary,
)

MODE = 0o640
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # never waits at a pipe
WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


class DirectoryTransport:
    """One folder out, one folder in, on a disk of ours or a mounted one."""

    def __init__(self, out: Path, into: Path, *, settle: int = 60, keep: bool = False) -> None:
        self.out, self.into = out, into
        self.settle, self.keep = settle, keep

    def deliver(self, name: str, content: bytes) -> Delivery:
        target = self.out / checked_name(name)
        with _reporting(), _alone(self.out):
            known = _same(target, content)
            if known is not None:
                return _already(known)
            half = self.out / temporary(name, content)
            _write(half, content)
            half.rename(target)
            _sync(self.out)
        return Delivery.DELIVERED

    def exists(self, name: str) -> bytes | None:
        with _reporting():
            return _read(self.out / checked_name(name))

    def matches(self, name: str, content: bytes) -> bool | None:
        with _reporting():
            return _same(self.out / checked_name(name), content)

    def look(self, name: str, content: bytes) -> Seen:
        with _reporting(), _alone(self.out):
            known = _same(self.out / checked_name(name), content)
            if known is not None:
                return Seen.THERE if known else Seen.OTHER
            return Seen.HALF if (self.out / temporary(name, content)).exists() else Seen.GONE

    def incoming(self) -> list[str]:
        oldest = clock.real_now().timestamp() - self.settle
        with _reporting(), os.scandir(self.into) as found:
            return sorted(one.name for one in found if _is_settled(one, oldest))

    def fetch(self, name: str) -> bytes:
        with _reporting():
            content = _read(self.into / checked_name(name))
        if content is None:
            raise TransportError("the file is not there any more")
        return content

    def taken(self, name: str, content: bytes) -> None:
        if self.keep:
            return
        source = self.into / checked_name(name)
        with _reporting(), _alone(self.into):
            if not _same(source, content):
                return  # moved before, or a new file of the same name that is not fetched yet
            (self.into / TAKEN).mkdir(mode=0o750, exist_ok=True)
            target = self.into / TAKEN / name
            if _same(target, content) is False:
                target = self.into / TAKEN / other_name(name, content)
            source.replace(target)
            _sync(self.into)


def _already(same: bool) -> Delivery:
    if not same:
        raise NameTaken
    return Delivery.ALREADY


def _is_settled(one: os.DirEntry[str], oldest: float) -> bool:
    if not is_incoming(one.name) or not one.is_file(follow_symlinks=False):
        return False
    with suppress(FileNotFoundError):  # somebody has just moved it
        return one.stat(follow_symlinks=False).st_mtime <= oldest
    return False


def _write(path: Path, content: bytes) -> None:
    """Written whole and on the disk when this returns."""
    file = os.open(path, WRITE, MODE)
    with os.fdopen(file, "wb") as half:
        half.write(content)
        half.flush()
        os.fsync(half.fileno())


def _read(path: Path) -> bytes | None:
    """The whole of a file that is not being written to. Raises TransportError."""
    try:
        file = os.open(path, READ)
    except FileNotFoundError:
        return None
    with os.fdopen(file, "rb") as opened:
        before = os.fstat(opened.fileno())
        if not stat.S_ISREG(before.st_mode) or before.st_size > LARGEST:
            raise TransportError("no plain file, or too large a one", permanent=True)
        content = opened.read(LARGEST + 1)
        after = os.fstat(opened.fileno())
    if len(content) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise TransportError("the file is being written to")
    return content


def _same(path: Path, content: bytes) -> bool | None:
    found = _read(path)
    return None if found is None else found == content


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process of ours at a time, between looking at a name and using it."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _sync(folder: Path) -> None:
    """The name is on the disk too. A file system that can't say so has done what it can."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _reporting() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TransportError(f"the folder can't be used: {error.strerror}") from error
