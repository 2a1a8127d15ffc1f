"""BankID played: an order ends by itself after three seconds. Refuses to play in live mode.

Nothing is kept: the order's name holds, sealed, what it was about. The co-ordination number of
Skatteverket's own examples (701063-2391) presses Cancel.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings

from fundraise import clock, crypto
from fundraise.give.signing.bankid import Collected, Order

TAKES = timedelta(seconds=3)
SAYS_NO = "197010632391"
ANYBODY = "198112289874"
CONTEXT = "bankid-sandbox"


class Sandbox:
    """A client of nobody."""

    def __init__(self) -> None:
        if settings.MODE == "live":
            raise RuntimeError("BankID's sandbox signs for nobody: live mode needs a real client")

    def sign(self, *, text: str, data: str, address: str, personal_number: str) -> Order:
        said = {
            "by": personal_number or ANYBODY,
            "at": clock.real_now().isoformat(),
            "hash": hashlib.sha256(f"{text}\n{data}".encode()).hexdigest(),
        }
        sealed = crypto.seal(json.dumps(said).encode(), context=CONTEXT)
        return Order(
            base64.urlsafe_b64encode(sealed).decode(),
            qr_token=str(uuid4()),
            qr_secret=str(uuid4()),
        )

    def collect(self, ref: str) -> Collected:
        try:
            sealed = base64.urlsafe_b64decode(ref.encode())
            said = json.loads(crypto.unseal(sealed, context=CONTEXT))
        except (ValueError, crypto.CryptoError):
            return Collected("failed", "expiredTransaction")
        age = clock.real_now() - datetime.fromisoformat(said["at"])
        if age < TAKES:
            return Collected("pending", "outstandingTransaction" if age < TAKES / 2 else "userSign")
        if age > timedelta(minutes=5):
            return Collected("failed", "expiredTransaction")
        if said["by"] == SAYS_NO:
            return Collected("failed", "userCancel")
        proof = base64.b64encode(said["hash"].encode()).decode()
        return Collected("complete", "", said["by"], "", proof, "sandbox")
