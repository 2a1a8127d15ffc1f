"""What every reader yields: statements, their lines and the payments inside a line.

A line is one movement of the account as the bank booked it; a payment is one payer's part of it,
where the file tells of parts. Sums are whole öre, below zero when money leaves the account. Dates
are the bank's own (Europe/Stockholm). `at` is a place in the file that a person can find: "row 12",
"line 3, column 14".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import IO, Protocol


class Kind(StrEnum):
    """What a file is; decided by its content, never by its name."""

    CAMT_052 = "camt.052"
    CAMT_053 = "camt.053"
    CAMT_054 = "camt.054"
    BANK_CSV = "bank_csv"
    SWISH = "swish"
    BGMAX = "bgmax"
    AUTOGIRO = "autogiro"
    STRIPE_PAYOUTS = "stripe_payouts"


class FormatError(ValueError):
    """A file that can't be taken; nothing of it is kept. `code` is stable, `at` is the place.

    The message says in English what is wrong and never repeats a payer's words.
    """

    def __init__(self, code: str, at: str = "", **facts: object) -> None:
        super().__init__(f"{code} at {at}" if at else code)
        self.code = code
        self.at = at
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Payer:
    """Who a payment is from, as far as the file says. Personal data: never logged."""

    name: str = ""
    account: str = ""  # IBAN or clearing and account, digits and letters only
    phone: str = ""  # +46…, digits only after the plus
    org_or_person: str = ""
    address: tuple[str, ...] = ()
    country: str = ""  # of its address, two letters
    bic: str = ""  # of its bank

    def __repr__(self) -> str:
        return "Payer(…)"


@dataclass(frozen=True, slots=True)
class Payment:
    """One payer's money inside a line."""

    amount_ore: int
    at: str
    bank_ref: str = ""  # the bank's own name for it (AcctSvcrRef, Swish's payment reference)
    end_to_end: str = ""
    reference: str = ""  # OCR or another structured reference
    message: str = field(default="", repr=False)
    order_id: str = ""
    payer: Payer = field(default_factory=Payer, repr=False)
    code: str = ""  # the bank's kind, "PMNT/RCDT/…"
    is_return: bool = False
    more_references: tuple[str, ...] = ()  # when one payment pays several
    to_account: str = ""  # the giro or account of ours it was paid to, where the file says
    fee_ore: int = 0  # what the provider kept of it (Stripe): the sum is after it


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of the account. `payments` is empty when the file has no parts."""

    amount_ore: int
    booked_on: date
    at: str
    value_on: date | None = None
    bank_ref: str = ""
    text: str = field(default="", repr=False)
    code: str = ""
    balance_ore: int | None = None  # after the line, where the file says
    is_return: bool = False
    payments: tuple[Payment, ...] = ()
    declared_count: int | None = None  # of a batch
    own_payment: Payment | None = None  # what the line itself says of a payer, when it has no parts
    entry_ref: str = ""  # NtryRef: some banks tie a batch and its payments by it
    batch_ref: str = ""  # the batch's MsgId or PmtInfId


@dataclass(frozen=True, slots=True)
class Head:
    """Of which account, over which days, from which balance to which."""

    account: str  # IBAN, clearing and account, bankgiro or Swish number: digits and letters only
    account_kind: str  # iban, bban, bgnr, pgnr, swish, stripe
    kind: Kind
    statement_id: str = ""
    sequence: int | None = None
    from_day: date | None = None
    to_day: date | None = None
    opening_ore: int | None = None
    closing_ore: int | None = None
    currency: str = "SEK"
    servicer: str = ""  # the bank
    page: int | None = None  # of a statement that the bank sends in several files
    is_last_page: bool = True
    is_duplicate: bool = False  # the bank says that it sends it once more


class Statement(Protocol):
    """One account's part of a file: its head at once, its lines streamed.

    `head()` may be asked again when the lines are read: a closing balance can stand last.
    """

    def head(self) -> Head: ...

    def lines(self) -> Iterator[Line]: ...


class Reader(Protocol):
    """A kind of file. `statements` raises FormatError at the first fault, with its place.

    The statements must be read in order, each to its end before the next.
    """

    kind: Kind
    version: str  # of this reader; kept with what it read

    def statements(self, file: IO[bytes]) -> Iterator[Statement]: ...
