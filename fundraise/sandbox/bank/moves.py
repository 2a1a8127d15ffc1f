"""What moves on an account: as its maker meant it, and as the bank booked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fundraise.sandbox.bank.accounts import BankAccount

KINDS = (
    "gift", "autogiro", "payout", "payout_return", "membership_fee", "own_transfer",
    "refund_sent", "refund_returned", "salary", "supplier", "tax", "interest", "bank_fee",
    "public_support", "sale", "lottery", "loan", "other",
)  # fmt: skip
CHANNELS = ("giro", "swish", "transfer", "autogiro", "payout", "bank")


@dataclass(frozen=True, slots=True)
class Move:
    """One payment. Above zero it reaches the account, below zero it leaves."""

    account: str
    amount_ore: int
    kind: str
    channel: str
    # Who it is from, or to.
    name: str = ""
    payer_account: str = ""
    phone: str = ""
    org: str = ""
    ocr: str = ""
    message: str = ""
    order: str = ""
    end_to_end: str = ""
    # What it belongs to, for the oracle: a giver's key, a payout's id, a deposit.
    source: str = ""
    # What is odd about it: twin, variant, no_reference, wrong_reference, late, split …
    marks: tuple[str, ...] = ()
    # ISO's code for why a payment came back.
    reason: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if not isinstance(self.amount_ore, int) or not self.amount_ore:
            raise ValueError("amount_ore: a whole number that is not 0")
        if self.kind not in KINDS:
            raise ValueError(f"kind: one of {', '.join(KINDS)}")
        if self.channel not in CHANNELS:
            raise ValueError(f"channel: one of {', '.join(CHANNELS)}")
        object.__setattr__(self, "marks", tuple(self.marks))


@dataclass(frozen=True, slots=True)
class Payment:
    """A move with the bank's own name for it."""

    move: Move
    ref: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the account; `batch` when it is the sum of several payments' kind."""

    ref: str
    day: date
    amount_ore: int
    balance_ore: int
    text: str
    code: tuple[str, str]
    payments: tuple[Payment, ...]
    batch: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One day of one account."""

    account: BankAccount
    day: date
    sequence: int
    opening_ore: int
    closing_ore: int
    entries: tuple[Entry, ...]

    @property
    def id(self) -> str:
        return f"{self.account.number}-{self.day:%Y%m%d}-{self.sequence:05d}"
