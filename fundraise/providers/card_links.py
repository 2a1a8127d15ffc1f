"""The addresses of a donor's card pages, for mails and my pages; they name refs alone.

    new_card_link(pledge)       a page where another card is saved
    confirm_link(draw)          a page where a draw that the card's bank asked about is paid

Signed, good for thirty days, and behind a question mark, since logs leave out what comes there.
Opening one changes nothing. The pages are in fundraise/give/mine/card_pages.py.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from fundraise.pledges.links import LinkError, repair_key
from fundraise.pledges.models import Collection, Pledge

LIFE = timedelta(days=30)
LONGEST = 300


def new_card_link(pledge: Pledge, language: str = "") -> str:
    """Where the donor puts another card; its key also opens the pledge's repair."""
    return _made("new_card", repair_key(pledge), language or pledge.language)


def confirm_link(draw: Collection, language: str = "") -> str:
    """Where the donor confirms a draw that the card's bank wants to ask about."""
    language = language or draw.instalment.pledge.language
    return _made("confirm_draw", _signer().sign(draw.ref.hex), language)


def read_confirm(key: str) -> UUID:
    """Which draw it is about. Raises LinkError."""
    if len(key) > LONGEST:
        raise LinkError
    try:
        return UUID(_signer().unsign(key, max_age=LIFE))
    except (signing.BadSignature, ValueError):
        raise LinkError from None


def _made(page: str, key: str, language: str) -> str:
    return f"{settings.BASE_URL}{reverse(f'give:{page}_{language}')}?{urlencode({'key': key})}"


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="fundraise.providers.card_links")
