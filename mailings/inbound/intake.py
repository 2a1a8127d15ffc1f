"""The door for mail that comes in: a secret address, bytes kept sealed, read by a task."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import timedelta

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.db import transaction
from django.db.utils import IntegrityError

from fundraise import clock, crypto
from fundraise.outbox import courier
from mailings.inbound.models import InboundMail

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
OLDEST = timedelta(days=4)  # SendGrid tries for three
AHEAD = timedelta(minutes=5)
RAW_KEPT_DAYS = 30


class UnknownAddress(LookupError):
    """The secret of the address is not ours."""


class BadSignature(ValueError):
    """Not signed by the sender, where the settings ask for it."""


def most_bytes() -> int:
    """How much of one mail is kept."""
    megabytes: int = settings.INBOUND_MAX_MB
    return megabytes * 1_000_000


def check_address(secret: str) -> None:
    """Raises UnknownAddress, in the same time for any secret."""
    ours: str = settings.SENDGRID_INBOUND_TOKEN
    if not ours or not hmac.compare_digest(secret.encode(), ours.encode()):
        raise UnknownAddress


def receive(body: bytes, content_type: str, headers: Mapping[str, str], *, is_cut: bool) -> bool:
    """Keep one mail; False when the same bytes were kept before. Raises BadSignature.

    What is larger than is kept can't be checked whole: it is believed for the secret alone.
    """
    if settings.SENDGRID_INBOUND_PUBLIC_KEY and not is_cut:
        _check(body, headers)
    digest = hashlib.sha256(body).digest()
    now = clock.real_now()
    mail = InboundMail(
        sha256=digest,
        content_type=content_type[:200],
        is_cut=is_cut,
        received_at=now,
        next_try_at=now,
        keep_until=(now + timedelta(days=RAW_KEPT_DAYS)).date(),
    )
    mail.sealed = crypto.seal(body, context=context(digest))
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
            transaction.on_commit(lambda: _queue(mail.pk), robust=True)
    except IntegrityError:
        return False
    return True


def context(digest: bytes) -> str:
    """What the sealed bytes are bound to."""
    return f"inbound:{digest.hex()}"


def opened(mail: InboundMail) -> bytes:
    """The post as it came."""
    return crypto.unseal(bytes(mail.sealed or b""), context=context(bytes(mail.sha256)))


def _check(body: bytes, headers: Mapping[str, str]) -> None:
    """SendGrid's security policy `signature`: over time and raw bytes, as its events have."""
    signature, timestamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
    if not timestamp.isdecimal():
        raise BadSignature("no time")
    age = clock.real_now().timestamp() - int(timestamp)
    if not -AHEAD.total_seconds() <= age <= OLDEST.total_seconds():
        raise BadSignature("its time")
    signed = timestamp.encode() + body
    if not any(_is_by(key, signature, signed) for key in settings.SENDGRID_INBOUND_PUBLIC_KEY):
        raise BadSignature("its signature")


def _is_by(public_key: str, signature: str, signed: bytes) -> bool:
    try:
        key = load_der_public_key(b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(b64decode(signature), signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, NotBase64, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _queue(pk: int) -> None:
    """Tell a worker; when the broker is away the sweeper finds the row."""
    from mailings.inbound.tasks import take  # its module imports this one's neighbours

    courier.send(take, pk)
