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


MAKERS: dict[str, Callable[[], str]] = {
    "FUNDRAISE_SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FUNDRAISE_FIELD_KEYS": _key,
    "FUNDRAISE_LOOKUP_KEYS": _key,
    "STRIPE_SECRET_KEY": lambda: "sk_test_" + secrets.token_hex(24),
    "STRIPE_WEBHOOK_SECRET": lambda: "whsec_" + secrets.token_hex(24),
}
