"""The keys of a checkout in demo and test mode: made once, kept in the data folder, mode 0600.

Live mode never reads them; there the keys come from the environment or from files it names.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fundraise.local.places import private_folder
from fundraise.local.shares import alone

FILE = "secrets.json"


def load(data: Path) -> dict[str, str]:
    """The secrets as environment variables; those still missing are made first."""
    private_folder(data)
    with alone(data / "secrets.lock"):
        path = data / FILE
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = {name: make() for name, make in MAKERS.items() if name not in known}
        if missing:
            _write(path, known | missing)
        return known | missing


def _write(path: Path, values: dict[str, str]) -> None:
    """Whole or not at all: a torn file of keys would cost the data."""
    new = path.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _key() -> str:
    return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()


def _signing_key() -> str:
    """What the stand-in for SendGrid signs with; the product is told its public half."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _base64(
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def public_half(signing_key: str) -> str:
    found = serialization.load_der_private_key(base64.b64decode(signing_key), None)
    return _base64(
        found.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def _base64(found: bytes) -> str:
    return base64.b64encode(found).decode()


MAKERS: dict[str, Callable[[], str]] = {
    "FUNDRAISE_SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FUNDRAISE_FIELD_KEYS": _key,
    "FUNDRAISE_LOOKUP_KEYS": _key,
    "STRIPE_SECRET_KEY": lambda: "sk_test_" + secrets.token_hex(24),
    "SENDGRID_API_KEY": lambda: "SG.stand-in." + secrets.token_hex(24),
    "SENDGRID_SIGNING_KEY": _signing_key,
    "SENDGRID_INBOUND_TOKEN": lambda: secrets.token_hex(24),
    "STRIPE_WEBHOOK_SECRET": lambda: "whsec_" + secrets.token_hex(24),
}
