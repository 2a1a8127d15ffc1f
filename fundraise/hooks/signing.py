"""Signatures as standardwebhooks.com writes them: id, time and body under each valid secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits, in the form that the receivers' libraries take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, message_id: str, at: int, body: bytes) -> str:
    """One secret's signature."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(keys: Iterable[str], message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers of one call; two signatures while a secret is being changed."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(key, message_id, at, body) for key in keys),
    }
