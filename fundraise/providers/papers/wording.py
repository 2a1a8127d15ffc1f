"""The mandate's text, with only the payee's particulars filled in, as paragraphs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import MandateWording
from fundraise.providers import queries
from fundraise.providers.autogiro.numbers import shown_bankgiro

HEADING = "# "


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph."""

    text: str
    is_heading: bool = False


def current(variant: str, language: str, on: date) -> MandateWording | None:
    """The newest version that holds on a day."""
    wordings = MandateWording.objects.filter(variant=variant, language=language, valid_from__lte=on)
    return wordings.order_by(F("version").desc()).first()


def filled(wording: MandateWording, entity: LegalEntity) -> str:
    """The text as this payee's payers agree to it."""
    particulars = {
        "{payee}": entity.name,
        "{org_number}": entity.org_number,
        "{bankgiro}": bankgiro_shown(entity.pk),
        "{address}": entity.address or entity.email,
    }
    text = wording.text
    for mark, said in particulars.items():
        text = text.replace(mark, said)
    return text.strip()


def blocks(text: str) -> tuple[Block, ...]:
    """Headings and paragraphs, in their order."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return tuple(Block(part.removeprefix(HEADING), part.startswith(HEADING)) for part in parts)


def sha256(text: str) -> str:
    """The fingerprint of a text, to prove which one was agreed to."""
    return hashlib.sha256(text.encode()).hexdigest()


def bankgiro_shown(entity_id: int) -> str:
    """The bankgiro number that an entity draws to, as it is printed; empty without one."""
    digits = queries.bankgiro(entity_id)
    return shown_bankgiro(digits) if digits else ""
