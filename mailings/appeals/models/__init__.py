"""An appeal, its words, its people, and the requests that carry them."""

from __future__ import annotations

from mailings.appeals.models.appeal import Appeal, AppealTransition, Content, Link, Variant
from mailings.appeals.models.fate import Fate, FateCount
from mailings.appeals.models.reached import Reached
from mailings.appeals.models.sending import Batch, Bucket, Chunk, Message, Payload, Wave
from mailings.appeals.models.trial import Trial

__all__ = [
    "Appeal",
    "AppealTransition",
    "Batch",
    "Bucket",
    "Chunk",
    "Content",
    "Fate",
    "FateCount",
    "Link",
    "Message",
    "Payload",
    "Reached",
    "Trial",
    "Variant",
    "Wave",
]
