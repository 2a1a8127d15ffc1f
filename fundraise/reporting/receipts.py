"""Issue a receipt for a received gift, once, and say what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mrml
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.gifts import locks
from fundraise.gifts.models import Gift
from fundraise.outbox import services as outbox
from fundraise.reporting import frozen, wording
from fundraise.reporting.models import Receipt

COLLECTION = "collection"  # a cash collection's gift (party/collecting.py)
_LAYOUT = Path(__file__).parent / "templates" / "reporting" / "receipt.mjml"


@dataclass(frozen=True)
class RenderedReceipt:
    """A receipt as mail. `repr` does not show the bodies, which name the giver."""

    subject: str
    html: str
    text: str

    def __repr__(self) -> str:
        return f"RenderedReceipt({self.subject!r})"


def request_receipt(gift_id: int) -> None:
    """Subscriber of GiftReceived: issue the gift's receipt unless it has one."""
    gift = Gift.objects.get(pk=gift_id)
    if gift.origin == COLLECTION:
        return  # many gave, and nobody asks for thanks
    if gift.state == Gift.State.RECEIVED and not Receipt.objects.filter(gift=gift).exists():
        issue(gift)


def issue(gift: Gift, *, mailed: bool = True) -> Receipt:
    """The receipt of a gift with the next number. A second one of the same gift is refused."""
    with transaction.atomic():
        year = clock.today().year
        receipt = Receipt.objects.create(
            gift=gift,
            entity_id=gift.entity_id,
            year=year,
            number=_next_number(gift.entity_id, year),
            language=gift.language if gift.language in {"sv", "en"} else "sv",
            issued_at=clock.now(),
            frozen=frozen.freeze(gift.entity, gift.campaign),
        )
        if mailed:
            outbox.write("ReceiptReady", receipt.pk)
    return receipt


def of_gift(gift_id: int, *, by: str) -> Receipt | None:
    """The receipt of a gift that somebody asks for: its own, or a new one that is not mailed.

    None for a gift without money, and for an imported one: its thanks were given where it came.
    """
    try:
        return _asked_for(gift_id, by)
    except IntegrityError:  # the gift's own receipt was a moment earlier
        return Receipt.objects.get(gift=gift_id)


@transaction.atomic
def _asked_for(gift_id: int, by: str) -> Receipt | None:
    gift = locks.gift_for_change(gift_id)
    found = Receipt.objects.filter(gift=gift).first()
    if found is not None or not may_have_one(gift):
        return found
    made = issue(gift, mailed=False)
    audit.log_change(
        by=by,
        action="receipt.issued",
        subject_type="gift",
        subject_ref=gift.ref,
        after={"receipt": str(made)},
    )
    return made


def may_have_one(gift: Gift) -> bool:
    """Whether a receipt can be asked for."""
    return gift.state == Gift.State.RECEIVED and gift.origin != "import"


def _next_number(entity_id: int, year: int) -> int:
    """The next number, its row locked until commit: a roll-back leaves no gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reporting_receiptcounter AS c (entity_id, year, last_number)"
            " VALUES (%s, %s, 1) ON CONFLICT (entity_id, year)"
            " DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number",
            [entity_id, year],
        )
        number: int = cursor.fetchone()[0]
    return number


def render(receipt: Receipt) -> RenderedReceipt:
    """The receipt in its giver's language, as HTML and as text with the same sentences."""
    with translation.override(receipt.language):
        words, link = wording.of(receipt), page_of(receipt)
        more = {"language": receipt.language, "link": link, "button": wording.button()}
        html = _layout().render(Context({**vars(words), **more}, autoescape=True))
        return RenderedReceipt(words.subject, html, words.as_text(link))


def page_of(receipt: Receipt) -> str:
    """Where its giver sees it and makes the PDF. A GET: whoever opens it must log in first."""
    path = reverse(f"give:receipt_{receipt.language}", args=[receipt.ref])
    return f"{settings.BASE_URL}{path}"


@cache
def _layout() -> Template:
    # Compiled before anything is filled in: what a giver typed is never read as MJML.
    return Template(mrml.to_html(_LAYOUT.read_text(encoding="utf-8")).content)
