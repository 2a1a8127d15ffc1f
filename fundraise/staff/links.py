"""Links that let somebody set a password: signed, for a time, good once.

A link names the account and what it looked like when the link was made. A new password, another
address, another link of the kind, or the account's end makes it say nothing. It stands behind a
question mark in the address, since logs leave out what comes there.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.urls import reverse

SETUP, PASSWORD = "setup", "password"
LONGEST = 200


class LinkError(ValueError):
    """The link can't be used: forged, too old or used. It does not say which."""


def made(user: User, kind: str) -> str:
    """The address that lets this person set a password."""
    carried = urlencode({"key": key(user, kind)})
    return f"{settings.BASE_URL}{reverse('staff_set_password')}?{carried}"


def key(user: User, kind: str) -> str:
    """What the link carries."""
    return f"{kind}.{_signer(kind).sign(f'{user.pk}.{_looks(user)}')}"


def opened(text: str) -> tuple[User, str]:
    """Whose link it is, and of which kind. Raises LinkError."""
    kind, _dot, signed = text.partition(".")
    if kind not in {SETUP, PASSWORD} or len(text) > LONGEST:
        raise LinkError
    try:
        value = _signer(kind).unsign(
            signed, max_age=timedelta(hours=settings.STAFF_LINK_HOURS[kind])
        )
    except signing.BadSignature:
        raise LinkError from None
    pk, looks = value.split(".")
    user = User.objects.filter(pk=int(pk), is_active=True, is_staff=True).first()
    if user is None or looks != _looks(user):
        raise LinkError
    return user, kind


def _looks(user: User) -> str:
    seen = f"{user.pk}|{user.password}|{user.email}|{user.last_login}"
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def _signer(kind: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"fundraise.staff.link/{kind}")
