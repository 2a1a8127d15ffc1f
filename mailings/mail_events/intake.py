"""The door for posts of events: checked on their raw bytes, kept sealed, answered; read later."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from fundraise import clock, crypto
from fundraise.outbox import courier
from mailings.senders.sendgrid.signed import SIGNATURE, TIMESTAMP, is_signed

MOST_BYTES = 16_000_000  # of a post that was made smaller on its way
OLDEST = timedelta(days=3)  # the sender tries for a day; what came before changes nothing anyway
AHEAD = timedelta(minutes=5)
ASK_EVERY = 0.8  # seconds; a run that is asked for begins a second later and takes all there is

_STORE = """
  INSERT INTO mail_events_eventpost (account, sha256, sealed, state, tries, error, strange,
                                     received_at, next_try_at, keep_until)
  VALUES (%s, %s, %s, 'stored', 0, '', 0, %s, %s, %s)
  ON CONFLICT (sha256) DO NOTHING RETURNING id"""


class UnknownAccount(LookupError):
    """No account of ours has this address, or no key is set for it."""


class BadSignature(ValueError):
    """Not signed by the sender, or too long ago."""


class TooBig(ValueError):
    """More than a post may hold."""


@dataclass(slots=True)
class _Asked:
    at: float = float("-inf")


_asked = _Asked()


def receive(account: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Keep one post; False when the same bytes were kept before.

    Raises UnknownAccount, BadSignature or TooBig.
    """
    if account != settings.SENDGRID_ACCOUNT or not settings.SENDGRID_WEBHOOK_PUBLIC_KEY:
        raise UnknownAccount(account)
    plain = _plain(body, headers)
    _check(plain, headers)
    return store(account, plain)


def _plain(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The post, made whole again when it came gzipped; a bomb is stopped at its size."""
    if headers.get("Content-Encoding", "").strip().lower() not in {"gzip", "x-gzip"}:
        return body
    whole = zlib.decompressobj(wbits=31)
    try:
        plain = whole.decompress(body, MOST_BYTES)
    except zlib.error:
        raise BadSignature("no gzip") from None
    if whole.unconsumed_tail:
        raise TooBig("gzip")
    return plain


def _check(body: bytes, headers: Mapping[str, str]) -> None:
    signature, timestamp = headers.get(SIGNATURE), headers.get(TIMESTAMP)
    if not timestamp or not timestamp.isdecimal():
        raise BadSignature("no time")
    age = clock.real_now().timestamp() - int(timestamp)
    if not -AHEAD.total_seconds() <= age <= OLDEST.total_seconds():
        raise BadSignature("its time")
    keys = settings.SENDGRID_WEBHOOK_PUBLIC_KEY
    if not any(
        is_signed(body, public_key=key, signature=signature, timestamp=timestamp) for key in keys
    ):
        raise BadSignature("its signature")


def store(account: str, body: bytes) -> bool:
    """Keep the bytes once and have them read soon."""
    digest = hashlib.sha256(body).digest()
    now = clock.real_now()
    sealed = crypto.seal(zlib.compress(body, 1), context=context(digest))
    keep_until = (now + timedelta(days=settings.EVENT_POSTS_KEEP_DAYS)).date()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STORE, [account, digest, sealed, now, now, keep_until])
        is_new = cursor.fetchone() is not None
        if is_new:
            transaction.on_commit(_ask, robust=True)
    return is_new


def context(digest: bytes) -> str:
    """What the sealed bytes are bound to."""
    return f"mail-events:{digest.hex()}"


def _ask() -> None:
    """Ask for a run, now and then: one run takes all that waits, and a sweeper finds the rest."""
    now = time.monotonic()
    if now - _asked.at < ASK_EVERY:
        return
    _asked.at = now
    from mailings.mail_events.tasks import take_soon  # its module imports this one's neighbours

    courier.send(take_soon)
