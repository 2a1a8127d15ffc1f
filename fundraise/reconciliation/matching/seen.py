"""What a rule looks at: an item of the bank's, and everything that it may be. Plain Python.

Everything here is found in bulk before the rules are asked; names live in memory alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Place = tuple[date, bytes, int]  # day, fingerprint, place among equal ones: an order of all items


@dataclass(frozen=True, slots=True)
class Seen:
    """One item. `key` is the caller's name for it; `codes` are message codes found in its words."""

    key: int
    place: Place
    amount_ore: int
    booked_on: date
    reference: str = ""
    codes: tuple[str, ...] = ()
    end_to_end: str = ""
    bank_ref: str = ""
    payer_keys: tuple[bytes, ...] = ()  # under each look-up key, the current one first
    has_payer: bool = False
    name: str = field(default="", repr=False)  # as it was written
    words: str = field(default="", repr=False)  # message and text, folded
    code: str = ""
    is_return: bool = False
    is_sole: bool = True  # the whole line, not one of a batch

    @property
    def is_in(self) -> bool:
        return self.amount_ore > 0


@dataclass(frozen=True, slots=True)
class Person:
    """A donor that a reference or an alias names. `entity_id` is whose the reference is."""

    donor_id: int
    campaign_id: int | None
    entity_id: int
    usual_ore: int = 0  # the middle of what the donor gave before; 0: nothing
    times: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A gift of ours without its money, or one that staff entered and that the bank must show."""

    gift_id: int
    amount_ore: int
    day: date
    donor_id: int | None
    campaign_id: int
    entity_id: int
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """A payout, a deposit of autogiro's, a refund or an item of another account: what is left of it
    (öre, below zero when it leaves our account), its day, and words that name it."""

    pk: int
    amount_ore: int
    day: date
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What an item may be. Each tuple in the order of its keys."""

    people: tuple[Person, ...] = ()  # of its reference
    aliases: tuple[Person, ...] = ()  # of its payer's account or phone
    coded: tuple[Waiting, ...] = ()  # gifts whose message code it says
    proved: tuple[Waiting, ...] = ()  # gifts entered by hand with its reference as proof
    waiting: tuple[Waiting, ...] = ()  # of these donors, or with its sum near its day
    named: tuple[Person, ...] = ()  # donors of its payer's name
    named_waiting: tuple[Waiting, ...] = ()  # their gifts of its sum near its day
    payouts: tuple[Sum, ...] = ()
    deposits: tuple[Sum, ...] = ()
    refunds: tuple[Sum, ...] = ()
    taken_back: tuple[Sum, ...] = ()  # gifts and refunds that a return may undo
    opposites: tuple[Sum, ...] = ()  # items of our other accounts
    # Kind and sum that persons have said yes to again and again (a fee of so many kronor).
    confirmed: frozenset[tuple[str, int]] = frozenset()


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Decision:
    """What an item is. `mode` is auto, suggest or none; `found` is the evidence, in codes."""

    mode: str
    kind: str = ""
    rule: int | None = None  # the version
    found: tuple[str, ...] = ()
    donor_id: int | None = None
    campaign_id: int | None = None
    entity_id: int | None = None
    gift_id: int | None = None
    payout_id: int | None = None
    deposit_id: int | None = None
    refund_id: int | None = None
    other_item_id: int | None = None
    exceptions: tuple[str, ...] = ()
    usual_ore: int = 0

    @property
    def target(self) -> tuple[str, int] | None:
        """What can be met by one item alone."""
        for name, pk in (
            ("gift", self.gift_id),
            ("refund", self.refund_id),
            ("item", self.other_item_id),
        ):
            if pk is not None:
                return (name, pk)
        return None
