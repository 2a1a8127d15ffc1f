"""Links of monthly giving that are good by themselves: signed, dated, for one thing each.

A link names a ref and nothing of a person, and its key stands in the query: request logs keep
paths, and leave out what comes after the question mark. Opening one changes nothing; what it
leads to is done by POST. `url` is for mails and letters, of whichever layer.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

LONGEST = 200
KEY = "key"
FRESH = "ny"  # carries that whoever opens a pledge's page has just signed up
# How long each kind is good. `fresh` is what the one who just signed up has in the browser.
LIFE = {
    "sign": timedelta(days=30),
    "disown": timedelta(days=400),
    "mandate": timedelta(days=400),
    "fresh": timedelta(hours=2),
    "after": timedelta(minutes=30),  # of a gift: its giver goes on to give every month
}


def token(purpose: str, ref: UUID) -> str:
    """A token that leads to this ref, for one purpose."""
    return _signer(purpose).sign(ref.hex)


def read(purpose: str, text: str) -> UUID | None:
    """The ref that a token leads to; None when it is forged, of another kind or has run out."""
    if len(text) > LONGEST:
        return None
    try:
        return UUID(_signer(purpose).unsign(text, max_age=LIFE[purpose]))
    except (signing.BadSignature, ValueError):
        return None


def url(purpose: str, ref: UUID, language: str) -> str:
    """The whole address of a link: purpose sign, disown, mandate or mandate_pdf."""
    kind = "mandate" if purpose == "mandate_pdf" else purpose
    path = reverse(f"give:{purpose}_{language}")
    return f"{settings.BASE_URL}{path}?{urlencode({KEY: token(kind, ref)})}"


def own_page(ref: UUID, language: str) -> str:
    """The path of a pledge's page, with what shows that its reader has just signed up."""
    path = reverse(f"give:pledge_{language}", args=[ref])
    return f"{path}?{FRESH}={token('fresh', ref)}"


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"fundraise.pledges.{purpose}")
