"""What a key looks like: `fr_<mode>_<prefix>_<secret><check>`.

The mode is there to see before anything is looked up, so that a demo key never reaches a live
database; the check tells a key that was cut or mistyped, and tells scanners of leaked secrets that
it is one.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

PREFIX_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
CHECK_LENGTH = 8
FORM = re.compile(
    r"fr_(?P<mode>demo|test|live)_(?P<prefix>[a-z0-9]{8})_(?P<secret>[0-9a-f]{64})"
    r"(?P<check>[0-9a-f]{8})"
)


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key in full. `repr` shows its first part only."""

    mode: str
    prefix: str
    secret: str = field(repr=False)

    @property
    def full(self) -> str:
        head = f"fr_{self.mode}_{self.prefix}_{self.secret}"
        return head + _check(head)

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.full.encode()).digest()


def new_text(mode: str) -> KeyText:
    """256 random bits under a random prefix."""
    prefix = "".join(secrets.choice(PREFIX_SIGNS) for _ in range(8))
    return KeyText(mode, prefix, secrets.token_hex(32))


def read_text(typed: str) -> KeyText | None:
    """The key that was sent, or None when it is none or its check is wrong."""
    match = FORM.fullmatch(typed)
    if match is None or not secrets.compare_digest(match["check"], _check(typed[:-CHECK_LENGTH])):
        return None
    return KeyText(match["mode"], match["prefix"], match["secret"])


def _check(head: str) -> str:
    return hashlib.sha256(b"fundraise key " + head.encode()).hexdigest()[:CHECK_LENGTH]
