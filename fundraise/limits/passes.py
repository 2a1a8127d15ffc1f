"""A pass that was mailed: whoever holds it need not prove anything else, once.

For browsers without a script while the breaker is open. It is signed and dated, names no person,
and is spent on the gift that it leads to.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core import signing

from fundraise import clock
from fundraise.limits.work import Proof

LIFE = timedelta(hours=2)
LONGEST = 200
MARK = "pass."  # tells a pass from a solution


def new_pass() -> str:
    """A fresh pass."""
    return MARK + _signer().sign(secrets.token_urlsafe(16))


def read(text: str) -> Proof | None:
    """The proof that a pass is, or None when it is forged or has run out."""
    if not text.startswith(MARK) or len(text) > LONGEST:
        return None
    try:
        name = _signer().unsign(text.removeprefix(MARK), max_age=LIFE)
    except signing.BadSignature:
        return None
    return Proof(f"pass:{name}", clock.real_now() + LIFE)


def good(text: str) -> str:
    """The pass itself when it is good, else nothing: for a page that hands it on."""
    return text if read(text) else ""


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="fundraise.limits.pass")
