"""Gifts that wait for their money, and gifts that staff entered and the bank must show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from fundraise import clock
from fundraise.gifts.models import Channel, Gift
from fundraise.reconciliation.matching.seen import Waiting
from fundraise.reconciliation.models import Match
from fundraise.refs import refs_of_short

BANK_CHANNELS = (Channel.BANK, Channel.SWISH_NUMBER)
WAITS_FOR = timedelta(days=400)  # a promise older than that is met by nobody's rule
ENTERED_WITHIN = timedelta(days=30)
MANUAL = "manual:"

# The gifts whose references begin as a code says: one look into the index of refs for each.
_CODED = """
  SELECT c.code, g.id, g.amount_ore, g.created_at, g.donor_id, g.campaign_id, g.entity_id
    FROM unnest(%s::text[], %s::uuid[], %s::uuid[]) AS c(code, low, high)
    JOIN gifts_gift g ON g.ref BETWEEN c.low AND c.high
   WHERE g.state IN ('pending', 'expired') AND g.channel IN ('', 'bank', 'swish_number')
     AND NOT EXISTS (SELECT 1 FROM reconciliation_match m
                      WHERE m.gift_id = g.id AND m.state = 'stands')"""


def of_codes(codes: Collection[str]) -> dict[str, tuple[Waiting, ...]]:
    """Waiting gifts by the message code that their giver was asked to write."""
    ranges = [(code, refs_of_short(code)) for code in codes]
    asked = [(code, *both) for code, both in ranges if both is not None]
    if not asked:
        return {}
    found = defaultdict[str, list[Waiting]](list)
    with connection.cursor() as cursor:
        cursor.execute(_CODED, [list(column) for column in zip(*asked, strict=True)])
        for code, pk, ore, at, donor, campaign, entity in cursor.fetchall():
            day = clock.local_date(at)
            found[code].append(Waiting(pk, ore, day, donor, campaign, entity))
    return {code: tuple(gifts) for code, gifts in found.items()}


# An empty reference is named so that the index of the others is known to suffice.
_PROVED = """
  SELECT g.provider_ref, g.id, g.amount_ore, g.received_at, g.donor_id, g.campaign_id, g.entity_id
    FROM gifts_gift g
   WHERE g.entity_id = %s AND g.provider_ref = ANY(%s) AND g.provider_ref <> ''
     AND g.state = 'received' AND g.origin = 'staff' AND g.refunded_ore = 0
     AND g.channel IN ('bank', 'swish_number')
     AND NOT EXISTS (SELECT 1 FROM reconciliation_match m
                      WHERE m.gift_id = g.id AND m.state = 'stands' AND m.kind = 'gift')
   ORDER BY g.id"""


def of_proofs(refs: Collection[str], entity_id: int) -> dict[str, tuple[Waiting, ...]]:
    """Gifts that staff entered with the bank's own reference as proof, and no line has shown."""
    if not refs:
        return {}
    found = defaultdict[str, list[Waiting]](list)
    with connection.cursor() as cursor:
        cursor.execute(_PROVED, [entity_id, [MANUAL + ref for ref in refs]])
        for ref, pk, ore, at, donor, campaign, entity in cursor.fetchall():
            day = clock.local_date(at)
            waiting = Waiting(pk, ore, day, donor, campaign, entity, by_hand=True)
            found[ref.removeprefix(MANUAL)].append(waiting)
    return {ref: tuple(gifts) for ref, gifts in found.items()}


def of_donors(donors: Collection[int], days: tuple[date, date]) -> dict[int, tuple[Waiting, ...]]:
    """What these donors have promised or brought to staff, and the bank has not shown."""
    first, last = days
    pending = _unmet().filter(
        state=Gift.State.PENDING,
        channel__in=["", *BANK_CHANNELS],
        attempts__session_id=None,
        created_at__gte=clock.now() - WAITS_FOR,
    )
    around = Q(
        received_at__date__gte=first - ENTERED_WITHIN, received_at__date__lte=last + ENTERED_WITHIN
    )
    found = defaultdict[int, list[Waiting]](list)
    for rows in (pending, _entered().filter(around)):
        for _ref, waiting in _told(rows.filter(donor_id__in=donors)):
            if waiting.donor_id is not None:
                found[waiting.donor_id].append(waiting)
    return {donor: tuple(gifts) for donor, gifts in found.items()}


def _unmet() -> QuerySet[Gift]:
    """Without an item of the bank's, also in a file that was looked at and is not booked yet."""
    stands = Match.objects.filter(gift=OuterRef("pk"), state=Match.State.STANDS, kind="gift")
    return Gift.objects.filter(~Exists(stands))


def _entered() -> QuerySet[Gift]:
    """By hand, and through the bank."""
    return _unmet().filter(
        state=Gift.State.RECEIVED,
        origin="staff",
        channel__in=BANK_CHANNELS,
        refunded_ore=0,
    )


def _told(rows: QuerySet[Gift]) -> Iterable[tuple[str, Waiting]]:
    values: Iterable[tuple[Any, ...]] = rows.order_by("pk").values_list(
        "provider_ref", "pk", "amount_ore", "created_at", "received_at", "donor_id",
        "campaign_id", "entity_id",
    )  # fmt: skip
    for ref, pk, ore, made, seen, donor, campaign, entity in values:
        day = clock.local_date(seen or made)
        yield ref, Waiting(pk, ore, day, donor, campaign, entity, by_hand=seen is not None)
