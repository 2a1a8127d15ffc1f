"""Whether a post of events is SendGrid's own: its signature over the bytes as they came.

The package's class does the arithmetic. It takes text and breaks on a missing header, so both are
seen to before; what is not UTF-8 or not base64 is simply not signed.
"""

from __future__ import annotations

import binascii
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

SIGNATURE: str = EventWebhookHeader.SIGNATURE
TIMESTAMP: str = EventWebhookHeader.TIMESTAMP


@lru_cache(maxsize=8)
def _verifier(public_key: str) -> EventWebhook:
    return EventWebhook(public_key)


def is_key(public_key: str) -> bool:
    """Whether this can be the public key of a webhook, as SendGrid shows it."""
    try:
        _verifier(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return bool(public_key)


def is_signed(
    body: bytes, *, public_key: str, signature: str | None, timestamp: str | None
) -> bool:
    """Raises ValueError when the public key of the settings is none."""
    verifier = _verifier(public_key)
    if not (signature and timestamp):
        return False
    try:
        return bool(verifier.verify_signature(body.decode(), signature, timestamp))
    except (UnicodeDecodeError, binascii.Error, ValueError):
        return False
