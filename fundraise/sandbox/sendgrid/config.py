"""What the process was started with. Never changes while it runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]
# Every key it takes begins so; SendGrid's own never do.
KEY_PREFIX = "SG.stand-in."


class LiveModeRefused(SystemExit):
    """A stand-in must never be the mail service of a live installation."""


@dataclass(frozen=True)
class Config:
    port: int
    data: Path
    host: str = "127.0.0.1"
    api_keys: tuple[str, ...] = ()
    webhook_url: str = ""
    parse_url: str = ""
    # Base 64 of a P-256 private key (PKCS 8, DER); empty: one of its own, kept in its database.
    signing_key: str = ""
    # Beside this machine's own, origins whose links readers and scanners may follow.
    visit: tuple[str, ...] = ()

    @property
    def database(self) -> Path:
        return self.data / "sendgrid.sqlite3"


def refuse_live_mode() -> None:
    if os.environ.get("FUNDRAISE_MODE", "demo").strip().lower() == "live":
        raise LiveModeRefused("The stand-in for SendGrid does not start when FUNDRAISE_MODE=live.")


def refuse_other_keys(api_keys: tuple[str, ...]) -> None:
    if not all(key.startswith(KEY_PREFIX) for key in api_keys):
        raise LiveModeRefused(f"The stand-in for SendGrid takes keys that begin with {KEY_PREFIX}")
