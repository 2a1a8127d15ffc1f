"""How a mandate is signed on the page: a step that can be exchanged (settings.MANDATE_SIGNING).

    progress = signing.begin(asked)            # ticked: signed at once; else what to wait for
    progress = signing.collect(asked, order)   # asked again, by the page's script or a button

A signer proves; it never moves a row. What it proved is kept by `pledges.services.starting.sign`,
with what stood on the page. A signer of your own is a class with these methods and one line in
settings.SIGNERS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from fundraise.pledges.models import Mandate, MandateWording, Pledge
from fundraise.pledges.services import starting
from fundraise.pledges.services.starting import Signed
from fundraise.providers.papers import wording

SIGNED, WAITING, FAILED = "signed", "waiting", "failed"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose signature is asked for, and from where. `repr` shows nothing of the person."""

    mandate: Mandate
    pledge: Pledge
    language: str
    address: str = field(default="", repr=False)
    agent: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a signature stands. `evidence` proves it, `order` is what to ask about, `hint` a code for
    the words on the page, `open_url` opens the app that signs, `code` is what a phone scans now."""

    state: str
    evidence: Mapping[str, object] = field(default_factory=dict, repr=False)
    order: str = ""
    hint: str = ""
    open_url: str = ""
    code: str = ""


class Signer(Protocol):
    """One way to sign."""

    way: ClassVar[str]  # one of Signature.Way
    begins_later: ClassVar[bool]  # with a button on the pledge's page; else with the form itself

    def begin(self, asked: Asked) -> Progress:
        """Ask for a signature."""

    def collect(self, asked: Asked, order: str) -> Progress:
        """How an order that was begun stands now."""

    def code(self, asked: Asked, order: str) -> str:
        """What a phone scans at this moment to sign an order; nothing where none does."""


def variants(signing: str) -> tuple[str, ...]:
    """The kinds of payer that may sign in this way, without a person of ours looking at it.

    A bank asks who holds an account; of a bankgiro number nobody does: a tick is too little for it.
    """
    kinds = MandateWording.Variant
    sure = (kinds.BANKGIRO,) if signing == "bankid" else ()
    return tuple(str(kind) for kind in (kinds.PERSON, kinds.ORGANISATION, *sure))


def chosen() -> Signer:
    """The signer that the house demands."""
    signer: Signer = import_string(settings.SIGNERS[settings.MANDATE_SIGNING])()
    return signer


def begin(asked: Asked) -> Progress:
    """Ask for the signature of a draft; it is kept when it comes at once."""
    signer = chosen()
    return _kept(signer.way, asked, signer.begin(asked))


def collect(asked: Asked, order: str) -> Progress:
    """Ask how it stands; it is kept when it has come."""
    signer = chosen()
    return _kept(signer.way, asked, signer.collect(asked, order))


def code(asked: Asked, order: str) -> str:
    """What a phone scans now, without asking how the order stands: it is another each second."""
    return chosen().code(asked, order)


def _kept(way: str, asked: Asked, progress: Progress) -> Progress:
    if progress.state == SIGNED:
        keep(way, asked, progress.evidence)
    return progress


def keep(way: str, asked: Asked, evidence: Mapping[str, object]) -> bool:
    """Record a signature with what was on the page. False when the mandate was signed before.

    Raises PledgeError when the mandate has come to an end.
    """
    signed = Signed(way, {**what_was_shown(asked), **evidence})
    return starting.sign(asked.mandate.pk, signed, by="donor")


def what_was_shown(asked: Asked) -> dict[str, object]:
    """What the payer agreed to, as it stood on the page, and where they sat."""
    pledge, text = asked.pledge, asked.mandate.wording
    shown: dict[str, object] = {
        "amount_ore": pledge.amount_ore,
        "interval_months": pledge.interval_months,
        "day": pledge.day,
        "first_on": pledge.starts_on.isoformat(),
        "address": asked.address,
        "agent": asked.agent[:200],
    }
    if text is not None:
        shown["text"] = f"{text.variant} {text.language} {text.version}"
        shown["text_sha256"] = wording.sha256(wording.filled(text, asked.mandate.entity))
    return shown
