"""The donor's own session: a signed cookie with a secret, a row with its hash, nothing of staff's.

The signature is dated anew with every page, so that a cookie that has lain idle says nothing; a GET
writes no row for it. A new secret comes with the log-in and, every few minutes, with a POST.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from fundraise import clock, crypto
from fundraise.give.models import Visit

TURNED_EVERY = timedelta(minutes=5)
GRACE = timedelta(minutes=1)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Here:
    """A visit as this request sees it: the row, the secret to go on with, whose address it is.

    `current` is False when another request has brought the browser a newer secret.
    """

    visit: Visit
    secret: str
    address: str
    current: bool = True


def cookie_name() -> str:
    """With https the browser itself refuses to let another host or a plain page set it."""
    return "__Host-mine" if settings.SECURE else "mine"


def begin(address: str) -> Here:
    """A new visit for who has shown that the address is theirs."""
    now, secret = clock.real_now(), secrets.token_urlsafe(32)
    visit = Visit(key_hash=_hash(secret), begun_at=now, turned_at=now)
    visit.ends_at = now + timedelta(hours=settings.MY_PAGES_MOST_HOURS)
    visit.address_sealed = crypto.seal(address.encode(), context=_context(visit.ref))
    visit.save(force_insert=True)
    return Here(visit, secret, address)


def find(request: HttpRequest) -> Here | None:
    """The visit that the request's cookie names, while it is good. Reads only."""
    cookie = request.COOKIES.get(cookie_name(), "")
    if not cookie or len(cookie) > LONGEST:
        return None
    idle = timedelta(minutes=settings.MY_PAGES_IDLE_MINUTES)
    try:
        secret = _signer().unsign(cookie, max_age=idle)
    except signing.BadSignature:
        return None
    now, digest = clock.real_now(), _hash(secret)
    current = Q(key_hash=digest) | Q(previous_hash=digest, turned_at__gt=now - GRACE)
    visit = Visit.objects.filter(current, ends_at__gt=now).first()
    if visit is None:
        return None
    address = crypto.unseal(bytes(visit.address_sealed), context=_context(visit.ref)).decode()
    return Here(visit, secret, address, current=bytes(visit.key_hash) == digest)


def turned(here: Here) -> Here:
    """The same visit under a new secret, when the old one has been used for a while."""
    now, secret = clock.real_now(), secrets.token_urlsafe(32)
    if not here.current or here.visit.turned_at > now - TURNED_EVERY:
        return here
    row = Visit.objects.filter(pk=here.visit.pk, key_hash=_hash(here.secret))
    new = {"key_hash": _hash(secret), "previous_hash": _hash(here.secret), "turned_at": now}
    won = row.update(**new) == 1
    return replace(here, secret=secret) if won else replace(here, current=False)


def end(here: Here) -> None:
    """Log out: the row goes, and with it every copy of the cookie is worth nothing."""
    Visit.objects.filter(pk=here.visit.pk).delete()


def hand_over(response: HttpResponse, here: Here) -> None:
    """Give the browser its cookie, dated now; it goes when the browser is closed."""
    if here.current:
        response.set_cookie(
            cookie_name(),
            _signer().sign(here.secret),
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )


def take_back(response: HttpResponse) -> None:
    """Have the browser forget its cookie."""
    response.delete_cookie(cookie_name(), samesite="Lax")


def forget(now: datetime) -> int:
    """Delete visits whose time has passed."""
    return Visit.objects.filter(ends_at__lt=now).delete()[0]


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _context(ref: UUID) -> str:
    return f"visit:{ref}"


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="fundraise.give.visit")
