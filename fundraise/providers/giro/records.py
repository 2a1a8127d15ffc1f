"""Orders as the lines of a sealed file. Plain data in, bytes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fundraise.providers.autogiro import files, seal
from fundraise.providers.autogiro.orders import (
    CancelMandate,
    ChangeOrder,
    NewMandate,
    OrderOpening,
    PaymentOrder,
)
from fundraise.providers.giro.terms import Payee

FIRST_ORDER = 3  # after the seal's record and the opening record
INTO, ONCE, ONE_DRAW = "82", "0", "25"


def sealed_file(payee: Payee, day: date, records: Sequence[Any]) -> bytes:
    """One section of orders, sealed. Raises autogiro.errors.FormatError."""
    opening = OrderOpening(f"{day:%Y%m%d}", payee.customer_number, payee.bankgiro)
    return seal.seal(files.write("orders", [(opening, records, None)]), payee.key, day)


def draw(payee: Payee, payer: str, due: date, ore: int, reference: str) -> PaymentOrder:
    """TK82, once."""
    return PaymentOrder(INTO, f"{due:%Y%m%d}", ONCE, None, payer, ore, payee.bankgiro, reference)


def cancel(payee: Payee, payer: str, due: date, ore: int, reference: str) -> ChangeOrder:
    """TK25: this one draw."""
    return ChangeOrder(ONE_DRAW, payee.bankgiro, payer, f"{due:%Y%m%d}", ore, INTO, "", reference)


def new(payee: Payee, payer: str, account16: str, identity12: str) -> NewMandate:
    """TK04. Blank account and identity: a mandate on a bankgiro number, or a yes."""
    return NewMandate(payee.bankgiro, payer, account16, identity12)


def reject(payee: Payee, payer: str) -> NewMandate:
    """TK04 with AV: no to a mandate of the Internet bank."""
    return NewMandate(payee.bankgiro, payer, "", "", "AV")


def end(payee: Payee, payer: str) -> CancelMandate:
    """TK03."""
    return CancelMandate(payee.bankgiro, payer)
