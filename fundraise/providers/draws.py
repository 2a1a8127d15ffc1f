"""What a provider's facts mean for a draw on a saved card: money, no, or its owner is asked.

Called by settle.py alone; every fact may come twice, late or in any order.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Gift
from fundraise.outbox import services as outbox
from fundraise.pledges.models import Collection
from fundraise.pledges.services import ending, outcomes
from fundraise.pledges.services.outcomes import Failure, PaidSeen
from fundraise.providers import balance
from fundraise.providers.facts import DrawSeen, MoneySeen
from fundraise.providers.models import Account

LONGEST_CODE = 30


def money(account: Account, fact: MoneySeen, movement: Movement, event_id: str) -> None:
    """A draw was paid: its gift is made, once. A second charge for it waits in suspense."""
    draw = _draw(account, fact.collection_ref) if fact.collection_ref else None
    if draw is None:
        balance.book_unknown_money(account, fact, paid_twice=False)
        return
    known = Gift.objects.filter(entity_id=account.entity_id, provider_ref=fact.ref)
    if not known.exists():
        outcomes.paid(
            PaidSeen(
                collection_id=draw.pk,
                amount_ore=fact.amount_ore,
                at=fact.at,
                provider_ref=fact.ref,
                channel=fact.channel,
                movement=movement,
                event_id=event_id,
                card_country=fact.card_country,
            )
        )
    gift_id = known.values_list("pk", flat=True).first()
    if gift_id is None:  # the draw has other money already
        balance.book_unknown_money(account, fact, paid_twice=True)
    elif fact.line is not None:
        balance.record_gift_line(account, gift_id, fact.line)


def _draw(account: Account, ref: UUID) -> Collection | None:
    draws = Collection.objects.filter(instalment__pledge__entity_id=account.entity_id)
    return draws.select_related("instalment__pledge").filter(ref=ref).first()


def no_money(account: Account, fact: DrawSeen, event_id: str) -> None:
    """A draw failed. What follows is the pledge's rule; its owner is asked where that helps."""
    draw = _draw(account, fact.collection_ref)
    if draw is None or fact.state == "open":
        return
    code = (fact.code or "declined")[:LONGEST_CODE]
    soft = fact.kind == "soft"
    failure = Failure(code, may_retry=soft, halts=fact.kind == "hard", event_id=event_id)
    pledge = draw.instalment.pledge
    with transaction.atomic():
        if not outcomes.failed(draw.pk, failure):
            return
        if fact.kind == "ask":
            outbox.write("CardActionNeeded", draw.pk)
        elif fact.kind == "revoked":  # the owner told the bank to stop: that is a stop
            ending.end(pledge.pk, reason="bank", by=f"system:{account.provider}", channel="bank")
