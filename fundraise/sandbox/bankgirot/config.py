"""Who may send files, and what the payee has agreed with its bank."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fundraise.sandbox.bankgirot.numbers import good_bankgiro
from fundraise.sandbox.bankgirot.seal import TEST_KEY

Json = dict[str, Any]
LAYOUTS = ("new", "old", "bgmax")
TIMES = ("daily", "weekly", "monthly")
MOST_RETRIES = 3


@dataclass(frozen=True)
class Payee:
    bankgiro: str
    customer: str
    key: str = TEST_KEY
    # Where its money goes, as it stands in TK15.
    account: str = "8901003232323232"
    layout: str = "new"
    # Whether the payment specification shows what was not executed.
    stopped: bool = True
    retries: int = MOST_RETRIES
    # The most that may be drawn from one payer on one day; 0 for no limit.
    maximum_ore: int = 0
    outgoing: bool = False
    bankgiro_mandates: bool = True
    specification: str = "daily"

    def __post_init__(self) -> None:
        """Numbers are kept as they stand in records. Raises ValueError."""
        digits = self.bankgiro.replace("-", "").rjust(10, "0")
        customer = self.customer.rjust(6, "0")
        if not good_bankgiro(digits):
            raise ValueError("bankgiro: not a bankgiro number")
        if not customer.isdecimal() or len(customer) != 6:
            raise ValueError("customer: six digits are needed")
        if len(bytes.fromhex(self.key)) != 16:
            raise ValueError("key: 32 hex digits are needed")
        if self.layout not in LAYOUTS or self.specification not in TIMES:
            raise ValueError("layout or specification: unknown")
        if not 0 <= self.retries <= MOST_RETRIES or self.maximum_ore < 0:
            raise ValueError("retries or maximum_ore: out of range")
        object.__setattr__(self, "bankgiro", digits)
        object.__setattr__(self, "customer", customer)


@dataclass(frozen=True)
class Config:
    """What the process was started with. Never changes while it runs."""

    port: int
    data: Path
    payees: tuple[Payee, ...]
    host: str = "127.0.0.1"
    to_folder: Path | None = None
    from_folder: Path | None = None
    poll_seconds: float = 1.0

    @property
    def database(self) -> Path:
        return self.data / "bankgirot.sqlite3"

    @property
    def to_bank(self) -> Path:
        """Where files are dropped."""
        return self.to_folder or self.data / "to-bankgirot"

    @property
    def from_bank(self) -> Path:
        """Where reports are put."""
        return self.from_folder or self.data / "from-bankgirot"

    @property
    def taking(self) -> Path:
        """Beside the drop folder, so that a file gets there by a rename."""
        return self.to_bank / ".taking"

    @property
    def taken(self) -> Path:
        return self.to_bank / ".taken"


def load_payees(path: Path) -> list[Payee]:
    """A JSON file: {"payees": [{"bankgiro": …, "customer": …}, …]}. Raises ValueError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [Payee(**given) for given in found["payees"]]
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"{path.name}: {problem}") from None
