"""A post of events is believed only when SendGrid signed these very bytes."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mailings.senders.sendgrid import signed

PRIVATE = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    PRIVATE.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
).decode()
BODY = '[{"email": "åsa@exempel.se"}]\r\n'.encode()
AT = "1795687200"
SIGNATURE = base64.b64encode(PRIVATE.sign(AT.encode() + BODY, ec.ECDSA(hashes.SHA256()))).decode()


def test_the_bytes_as_they_came_are_believed() -> None:
    assert signed.is_signed(BODY, public_key=PUBLIC, signature=SIGNATURE, timestamp=AT)


@pytest.mark.parametrize(
    ("body", "signature", "timestamp"),
    [
        (BODY.strip(), SIGNATURE, AT),
        (BODY, SIGNATURE, "1795687201"),
        (BODY, SIGNATURE[:-4], AT),
        (BODY, "no base 64 å", AT),
        (BODY, "", AT),
        (BODY, None, AT),
        (BODY, SIGNATURE, None),
        (b"\xff" + BODY, SIGNATURE, AT),
    ],
    ids=["stripped", "later", "short", "senseless", "empty", "none", "timeless", "no text"],
)
def test_anything_else_is_not(body: bytes, signature: str | None, timestamp: str | None) -> None:
    assert not signed.is_signed(body, public_key=PUBLIC, signature=signature, timestamp=timestamp)


def test_the_signature_of_another_key_is_not_believed() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    signature = other.sign(AT.encode() + BODY, ec.ECDSA(hashes.SHA256()))
    text = base64.b64encode(signature).decode()
    assert not signed.is_signed(BODY, public_key=PUBLIC, signature=text, timestamp=AT)
