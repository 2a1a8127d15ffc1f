"""A month given another way: a gift by card or Swish in the place of a draw that did not come.

The gift is a gift of its own, and a month that was missed stays missed. When the gift's money is
seen, the new try that waits is left out, so that nobody pays a month twice.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.pledges import locks, states
from fundraise.pledges.models import Instalment, Instead, PledgeChange
from fundraise.pledges.services import changing, ending, moving

REASON = "instead"
State = Instalment.State


def tie(instalment_ref: UUID, gift_ref: UUID) -> bool:
    """A gift was begun in the place of a month's draw. False when it was tied before.

    A gift of another legal entity, or one that belongs to a draw, is never tied.
    """
    with transaction.atomic():
        found = Instalment.objects.filter(ref=instalment_ref).values_list("pk", flat=True).first()
        if found is None:
            return False
        instalment = locks.instalment_for_change(found)
        gift = Gift.objects.get(ref=gift_ref)
        if gift.origin == "pledge" or gift.entity_id != instalment.pledge.entity_id:
            return False
        _tied, is_new = Instead.objects.get_or_create(
            gift=gift, defaults={"instalment": instalment, "created_at": clock.now()}
        )
        if is_new and gift.state == Gift.State.RECEIVED:  # the money was quicker than we
            settle(gift.pk)
    return is_new


def settle(gift_id: int) -> bool:
    """The money of a gift has been seen: the new try that waits for its month is left out.

    False when the gift stands for no month, or nothing waits any more. What is past the cut-off is
    drawn all the same; it counts as a gift of its own.
    """
    tied = Instead.objects.filter(gift_id=gift_id).values_list("instalment_id", flat=True).first()
    if tied is None:
        return False
    with transaction.atomic():
        row = locks.instalment_for_change(tied)
        if not row.retried or row.state not in {State.PLANNED, State.COLLECTING}:
            return False
        if not _leave_out(row):
            return False
        changing.keep(
            row.pledge,
            PledgeChange.Kind.SKIP,
            changing.wish(channel="gift"),
            {},
            {"period": row.period.isoformat(), REASON: True},
        )
    return True


def _leave_out(row: Instalment) -> bool:
    if row.state == State.PLANNED:
        return moving.instalment(row, "skipped", by="donor", reason=REASON)
    out = row.collections.filter(state__in=states.OPEN_COLLECTION)
    draws = out.exclude(cancel_for__in=["stop", REASON]).select_related(
        "instalment__pledge", "mandate"
    )
    found = list(draws.select_for_update(of=("self",), no_key=True))
    recalled = ending.recall_draws(found, REASON, by="donor")
    return bool(recalled.stopped or recalled.cancelling)
