"""Signed with BankID: an order is begun, the app opens, the order is asked about until it is over.

The shapes are those of BankID's own API (sign, collect, cancel; pending, complete, failed with a
hint). `Client` is what talks to it: the sandbox here in demo and test, one with the house's own
certificate in live (settings.BANKID).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fundraise.money import format_kronor
from fundraise.pledges import sealing, words
from fundraise.providers.papers import wording
from fundraise.providers.signing import FAILED, SIGNED, WAITING, Asked, Progress

APP = "https://app.bankid.com/?"


@dataclass(frozen=True, slots=True)
class Order:
    """An order that was begun: what to ask about, and what opens the app."""

    ref: str
    start_token: str = ""


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
        name = _binder(asked).sign(order.ref)
        return Progress(WAITING, order=name, hint="open", open_url=_open_url(order))

    def collect(self, asked: Asked, order: str) -> Progress:
        try:
            ref = _binder(asked).unsign(order)
        except signing.BadSignature:
            return Progress(FAILED, hint="expiredTransaction")
        seen = client().collect(ref)
        if seen.status == "pending":
            return Progress(WAITING, order=order, hint=seen.hint)
        if seen.status != "complete":
            return Progress(FAILED, hint=seen.hint)
        payer = _payer(asked)
        if payer and seen.personal_number != payer:
            return Progress(FAILED, hint="somebody_else")
        proof = {"by": seen.personal_number, "name": seen.name, "order": ref[-40:]}
        return Progress(SIGNED, {**proof, "signature": seen.signature, "ocsp": seen.ocsp})


def client() -> Client:
    """Who is asked."""
    made: Client = import_string(settings.BANKID)()
    return made


def _binder(asked: Asked) -> signing.Signer:
    """Ties an order to its mandate: an order of one signs no other."""
    return signing.Signer(salt=f"fundraise.give.bankid.{asked.mandate.ref}")


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
