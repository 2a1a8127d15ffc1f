"""The points of the preflight list, by what they look at."""

from __future__ import annotations

from mailings.appeals.looks.audience import people, time
from mailings.appeals.looks.sender import addresses, sender
from mailings.appeals.looks.words import words

__all__ = ["addresses", "people", "sender", "time", "words"]
