"""The signature of posts: ECDSA P-256 with SHA-256 over time stamp and raw body, base 64 of DER."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fundraise import clock
from fundraise.sandbox.sendgrid.store import Store

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


class Signer:
    def __init__(self, key: str) -> None:
        """Raises ValueError when it is no P-256 private key."""
        found = serialization.load_der_private_key(base64.b64decode(key), None)
        if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != "secp256r1":
            raise ValueError("The signing key is no P-256 key")
        self._key = found
        public = found.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public_key = base64.b64encode(public).decode()

    def headers(self, body: bytes) -> dict[str, str]:
        # Real time, never the stand-in's clock: a receiver compares with its own.
        at = str(int(clock.real_now().timestamp()))
        signature = self._key.sign(at.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: at}


def new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return base64.b64encode(
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    ).decode()


def signer(store: Store, given: str) -> Signer:
    """With the key given, else with one of its own that is made once."""
    if given:
        return Signer(given)
    with store.write():
        rows = store.query("SELECT key FROM signing")
        if not rows:
            store.run("INSERT INTO signing (key) VALUES (?)", new_key())
        return Signer(store.query("SELECT key FROM signing")[0][0])
