"""Random references: the only ids that leave the house (URLs, API, keys, provider metadata)."""

from __future__ import annotations

import secrets
import uuid


def new_ref() -> uuid.UUID:
    """128 random bits."""
    return uuid.UUID(bytes=secrets.token_bytes(16))
