"""Who of the frozen people gets no mail, and why: everybody has a mail or a name for why not.

Version and hold-out are drawn by a keyed hash of the address, so that who shares one is one, and a
chunk that is prepared again gives the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from donors.opening import Opened
from mailings.appeals.models import Appeal, Message
from mailings.appeals.people import Row

Outcome = Message.Outcome
SENT = str(Outcome.SENT)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about a chunk's people before anybody is chosen."""

    suppressed: set[bytes]
    capped: set[int]
    taken: set[bytes]  # addresses that somebody's message goes to already


class Draw:
    """The lots of one appeal."""

    def __init__(self, appeal: Appeal, shares: Sequence[tuple[int, int]]) -> None:
        self._key = appeal.ref.bytes
        self._held = appeal.holdout_percent * 65_536 // 100
        self._lots = [variant for variant, share in shares for _ in range(share)]
        same = not self._held and len(set(self._lots)) == 1
        self._same = (False, self._lots[0]) if same else None

    def __call__(self, email_key: bytes) -> tuple[bool, int]:
        """Whether the address is held out, and which version it gets."""
        if self._same is not None:
            return self._same  # nothing to draw
        digest = hashlib.blake2b(email_key, key=self._key, digest_size=8).digest()
        held = int.from_bytes(digest[:2], "big") < self._held
        return held, self._lots[int.from_bytes(digest[2:], "big") % len(self._lots)]


def why_not(row: Row, email_key: bytes | None, person: Opened | None, facts: Facts) -> str:
    """Why a person gets no mail; empty when there is no reason. Marks the address as taken."""
    if not row.may:
        return Outcome.NO_BASIS
    if email_key is None or person is None:
        return Outcome.NO_ADDRESS
    if row.unfit or email_key in facts.suppressed:
        return Outcome.SUPPRESSED
    if row.donor_id in facts.capped:
        return Outcome.CAPPED
    if email_key in facts.taken:
        return Outcome.SHARED
    facts.taken.add(email_key)
    return SENT
