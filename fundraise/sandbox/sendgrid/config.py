"""What the process was started with. Never changes while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fundraise.sandbox.live import LiveModeRefused

Json = dict[str, Any]
# Every key it takes begins so; SendGrid's own never do.
KEY_PREFIX = "SG.stand-in."


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


def refuse_other_keys(api_keys: tuple[str, ...]) -> None:
    if not all(key.startswith(KEY_PREFIX) for key in api_keys):
        raise LiveModeRefused(f"The stand-in for SendGrid takes keys that begin with {KEY_PREFIX}")
