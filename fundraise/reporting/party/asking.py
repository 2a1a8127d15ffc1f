"""A giver who nears the anonymous limit is asked who they are, once a year and entity, in time."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.outbox import services as outbox
from fundraise.reporting.party import ruling, sums
from fundraise.reporting.party.models import IdentityAsk
from fundraise.reporting.party.rules import GiverYear

DONOR, KEY = "donor:", "key:"


def near(entity_id: int, year: int) -> list[GiverYear]:
    """Givers without an identity whose year is near the limit or above, and who can be asked."""
    limit = ruling.limits_of(entity_id, year).anonymous_ore
    return [
        row
        for row in sums.by_giver(entity_id, year)
        if not row.identified
        and row.giver.startswith((DONOR, KEY))
        and row.ore * 100 >= limit * settings.PARTY_NEAR_PERCENT
    ]


def ask(entity_id: int, year: int) -> int:
    """Ask those who were not asked yet, and note whose identity has come. Returns how many."""
    rows = near(entity_id, year)
    asked = sum(_ask(entity_id, year, row) for row in rows)
    open_ = IdentityAsk.objects.filter(entity_id=entity_id, year=year, answered_at=None)
    open_.exclude(giver__in=[row.giver for row in rows]).update(answered_at=clock.now())
    return asked


@transaction.atomic
def _ask(entity_id: int, year: int, row: GiverYear) -> bool:
    gift = _gifts_of(entity_id, row.giver).order_by("-received_at", "-pk").first()
    if gift is None:
        return False  # nothing but gifts in kind: whoever entered them knows the giver
    made, is_new = IdentityAsk.objects.get_or_create(
        entity_id=entity_id,
        year=year,
        giver=row.giver,
        defaults={
            "donor_id": gift.donor_id,
            "gift": gift,
            "sum_ore": row.ore,
            "asked_at": clock.now(),
        },
    )
    if is_new:
        outbox.write("IdentityNeeded", made.pk)
    elif made.answered_at is not None:  # what was told then is gone, or the giver was untied
        IdentityAsk.objects.filter(pk=made.pk).update(answered_at=None)
    return is_new


def _gifts_of(entity_id: int, giver: str) -> QuerySet[Gift]:
    received = Gift.objects.filter(entity_id=entity_id, state=Gift.State.RECEIVED)
    if giver.startswith(DONOR):
        return received.filter(donor_id=int(giver.removeprefix(DONOR)))
    key = bytes.fromhex(giver.removeprefix(KEY))
    return received.filter(donor=None, giver_key=key)
