"""The signed addresses of a donor's card pages, for mails and my pages. They name refs alone.

    new_card_link(pledge)       a page where another card is saved
    confirm_link(collection)    a page where a draw that the bank asked about is paid

Good for thirty days. Opening one changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from fundraise.pledges.models import Collection, Pledge

LIFE = timedelta(days=30)
LONGEST = 200
NEW, CONFIRM = "n", "c"


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a link is about: a pledge's new card, or a draw."""

    kind: str
    ref: UUID


def new_card_link(pledge: Pledge) -> str:
    """Where the donor puts another card."""
    return f"{settings.BASE_URL}{path(token(NEW, pledge.ref), pledge.language)}"


def confirm_link(draw: Collection) -> str:
    """Where the donor confirms a draw that the card's bank wants to ask about."""
    language = draw.instalment.pledge.language
    return f"{settings.BASE_URL}{path(token(CONFIRM, draw.ref), language)}"


def token(kind: str, ref: UUID) -> str:
    """What stands in the address."""
    return _signer().sign(f"{kind}.{ref.hex}")


def path(signed: str, language: str) -> str:
    """The page of a token."""
    return f"/en/card/{signed}/" if language == "en" else f"/kort/{signed}/"


def read(text: str) -> Pointed | None:
    """What a token points at; None when it is forged or has run out."""
    if len(text) > LONGEST:
        return None
    try:
        kind, _, ref = _signer().unsign(text, max_age=LIFE).partition(".")
        return Pointed(kind, UUID(hex=ref)) if kind in {NEW, CONFIRM} else None
    except (signing.BadSignature, ValueError):
        return None


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="fundraise.providers.card")
