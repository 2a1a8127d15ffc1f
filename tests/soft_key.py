"""A passkey in software, for tests that need no browser: it signs what a real one would."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import User
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from fundraise.staff.adapters import host

FLAG = AuthenticatorData.FLAG


class SoftKey:
    """One passkey of one person, set up already."""

    def __init__(self, user: User) -> None:
        self.user, self.id = user, secrets.token_bytes(16)
        self.private = ec.generate_private_key(ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public = ES256({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        owned = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(_rp(), FLAG.UP | FLAG.UV | FLAG.AT, 0, owned)
        response = {
            "clientDataJSON": websafe_encode(_client_data("webauthn.create", "")),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        }
        self.row: Authenticator = WebAuthn.add(user, "soft", self._sent(response)).instance

    def answer(self, challenge: str, *, verified: bool) -> str:
        """What a browser posts; `verified`: the owner showed a finger, a face or a number."""
        flags = FLAG.UP | FLAG.UV if verified else FLAG.UP
        data = AuthenticatorData.create(_rp(), flags, 1)
        client = _client_data("webauthn.get", challenge)
        signed = bytes(data) + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(bytes(data)),
            "signature": websafe_encode(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": websafe_encode(user_pk_to_url_str(self.user).encode()),
        }
        return json.dumps(self._sent(response))

    def _sent(self, response: dict[str, str]) -> dict[str, Any]:
        sent = {"id": websafe_encode(self.id), "rawId": websafe_encode(self.id)}
        return {**sent, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _rp() -> bytes:
    return hashlib.sha256(host().encode()).digest()


def _client_data(kind: str, challenge: str) -> bytes:
    said = {"type": kind, "challenge": challenge, "origin": f"https://{host()}"}
    return json.dumps(said).encode()
