"""What a provider can tell us, in our words. Providers translate; settle.py decides.

Sums are öre, times aware UTC. `gift_ref` is what we put into the provider's metadata, or None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line of the provider's balance: amount before the fee, `kind` in its words."""

    ref: str
    kind: str
    amount_ore: int
    fee_ore: int
    source_ref: str
    at: datetime
    payout_ref: str = ""


@dataclass(frozen=True, slots=True)
class MoneySeen:
    """A charge that succeeded. The line comes with it, or later."""

    ref: str
    gift_ref: UUID | None
    intent_ref: str
    amount_ore: int
    channel: str
    at: datetime
    line: LineSeen | None = None
    collection_ref: UUID | None = None  # the draw of a pledge that it pays
    card_country: str = ""  # where the card was issued, two letters


@dataclass(frozen=True, slots=True)
class DrawSeen:
    """How a draw on a saved card stands without money: open, failed, or closed unpaid.

    `code` is the provider's; `kind` what follows: soft (may be tried once more), hard (the card is
    of no use), ask (its bank wants its owner to confirm), revoked (its owner has stopped it).
    """

    collection_ref: UUID
    intent_ref: str
    state: str
    code: str = ""
    kind: str = "soft"


@dataclass(frozen=True, slots=True)
class CardSaved:
    """A card is kept at the provider for a pledge: after its first gift, or on a page of ours."""

    pledge_ref: UUID
    gift_ref: UUID | None
    page_ref: UUID | None
    customer_ref: str
    method_ref: str
    hint: str
    expires_on: date | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CardChanged:
    """A kept card as it is now: the network may have replaced it. `gone`: kept no more."""

    method_ref: str
    hint: str = ""
    expires_on: date | None = None
    fingerprint: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class PageSeen:
    """How a page about a saved card stands: open, done or closed."""

    session_ref: str
    page_ref: UUID
    state: str
    declined: bool = False
    fraud: bool = False
    decline: str = ""


@dataclass(frozen=True, slots=True)
class AttemptSeen:
    """How an attempt stands: open, paid, closed; the number of declines only ever rises.

    `fraud`: the decline names fraud or a card that its owner has lost, not a giver's own trouble.
    `decline`: the provider's code of the last one, for staff alone.
    """

    session_ref: str
    intent_ref: str
    gift_ref: UUID | None
    state: str
    declined: bool = False
    fraud: bool = False
    decline: str = ""


@dataclass(frozen=True, slots=True)
class RefundFact:
    """A refund at the provider. `moved`: its money has left the balance."""

    ref: str
    charge_ref: str
    intent_ref: str
    gift_ref: UUID | None
    refund_ref: UUID | None
    amount_ore: int
    at: datetime
    failed: bool
    failure: str = ""
    failed_at: datetime | None = None
    moved: bool = True
    lines: tuple[LineSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class DisputeFact:
    """A dispute at the provider, with all its balance lines so far. State: open, won, lost."""

    ref: str
    charge_ref: str
    intent_ref: str
    amount_ore: int
    state: str
    reason: str
    at: datetime
    due_at: datetime | None
    lines: tuple[LineSeen, ...]


@dataclass(frozen=True, slots=True)
class PayoutFact:
    """A payout; below zero when the provider draws from the bank."""

    ref: str
    amount_ore: int
    state: str
    arrives_on: date
    at: datetime
    trace: str = ""
    failure: str = ""
    lines_ready: bool = False
    lines: tuple[LineSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class BalanceSeen:
    """What the provider says it holds of ours, available and pending together."""

    balance_ore: int
    at: datetime


@dataclass(frozen=True, slots=True)
class WarningSeen:
    """The provider warns: an early fraud warning, a review. A person decides."""

    kind: str
    ref: str


Fact = (
    MoneySeen
    | AttemptSeen
    | DrawSeen
    | CardSaved
    | CardChanged
    | PageSeen
    | RefundFact
    | DisputeFact
    | PayoutFact
    | LineSeen
    | BalanceSeen
    | WarningSeen
)
