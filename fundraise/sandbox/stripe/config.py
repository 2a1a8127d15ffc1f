"""What the process was started with. Never changes while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fundraise.sandbox.live import LiveModeRefused

API_VERSION = "2026-10-28.endive"
ACCOUNT_ID = "acct_standin"
CURRENCY = "sek"
PAYEE = "Insamlingen (testläge)"

Json = dict[str, Any]


@dataclass(frozen=True)
class Config:
    port: int
    data: Path
    host: str = "127.0.0.1"
    origin: str = ""
    api_keys: tuple[str, ...] = ()
    webhook_url: str | None = None
    webhook_secret: str = "whsec_standin"  # noqa: S105 (a stand-in has no secrets)

    @property
    def public_origin(self) -> str:
        return (self.origin or f"http://localhost:{self.port}").rstrip("/")

    @property
    def database(self) -> Path:
        return self.data / "stripe.sqlite3"


def refuse_live_keys(api_keys: tuple[str, ...]) -> None:
    if any("_live_" in key for key in api_keys):
        raise LiveModeRefused("The stand-in for Stripe takes no live key.")
