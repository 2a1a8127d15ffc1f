"""Which sums Stripe takes in SEK, and what may stand on a statement."""

from __future__ import annotations

import re

from fundraise.sandbox.stripe.config import CURRENCY, Json
from fundraise.sandbox.stripe.errors import invalid

SMALLEST, LARGEST = 300, 99_999_999
DESCRIPTOR = re.compile(r"[^<>\\'\"*]{0,22}")


def check(amount: int, param: str = "amount") -> int:
    if amount < 1:
        raise invalid("This value must be greater than or equal to 1.", param=param,
                      code="parameter_invalid_integer")  # fmt: skip
    if amount < SMALLEST:
        raise invalid("Amount must be at least 3.00 kr sek", param=param, code="amount_too_small")
    if amount > LARGEST:
        message = "Amount must be no more than 999,999.99 kr sek"
        raise invalid(message, param=param, code="amount_too_large")
    return amount


def check_currency(params: Json) -> None:
    if params["currency"].lower() != CURRENCY:
        raise invalid("The stand-in knows only sek.", param="currency")


def check_descriptor(params: Json, inside: str = "") -> None:
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        value = params.get(name) or ""
        if not DESCRIPTOR.fullmatch(value):
            param = f"{inside}[{name}]" if inside else name
            raise invalid(f"Invalid {name}: at most 22 characters, none of < > \\ ' \" *",
                          param=param)  # fmt: skip
