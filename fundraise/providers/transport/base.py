"""The way of files to a bank and back, whoever carries them. Plain Python.

A file is delivered under a temporary name and gets its own in one step, so nobody at the other end
takes half a file. What stands there under a name is never overwritten. When an answer was lost,
`deliver` says `UNKNOWN` and nothing is done again before somebody has looked: `look` tells what the
folder shows, and a file that is gone may have been taken by the other side.

Whoever calls keeps the row: committed as being delivered before `deliver` is called, so that a
process that dies in between finds it and asks `look` first.
"""

from __future__ import annotations

import hashlib
import re
from enum import Enum
from typing import Protocol

TEMPORARY = ".part"
TAKEN = "taken"
LARGEST = 200_000_000
_NAME = re.compile(r"[^./\\][^/\\]{0,150}")


class TransportError(Exception):
    """It did not work, and nothing was delivered or moved. The text names no person and no secret.

    `permanent`: trying again changes nothing (a wrong key, a name that is in use).
    """

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class NameTaken(TransportError):
    """Something else stands there under the name already; it was left as it is."""

    def __init__(self) -> None:
        super().__init__("another file has that name there", permanent=True)


class Delivery(Enum):
    """What came of a delivery that did not fail."""

    DELIVERED = "delivered"
    ALREADY = "already"  # the same content stood there under the name
    UNKNOWN = "unknown"  # the answer was lost: look, and do nothing blindly


class Seen(Enum):
    """What a folder shows of a file that may have been delivered."""

    THERE = "there"  # the same content
    OTHER = "other"  # another content under the name
    HALF = "half"  # only our temporary file: it never got its name, so delivering again is safe
    GONE = "gone"  # nothing: never there, or taken by the other side


class Transport(Protocol):
    """One folder that we deliver to and one that we fetch from."""

    def deliver(self, name: str, content: bytes) -> Delivery:
        """Put a file there, once. Raises TransportError (nothing was delivered) and NameTaken."""
        ...

    def exists(self, name: str) -> bytes | None:
        """What stands there under a name that we deliver to. Raises TransportError."""
        ...

    def matches(self, name: str, content: bytes) -> bool | None:
        """Whether the same content stands there; None when there is nothing."""
        ...

    def look(self, name: str, content: bytes) -> Seen:
        """What is there of a file whose delivery has no known end. Raises TransportError."""
        ...

    def incoming(self) -> list[str]:
        """The names of files that have come and that nobody writes to any more, in order."""
        ...

    def fetch(self, name: str) -> bytes:
        """The bytes of a file that has come. Raises TransportError, also when it just changed."""
        ...

    def taken(self, name: str, content: bytes) -> None:
        """A file is stored with us: moved to `taken`, or left, as the setting says. Twice is
        harmless; a file that is not the one that was fetched stays. Raises TransportError."""
        ...


def checked_name(name: str) -> str:
    """A file's name that leads nowhere else. Raises TransportError."""
    if not _is_plain(name) or name.endswith(TEMPORARY) or name == TAKEN:
        raise TransportError("the file's name is not allowed", permanent=True)
    return name


def is_incoming(name: str) -> bool:
    """Whether a file of that name is picked up: no hidden one, none that is being written."""
    return _is_plain(name) and not name.endswith((TEMPORARY, ".tmp", ".filepart"))


def _is_plain(name: str) -> bool:
    return name.isprintable() and bool(_NAME.fullmatch(name))


def temporary(name: str, content: bytes) -> str:
    """The name that a file has while it is written; the same for the same content."""
    return f".{name}.{hashlib.sha256(content).hexdigest()[:16]}{TEMPORARY}"


def other_name(name: str, content: bytes) -> str:
    """Where a file is kept when another one of its name is there already."""
    return f"{name}.{hashlib.sha256(content).hexdigest()[:16]}"
