"""Signed with BankID: an order is begun, the app is opened here or a phone scans the code, and the
order is asked about until it is over.

The shapes are those of BankID's own API (sign, collect, cancel; pending, complete, failed with a
hint), version 6. `Client` is what talks to it: the sandbox here in demo and test, one with the
house's own certificate in live (settings.BANKID).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fundraise import clock, crypto
from fundraise.money import format_kronor
from fundraise.pledges import sealing, words
from fundraise.providers.papers import wording
from fundraise.providers.signing import FAILED, SIGNED, WAITING, Asked, Progress

APP = "https://app.bankid.com/?"
UNOPENED = {"outstandingTransaction", "noClient"}  # no app has taken the order yet


@dataclass(frozen=True, slots=True)
class Order:
    """An order that was begun: what to ask about, what opens the app, and what its code is made of.

    The secret never leaves the server: who has it could make the code of any moment.
    """

    ref: str
    start_token: str = ""
    qr_token: str = ""
    qr_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Collected:
    """How an order stands: pending, complete or failed; who signed, and the proof."""

    status: str
    hint: str = ""
    personal_number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    signature: str = field(default="", repr=False)
    ocsp: str = field(default="", repr=False)


class Client(Protocol):
    """Talks to BankID, or plays it."""

    def sign(self, *, text: str, data: str, address: str, personal_number: str) -> Order:
        """Begin an order; `text` is shown in the app, `data` is signed with it."""

    def collect(self, ref: str) -> Collected:
        """How it stands now."""


class BankId:
    """A person signs for their own account; for an organisation, whoever may sign for it."""

    way: ClassVar[str] = "bankid"
    begins_later: ClassVar[bool] = True

    def begin(self, asked: Asked) -> Progress:
        order = client().sign(
            text=_shown(asked),
            data=wording.sha256(_whole(asked)),
            address=asked.address,
            personal_number=_payer(asked),
        )
        begun = _Begun(order, clock.real_now())
        return _unopened(asked, begun, "open")

    def collect(self, asked: Asked, order: str) -> Progress:
        begun = _begun(asked, order)
        if begun is None:
            return Progress(FAILED, hint="expiredTransaction")
        ref = begun.order.ref
        seen = client().collect(ref)
        if seen.status == "pending" and seen.hint in UNOPENED:
            return _unopened(asked, begun, seen.hint)
        if seen.status == "pending":
            return Progress(WAITING, order=order, hint=seen.hint)
        if seen.status != "complete":
            return Progress(FAILED, hint=seen.hint)
        payer = _payer(asked)
        if payer and seen.personal_number != payer:
            return Progress(FAILED, hint="somebody_else")
        proof = {"by": seen.personal_number, "name": seen.name, "order": ref[-40:]}
        return Progress(SIGNED, {**proof, "signature": seen.signature, "ocsp": seen.ocsp})

    def code(self, asked: Asked, order: str) -> str:
        begun = _begun(asked, order)
        return "" if begun is None else _code(begun)


def client() -> Client:
    """Who is asked."""
    made: Client = import_string(settings.BANKID)()
    return made


@dataclass(frozen=True, slots=True)
class _Begun:
    """An order and when it was begun."""

    order: Order
    at: datetime


def _unopened(asked: Asked, begun: _Begun, hint: str) -> Progress:
    """No app has it yet: it may be opened here, or scanned by a phone."""
    return Progress(
        WAITING,
        order=_name(asked, begun),
        hint=hint,
        open_url=_open_url(begun.order),
        code=_code(begun),
    )


def _context(asked: Asked) -> str:
    """Ties an order to its mandate: an order of one signs no other."""
    return f"bankid-order:{asked.mandate.ref}"


def _name(asked: Asked, begun: _Begun) -> str:
    """What the page carries of an order, sealed: it is kept nowhere else."""
    said = [*asdict(begun.order).values(), begun.at.isoformat()]
    sealed = crypto.seal(json.dumps(said).encode(), context=_context(asked))
    return base64.urlsafe_b64encode(sealed).decode()


def _begun(asked: Asked, name: str) -> _Begun | None:
    try:
        sealed = base64.urlsafe_b64decode(name.encode())
        *order, at = json.loads(crypto.unseal(sealed, context=_context(asked)))
    except (ValueError, crypto.CryptoError):
        return None
    return _Begun(Order(*order), datetime.fromisoformat(at))


def _code(begun: _Begun) -> str:
    """bankid.TOKEN.SECONDS.HMAC: https://developers.bankid.com/getting-started/qr-code."""
    order = begun.order
    if not order.qr_token or not order.qr_secret:
        return ""
    seconds = str(max(0, int((clock.real_now() - begun.at).total_seconds())))
    proof = hmac.new(order.qr_secret.encode(), seconds.encode(), hashlib.sha256).hexdigest()
    return f"bankid.{order.qr_token}.{seconds}.{proof}"


def _payer(asked: Asked) -> str:
    """The person who has to sign; nobody in particular for an organisation."""
    number = sealing.details_of(asked.mandate).identity12
    return number if asked.mandate.variant == "person" else ""


def _shown(asked: Asked) -> str:
    pledge = asked.pledge
    return _("Autogiro mandate to %(payee)s: %(sum)s %(every)s, from %(day)s.") % {
        "payee": asked.mandate.entity.name,
        "sum": format_kronor(pledge.amount_ore),
        "every": words.every(pledge.interval_months),
        "day": words.on(pledge.starts_on),
    }


def _whole(asked: Asked) -> str:
    text = asked.mandate.wording
    return wording.filled(text, asked.mandate.entity) if text else ""


def _open_url(order: Order) -> str:
    query = {"autostarttoken": order.start_token, "redirect": "null"}
    return APP + urlencode(query) if order.start_token else ""
