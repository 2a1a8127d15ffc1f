"""What mailings does when something has happened."""

from __future__ import annotations

import structlog

from fundraise.gifts import queries as gifts
from fundraise.reporting import receipts
from fundraise.reporting.models import Receipt
from mailings import transactional

log = structlog.get_logger(__name__)

RECEIPT = "receipt"


def send_receipt(receipt_id: int) -> None:
    """Subscriber of ReceiptReady: mail the receipt, when the giver left an address."""
    receipt = Receipt.objects.select_related("gift__campaign", "entity").get(pk=receipt_id)
    giver = gifts.giver_of(receipt.gift_id)
    if giver is None or not giver.email:
        log.info("receipt_without_address", receipt=receipt_id)
        return
    rendered = receipts.render(receipt)
    transactional.prepare(
        RECEIPT,
        str(receipt.ref),
        to=giver.email,
        language=receipt.language,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        reply_to=receipt.entity.email,
    )
