"""Links from mails to what a donor can do with a pledge: signed, dated, and no person in them.

What a link carries stands behind a question mark, since logs leave out what comes there. A link
opens a page; only that page's POST changes anything. The pages are in fundraise/give/mine.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from fundraise.pledges.models import Instalment, Mandate, Pledge

LIFE = timedelta(days=30)
LONGEST = 300
TRIAL = "test"  # what stands for a key in a mail that is only looked at
RAISE, REPAIR, NAME_SUM, INSTEAD = "raise", "repair", "name_sum", "instead"


class LinkError(ValueError):
    """The link can't be used: forged, or older than thirty days."""


@dataclass(frozen=True, slots=True)
class Raise:
    """What a link to raise a pledge says. `id` is what it is spent under."""

    ref: UUID
    from_ore: int
    to_ore: int
    id: str
    until: datetime


def my_pages(language: str) -> str:
    """Where a donor asks for a link to log in."""
    return f"{settings.BASE_URL}{reverse(f'give:mine_{language}')}"


def upgrade_link(pledge: Pledge, new_ore: int) -> str:
    """A link that offers one pledge one higher sum, once, for thirty days.

    Raises ValueError when the sum is not higher than the pledge's own.
    """
    return _made(RAISE, upgrade_key(pledge.ref, pledge.amount_ore, new_ore), pledge.language)


def upgrade_key(ref: UUID, from_ore: int, to_ore: int) -> str:
    """What such a link carries, for a mail whose own links lead there.

    Raises ValueError when the sum is not higher than the pledge's own.
    """
    if to_ore <= from_ore:
        raise ValueError("a raise is to a higher sum")
    parts = (ref.hex, str(from_ore), str(to_ore), secrets.token_hex(8))
    return _signer(RAISE).sign(".".join(parts))


def read_upgrade(key: str) -> Raise:
    """What such a link offers. Raises LinkError."""
    ref, from_ore, to_ore, name = _opened(RAISE, key).split(".")
    made_at = datetime.fromtimestamp(signing.b62_decode(key.rsplit(":", 2)[1]), UTC)
    return Raise(UUID(ref), int(from_ore), int(to_ore), f"{RAISE}:{name}", made_at + LIFE)


def repair_link(pledge: Pledge) -> str:
    """A link to the page that repairs a pledge whose draw failed or whose mandate is over."""
    return _made(REPAIR, repair_key(pledge), pledge.language)


def repair_key(pledge: Pledge) -> str:
    """What the link carries, for a page that leads there itself."""
    return _signer(REPAIR).sign(pledge.ref.hex)


def read_repair(key: str) -> UUID:
    """Which pledge it repairs. Raises LinkError."""
    return UUID(_opened(REPAIR, key))


def instead_key(instalment: Instalment) -> str:
    """What the donation page's address carries for a gift in the place of a month's draw."""
    return _signer(INSTEAD).sign(instalment.ref.hex)


def read_instead(key: str) -> UUID:
    """Which instalment such a gift stands for. Raises LinkError."""
    return UUID(_opened(INSTEAD, key))


def name_sum_link(mandate: Mandate, language: str) -> str:
    """A link to the page where the holder of a mandate without a pledge says how much to give."""
    return _made(NAME_SUM, _signer(NAME_SUM).sign(mandate.ref.hex), language)


def read_name_sum(key: str) -> UUID:
    """Which mandate it is about. Raises LinkError."""
    return UUID(_opened(NAME_SUM, key))


def _made(kind: str, key: str, language: str) -> str:
    query = urlencode({"key": key})
    return f"{settings.BASE_URL}{reverse(f'give:{kind}_{language}')}?{query}"


def _opened(kind: str, key: str) -> str:
    if len(key) > LONGEST:
        raise LinkError
    try:
        return _signer(kind).unsign(key, max_age=LIFE)
    except signing.BadSignature:
        raise LinkError from None


def _signer(kind: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"fundraise.pledges.link/{kind}")
