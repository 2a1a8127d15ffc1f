"""What a provider was asked, kept sealed beside its key: the same key goes with the same words."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from fundraise import crypto
from fundraise.providers.base import StartRequest
from fundraise.providers.models import Attempt


def gift_path(ref: UUID, language: str) -> str:
    """The gift's own page: the way back from the provider, which works in any browser."""
    return f"/en/gift/{ref}/" if language == "en" else f"/gava/{ref}/"


def seal(asked: StartRequest) -> bytes:
    """A request as sealed bytes that open only for its attempt."""
    plain = asdict(asked) | {
        "gift_ref": str(asked.gift_ref),
        "pledge_ref": str(asked.pledge_ref) if asked.pledge_ref else None,
        "expires_at": asked.expires_at.isoformat(),
    }
    return crypto.seal(json.dumps(plain).encode(), context=f"attempt:{asked.key}")


def unseal(attempt: Attempt) -> StartRequest:
    """What an attempt asked. Raises crypto.CryptoError."""
    plain = crypto.unseal(bytes(attempt.request), context=f"attempt:{attempt.idempotency_key}")
    asked = json.loads(plain)
    asked["gift_ref"] = UUID(asked["gift_ref"])
    pledge = asked.get("pledge_ref")
    asked["pledge_ref"] = UUID(pledge) if pledge else None
    asked["expires_at"] = datetime.fromisoformat(asked["expires_at"])
    return StartRequest(**asked)
