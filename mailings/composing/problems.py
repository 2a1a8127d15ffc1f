"""What is wrong with a mail: which block, which place in it, and a code that has words."""

from __future__ import annotations

from dataclasses import dataclass

# Told, and no reason not to send.
WARNINGS = frozenset(
    {
        "subject_long",
        "preheader_missing",
        "preheader_long",
        "text_stale",
        "insecure_link",
        "no_postal_address",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`block` is a block's id, or subject, preheader, text, mail; `what` is what was typed."""

    block: str
    place: str
    code: str
    what: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the mail can't be sent like this."""
        return self.code not in WARNINGS
