"""Sending refunds: at most once each, also when the answer is lost.

For 23 hours the same key is sent again; after that the provider's refunds of the gift are looked
through for our ref, and only when none has it is the key sent anew.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from fundraise import clock, seal
from fundraise.gifts import refunds
from fundraise.gifts.models import Gift, Refund
from fundraise.providers import settle
from fundraise.providers.base import ByHand, ProviderError, RefundRequest, provider_of
from fundraise.providers.by_hand import BACK_BY_HAND
from fundraise.providers.facts import RefundFact
from fundraise.providers.models import Account, Attempt, KeptCard

log = structlog.get_logger(__name__)

SENT_BUT_UNSEEN_AFTER = timedelta(minutes=10)


def send_refund(refund_id: int) -> None:
    """Send a queued refund and book what comes back; one by hand waits for staff to enter it.

    A lost answer raises UnknownOutcome, to be tried again.
    """
    refund = Refund.objects.select_related("gift").get(pk=refund_id)
    if refund.state != Refund.State.QUEUED:
        return
    account = account_of(refund.gift)
    seal.check()
    try:
        if account is None:
            raise ByHand
        facts = provider_of(account).refund(account, _request(refund))
    except ByHand:
        refunds.note_sent(refund.pk, None)
        return
    except ProviderError as error:
        if not error.permanent:
            raise
        log.warning("refund_refused", refund=refund.pk, code=error.code)
        refunds.note_refused_by_provider(refund.pk, error.code)
        return
    for fact in facts:
        if isinstance(fact, RefundFact):
            refunds.note_sent(refund.pk, fact.ref)
    settle.apply(account, facts)


def _request(refund: Refund) -> RefundRequest:
    return RefundRequest(
        key=refund.idempotency_key,
        refund_ref=refund.ref,
        gift_ref=refund.gift.ref,
        charge_ref=refund.gift.provider_ref,
        amount_ore=refund.amount_ore,
        asked_at=refund.created_at,
    )


def account_of(gift: Gift) -> Account | None:
    """The account that the gift's money came through; None where no provider sends it back."""
    if gift.channel in BACK_BY_HAND:  # also where the giver began at a provider and paid otherwise
        return Account.objects.filter(entity_id=gift.entity_id, provider="manual").first()
    tries = Attempt.objects.filter(gift=gift).select_related("account").order_by("-number")
    # A later try may have another account, and be no more than begun: the money came by the paid.
    attempt = tries.filter(state=Attempt.State.PAID).first() or tries.first()
    if attempt is not None:
        return attempt.account
    kept = KeptCard.objects.filter(mandate__collections__gift=gift).select_related("account")
    if (card := kept.first()) is not None:
        return card.account
    return Account.objects.filter(entity_id=gift.entity_id, provider="stripe").first()


def waiting() -> list[int]:
    """Queued refunds that the outbox should have sent by now."""
    before = clock.now() - SENT_BUT_UNSEEN_AFTER
    rows = Refund.objects.filter(state=Refund.State.QUEUED, created_at__lt=before)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:200])
