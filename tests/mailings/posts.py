"""Posts of events as SendGrid makes and signs them."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from fundraise import clock
from tests.mailings.mailed import Mailed
from tests.people import NOON


def public(private: ec.EllipticCurvePrivateKey) -> str:
    """Its public half, as SendGrid shows it."""
    der = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


PRIVATE = ec.generate_private_key(ec.SECP256R1())
KEY = public(PRIVATE)
ADDRESS = "/webhooks/sendgrid/demo"


def event(
    kind: str, *, mailed: Mailed | None = None, seq: int = 0, at: datetime = NOON, **more: Any
) -> dict[str, Any]:
    """One event as SendGrid tells it; of a message of an appeal when one is named."""
    said: dict[str, Any] = {
        "email": "someone@example.org",
        "event": kind,
        "timestamp": int(at.timestamp()),
        "sg_event_id": uuid4().hex,
        "sg_message_id": "abc.filterdrecv-1",
        "smtp-id": "<abc@geopod>",
        "category": ["appeal"],
    }
    if mailed is not None:
        said["m"] = mailed.token(seq)
    return {**said, **more}


def signed(body: bytes, at: datetime | None = None) -> dict[str, str]:
    """The headers that go with these bytes."""
    time = str(int((at or clock.real_now()).timestamp()))
    signature = PRIVATE.sign(time.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": time,
    }


def bytes_of(events: Iterable[dict[str, Any]]) -> bytes:
    """A post's body: a CRLF at its end belongs to what is signed."""
    return orjson.dumps(list(events)) + b"\r\n"


def post(client: Client, body: bytes, headers: dict[str, str] | None = None) -> int:
    """Post it; the answer's status."""
    said = client.post(
        ADDRESS,
        data=body,
        content_type="application/json",
        headers=headers if headers is not None else signed(body),
    )
    return said.status_code
