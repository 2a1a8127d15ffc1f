"""Payers that nobody is: identity and account numbers with right check digits."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from fundraise.sandbox.bankgirot.numbers import luhn

FIRST_BIRTHDAY = date(1940, 1, 1)
DAYS = 23_000


def identity(dice: random.Random) -> str:
    born = FIRST_BIRTHDAY + timedelta(days=dice.randrange(DAYS))
    stem = f"{born:%Y%m%d}{dice.randrange(1000):03d}"
    return next(found for digit in range(10) if luhn((found := f"{stem}{digit}")[2:]))


def account(dice: random.Random) -> str:
    """An account of a savings bank, whose numbers pass in any case."""
    return f"8{dice.randrange(1000):03d}{dice.randrange(1, 10**10):012d}"


def signer(dice: random.Random) -> dict[str, Any]:
    """Somebody who signs an e-mandate without having been asked to."""
    return {
        "payer": f"{dice.randrange(1, 10**9)}", "account": account(dice),
        "identity": identity(dice), "text": "", "postcode": "12345", "town": "PROVSTAD",
        "lines": [f"PROV PROVSSON {dice.randrange(1000)}", "", "PROVVÄGEN 1", ""],
    }  # fmt: skip
