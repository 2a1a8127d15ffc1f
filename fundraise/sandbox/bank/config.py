"""What the process was started with. Never changes while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fundraise.sandbox.bank.accounts import BankAccount

Json = dict[str, Any]


@dataclass(frozen=True)
class Config:
    port: int
    data: Path
    accounts: tuple[BankAccount, ...]
    host: str = "127.0.0.1"
    from_folder: Path | None = None
    # The stand-ins that are asked what they paid out; "" for none.
    stripe: str = ""
    stripe_key: str = ""
    bankgirot: str = ""
    poll_seconds: float = 1.0

    @property
    def database(self) -> Path:
        return self.data / "bank.sqlite3"

    @property
    def from_bank(self) -> Path:
        """Where files are put."""
        return self.from_folder or self.data / "from-bank"
